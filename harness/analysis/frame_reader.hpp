// Reads captures as one, frame by frame in the order of their times.
#pragma once

#include "analysis/frame_sink.hpp"
#include "analysis/inspect.hpp"
#include "analysis/report.hpp"
#include "io/capture_file.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::analysis {

// A capture that is being read, and the frame of it that comes next.
struct CaptureSource {
  std::unique_ptr<io::CaptureReader> reader;
  std::string name;
  std::size_t first_frame = 1;
  std::size_t secrets_taken = 0;
  std::optional<io::CapturedFrame> frame = {};
};

// Of the report it touches `files` and `packets` only.
class FrameReader {
 public:
  FrameReader(Report& report, const Options& options) : report_(report), options_(options) {}

  void read(std::vector<CaptureSource> sources, FrameSink& to);

 private:
  void advance(CaptureSource& source, std::size_t file, FrameSink& to);

  Report& report_;
  const Options& options_;
};

} // namespace sipvet::analysis
