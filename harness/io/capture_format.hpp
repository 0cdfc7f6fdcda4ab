// What the readers of pcap and pcapng have in common.
#pragma once

#include "base/reader.hpp"
#include "io/byte_source.hpp"
#include "io/capture_file.hpp"

#include <memory>
#include <optional>

namespace sipvet::io {

// The largest snap length that libpcap writes (MAXIMUM_SNAPLEN); a larger frame means that the file is
// damaged.
inline constexpr std::uint32_t max_frame_octets = 262'144;

class CaptureFormat {
 public:
  virtual ~CaptureFormat() = default;
  virtual Result<std::optional<CapturedFrame>> next() = 0;
  virtual std::uint64_t offset() const = 0;
  std::vector<std::string> keylog_lines;
};

// Multi-octet fields are in the byte order of the host that wrote the file.
class FieldReader {
 public:
  FieldReader(ByteView octets, bool little_endian, std::uint64_t file_offset)
      : reader_(octets, file_offset), little_endian_(little_endian) {}
  Result<std::uint8_t> u8(std::string_view field) { return reader_.u8(field); }
  Result<std::uint16_t> u16(std::string_view field);
  Result<std::uint32_t> u32(std::string_view field);
  Result<std::uint64_t> u64(std::string_view field);
  Result<ByteView> bytes(std::size_t count, std::string_view field) { return reader_.bytes(count, field); }
  // Content, and the padding to a multiple of four octets behind it where there is some.
  Result<ByteView> padded(std::size_t count, std::string_view field);
  std::size_t remaining() const { return reader_.remaining(); }
  std::size_t offset() const { return reader_.offset(); }

 private:
  Reader reader_;
  bool little_endian_;
};

// `source` stands at the start of the file, whose first octets were recognised.
bool looks_like_pcap(ByteView start);
bool looks_like_pcapng(ByteView start);
Result<std::unique_ptr<CaptureFormat>> open_pcap(ByteSource source);
Result<std::unique_ptr<CaptureFormat>> open_pcapng(ByteSource source);

} // namespace sipvet::io
