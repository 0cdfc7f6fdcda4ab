#include "base/reader.hpp"

#include <fmt/format.h>

namespace sipvet {

Result<ByteView> Reader::bytes(std::size_t count, std::string_view field) {
  if (count > remaining())
    return fail(fmt::format("{} needs {} octets, only {} are left", field, count, remaining()), offset());
  const ByteView out = input_.subspan(at_, count);
  at_ += count;
  return out;
}

Result<std::uint64_t> Reader::big_endian(std::size_t count, std::string_view field) {
  if (count > remaining()) return bytes(count, field).error();
  std::uint64_t value = 0;
  for (const std::uint8_t octet : input_.subspan(at_, count)) value = value << 8 | octet;
  at_ += count;
  return value;
}

Result<std::uint8_t> Reader::u8(std::string_view field) {
  SIPVET_TRY(const std::uint64_t value, big_endian(1, field));
  return static_cast<std::uint8_t>(value);
}

Result<std::uint16_t> Reader::u16(std::string_view field) {
  SIPVET_TRY(const std::uint64_t value, big_endian(2, field));
  return static_cast<std::uint16_t>(value);
}

Result<std::uint32_t> Reader::u24(std::string_view field) {
  SIPVET_TRY(const std::uint64_t value, big_endian(3, field));
  return static_cast<std::uint32_t>(value);
}

Result<std::uint32_t> Reader::u32(std::string_view field) {
  SIPVET_TRY(const std::uint64_t value, big_endian(4, field));
  return static_cast<std::uint32_t>(value);
}

Result<std::uint64_t> Reader::u48(std::string_view field) { return big_endian(6, field); }
Result<std::uint64_t> Reader::u64(std::string_view field) { return big_endian(8, field); }

Result<void> Reader::skip(std::size_t count, std::string_view field) {
  SIPVET_CHECK(bytes(count, field));
  return {};
}

ByteView Reader::rest() {
  const ByteView out = input_.subspan(at_);
  at_ = input_.size();
  return out;
}

Result<Reader> Reader::sub(std::size_t count, std::string_view field) {
  const std::size_t start = offset();
  SIPVET_TRY(const ByteView octets, bytes(count, field));
  return Reader(octets, start);
}

namespace {

// A length that cannot be followed leaves the reader where it was, so that callers may try another reading.
template <typename Length>
Result<Reader> prefixed(Reader& reader, Result<Length> (Reader::*length)(std::string_view),
                        std::string_view field) {
  Reader ahead = reader;
  SIPVET_TRY(const Length count, (ahead.*length)(field));
  SIPVET_TRY(Reader inner, ahead.sub(count, field));
  reader = ahead;
  return inner;
}

} // namespace

Result<Reader> Reader::sub_prefixed8(std::string_view field) { return prefixed(*this, &Reader::u8, field); }
Result<Reader> Reader::sub_prefixed16(std::string_view field) { return prefixed(*this, &Reader::u16, field); }
Result<Reader> Reader::sub_prefixed24(std::string_view field) { return prefixed(*this, &Reader::u24, field); }

Result<void> Reader::expect_end(std::string_view structure) const {
  if (empty()) return {};
  return fail(fmt::format("{} has {} octets too many", structure, remaining()), offset());
}

} // namespace sipvet
