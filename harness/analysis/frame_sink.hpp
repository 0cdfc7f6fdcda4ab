// What the reader of capture files hands to the reader of packets, in the order of the capture.
#pragma once

#include "base/result.hpp"
#include "io/capture_file.hpp"

#include <cstddef>
#include <string>

namespace sipvet::analysis {

class FrameSink {
 public:
  virtual ~FrameSink() = default;
  // Numbered within all files; keeps its octets.
  virtual void on_frame(io::CapturedFrame frame) = 0;
  // A line of a TLS key log that stands in a capture.
  virtual void on_secret_line(std::string line) = 0;
  // `file` is an index into Report::files, and cannot be read beyond `last_frame`.
  virtual void on_unreadable(std::size_t file, std::size_t last_frame, Error error) = 0;
};

} // namespace sipvet::analysis
