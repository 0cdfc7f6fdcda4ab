#include "io/capture_file.hpp"

#include "base/hex.hpp"
#include "io/capture_format.hpp"

#include <algorithm>

namespace sipvet::io {

namespace {

template <typename Value>
Value swap_octets(Value value) {
  Value swapped = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) {
    swapped = static_cast<Value>(swapped << 8 | (value & 0xFF));
    value = static_cast<Value>(value >> 8);
  }
  return swapped;
}

template <typename Value>
Result<Value> in_order(Result<Value> big_endian, bool little_endian) {
  if (big_endian && little_endian) return swap_octets(*big_endian);
  return big_endian;
}

Error not_a_capture(ByteView start) {
  if (start.empty()) return fail("the file is empty, not a capture", 0);
  return fail("not a capture: expected pcap or pcapng, the file begins with " + to_hex(start), 0);
}

Result<std::unique_ptr<CaptureFormat>> open_format(ByteSource source) {
  SIPVET_CHECK(source.decompress());
  SIPVET_TRY(const ByteView start, source.peek(12));
  if (looks_like_pcap(start)) return open_pcap(std::move(source));
  if (looks_like_pcapng(start)) return open_pcapng(std::move(source));
  return not_a_capture(start);
}

} // namespace

Result<std::uint16_t> FieldReader::u16(std::string_view field) {
  return in_order(reader_.u16(field), little_endian_);
}
Result<std::uint32_t> FieldReader::u32(std::string_view field) {
  return in_order(reader_.u32(field), little_endian_);
}
Result<std::uint64_t> FieldReader::u64(std::string_view field) {
  return in_order(reader_.u64(field), little_endian_);
}

Result<ByteView> FieldReader::padded(std::size_t count, std::string_view field) {
  SIPVET_TRY(const ByteView content, reader_.bytes(count, field));
  const std::size_t padding = (4 - count % 4) % 4;
  SIPVET_CHECK(reader_.skip(std::min(padding, reader_.remaining()), field));
  return content;
}

struct CaptureReader::State {
  explicit State(std::unique_ptr<CaptureFormat> opened) : format(std::move(opened)) {}
  std::unique_ptr<CaptureFormat> format;
  std::uint64_t frames = 0;
  std::optional<Error> failed;
};

CaptureReader::CaptureReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
CaptureReader::~CaptureReader() = default;

Result<std::unique_ptr<CaptureReader>> CaptureReader::open(const std::string& path) {
  SIPVET_TRY(ByteSource source, ByteSource::open(path));
  auto format = open_format(std::move(source));
  if (!format) return Error{path + ": " + format.error().what, format.error().offset};
  return std::unique_ptr<CaptureReader>(new CaptureReader(std::make_unique<State>(std::move(*format))));
}

Result<std::unique_ptr<CaptureReader>> CaptureReader::open(ByteView octets) {
  SIPVET_TRY(auto format, open_format(ByteSource(octets)));
  return std::unique_ptr<CaptureReader>(new CaptureReader(std::make_unique<State>(std::move(format))));
}

Result<std::optional<CapturedFrame>> CaptureReader::next() {
  if (state_->failed) return *state_->failed;
  auto frame = state_->format->next();
  if (!frame) {
    Error error = frame.error();
    error.what = "frame " + std::to_string(state_->frames + 1) + " cannot be read: " + error.what;
    state_->failed = error;
    return error;
  }
  if (*frame) (*frame)->number = ++state_->frames;
  return frame;
}

std::uint64_t CaptureReader::offset() const { return state_->format->offset(); }

const std::vector<std::string>& CaptureReader::keylog_lines() const { return state_->format->keylog_lines; }

} // namespace sipvet::io
