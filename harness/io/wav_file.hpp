// Writes WAV files, and reads them back: 16-bit linear samples, one channel, placed wherever they belong;
// what is never written is silence.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sipvet::io {

inline constexpr std::size_t wav_header_octets = 44;
// The RIFF header (Microsoft's and IBM's Multimedia Programming Interface, 1991) of that many samples.
Bytes wav_header(std::uint32_t samples, std::uint32_t sample_rate_hz);

// The file is open only while a call runs, so that any number of them can be in the making.
class WavFile {
 public:
  // Replaces a file of that name.
  static Result<WavFile> create(std::string path, std::uint32_t sample_rate_hz);
  // At this place from the start of the file, in samples. Beyond the size that a WAV file can say (2^31
  // octets) it fails.
  Result<void> write(std::uint64_t at, std::span<const std::int16_t> samples);
  // Makes the header right.
  Result<void> finish();
  const std::string& path() const { return path_; }
  std::uint64_t samples() const { return samples_; }

 private:
  WavFile(std::string path, std::uint32_t rate) : path_(std::move(path)), sample_rate_hz_(rate) {}
  std::string path_;
  std::uint32_t sample_rate_hz_;
  std::uint64_t samples_ = 0; // from the start to the last one written
};

// The samples of a file as WavFile writes it: 16-bit linear, one channel, of that rate.
Result<std::vector<std::int16_t>> read_wav(const std::string& path, std::uint32_t sample_rate_hz);

} // namespace sipvet::io
