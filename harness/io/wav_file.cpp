#include "io/wav_file.hpp"

#include "base/reader.hpp"
#include "io/posix_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace sipvet::io {

namespace {

constexpr std::uint32_t sample_octets = 2;
constexpr std::uint64_t max_samples = (std::uint64_t{1} << 31) / sample_octets - wav_header_octets;

void put(Bytes& out, std::uint32_t value, std::size_t octets) { // RIFF is little-endian
  for (std::size_t i = 0; i < octets; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

Error failed(const std::string& path) { return fail("cannot write " + path + ": " + std::strerror(errno)); }

Result<void> write_at(const Fd& file, const std::string& path, ByteView octets, std::uint64_t offset) {
  while (!octets.empty()) {
    const ssize_t done = ::pwrite(file.get(), octets.data(), octets.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return failed(path);
    octets = octets.subspan(static_cast<std::size_t>(done));
    offset += static_cast<std::uint64_t>(done);
  }
  return {};
}

Result<Fd> open_for_writing(const std::string& path, int more) {
  Fd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | more, 0644));
  if (!file) return failed(path);
  return file;
}

} // namespace

Bytes wav_header(std::uint32_t samples, std::uint32_t sample_rate_hz) {
  constexpr std::uint32_t linear_pcm = 1, channels = 1, format_octets = 16;
  const std::uint32_t data_octets = samples * sample_octets;
  Bytes out;
  append(out, as_bytes("RIFF"));
  put(out, data_octets + static_cast<std::uint32_t>(wav_header_octets) - 8, 4);
  append(out, as_bytes("WAVEfmt "));
  put(out, format_octets, 4);
  put(out, linear_pcm, 2);
  put(out, channels, 2);
  put(out, sample_rate_hz, 4);
  put(out, sample_rate_hz * sample_octets, 4); // octets a second
  put(out, sample_octets, 2);                  // octets of one sample of all channels
  put(out, 8 * sample_octets, 2);
  append(out, as_bytes("data"));
  put(out, data_octets, 4);
  return out;
}

Result<WavFile> WavFile::create(std::string path, std::uint32_t sample_rate_hz) {
  SIPVET_TRY(const auto file, open_for_writing(path, O_CREAT | O_TRUNC));
  SIPVET_CHECK(write_at(file, path, wav_header(0, sample_rate_hz), 0));
  return WavFile(std::move(path), sample_rate_hz);
}

Result<void> WavFile::write(std::uint64_t at, std::span<const std::int16_t> samples) {
  if (at > max_samples || samples.size() > max_samples - at)
    return fail("expected at most 2^31 octets of audio in " + path_);
  SIPVET_TRY(const auto file, open_for_writing(path_, 0));
  Bytes octets;
  octets.reserve(samples.size() * sample_octets);
  for (const auto sample : samples) put(octets, static_cast<std::uint16_t>(sample), sample_octets);
  SIPVET_CHECK(write_at(file, path_, octets, wav_header_octets + at * sample_octets));
  samples_ = std::max(samples_, at + samples.size());
  return {};
}

Result<void> WavFile::finish() {
  SIPVET_TRY(const auto file, open_for_writing(path_, 0));
  return write_at(file, path_, wav_header(static_cast<std::uint32_t>(samples_), sample_rate_hz_), 0);
}

Result<std::vector<std::int16_t>> read_wav(const std::string& path, std::uint32_t sample_rate_hz) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail("cannot read " + path);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  Reader reader(as_bytes(text));
  SIPVET_TRY(const ByteView header, reader.bytes(wav_header_octets, "WAV header"));
  const ByteView data = reader.rest();
  const std::size_t count = data.size() / sample_octets;
  const Bytes expected = wav_header(static_cast<std::uint32_t>(count), sample_rate_hz);
  if (!std::ranges::equal(header, expected) || data.size() % sample_octets != 0)
    return fail("expected the header of " + std::to_string(count) + " samples of 16 bits at " +
                std::to_string(sample_rate_hz) + " Hz in " + path);
  std::vector<std::int16_t> samples;
  samples.reserve(count);
  Reader octets(data);
  while (octets.remaining() > 0) {
    SIPVET_TRY(const std::uint16_t swapped, octets.u16("sample")); // little-endian in the file
    samples.push_back(static_cast<std::int16_t>(swapped >> 8 | swapped << 8));
  }
  return samples;
}

} // namespace sipvet::io
