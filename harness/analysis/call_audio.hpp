// Writes what each side of a G.711 call said into a WAV file of its own.
#pragma once

#include "analysis/plain_sink.hpp"
#include "io/wav_file.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace sipvet::analysis {

class CallAudio final : public PlainSink {
 public:
  // `folder` is there already. Files are named by Call-ID, sender and SSRC.
  explicit CallAudio(std::string folder) : folder_(std::move(folder)) {}

  void on_rtp(const MediaStream& stream, ByteView packet, frames::Captured at,
              std::optional<rtp::Law> law) override;
  // Writes what is left; the first error of any write, or the paths of the files.
  Result<std::vector<std::string>> close();

 private:
  struct Track {
    io::WavFile file;
    std::uint32_t first_timestamp = 0;
    std::int64_t last = 0; // place of the latest packet, in samples from the first
    std::int64_t start_of_pending = 0;
    std::vector<std::int16_t> pending; // in a row
  };
  Track* track_of(const MediaStream& stream, std::uint32_t timestamp);
  void flush(Track& track);
  void note(const Result<void>& result);

  std::string folder_;
  std::map<std::tuple<Endpoint, Endpoint, std::uint32_t>, Track> tracks_;
  std::optional<Error> failed_;
  std::size_t made_ = 0;
};

} // namespace sipvet::analysis
