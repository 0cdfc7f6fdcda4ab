// The one checked reader of binary input: no parser does index arithmetic of its own.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipvet {

// Reads from front to back. A read that would pass the end fails, names the field and the offset, and moves
// nothing. Offsets are counted from the start of the outermost reader, also in readers made by sub() and
// sub_prefixed*().
class Reader {
 public:
  explicit Reader(ByteView input, std::size_t base_offset = 0) : input_(input), base_(base_offset) {}

  // Big-endian (network order). Here in the header, since every packet of a capture is read through them.
  Result<std::uint8_t> u8(std::string_view field) { return big_endian<std::uint8_t, 1>(field); }
  Result<std::uint16_t> u16(std::string_view field) { return big_endian<std::uint16_t, 2>(field); }
  Result<std::uint32_t> u24(std::string_view field) { return big_endian<std::uint32_t, 3>(field); }
  Result<std::uint32_t> u32(std::string_view field) { return big_endian<std::uint32_t, 4>(field); }
  Result<std::uint64_t> u48(std::string_view field) { return big_endian<std::uint64_t, 6>(field); }
  Result<std::uint64_t> u64(std::string_view field) { return big_endian<std::uint64_t, 8>(field); }

  Result<ByteView> bytes(std::size_t count, std::string_view field) {
    if (count > remaining()) [[unlikely]]
      return missing(count, field);
    const ByteView out = input_.subspan(at_, count);
    at_ += count;
    return out;
  }
  Result<void> skip(std::size_t count, std::string_view field) {
    if (count > remaining()) [[unlikely]]
      return missing(count, field);
    at_ += count;
    return {};
  }
  // Everything that is left.
  ByteView rest();

  // A reader of the next `count` octets, or of as many as an 8, 16 or 24-bit length in front of them says.
  Result<Reader> sub(std::size_t count, std::string_view field) {
    if (count > remaining()) [[unlikely]]
      return missing(count, field);
    const Reader out(input_.subspan(at_, count), offset());
    at_ += count;
    return out;
  }
  Result<Reader> sub_prefixed8(std::string_view field);
  Result<Reader> sub_prefixed16(std::string_view field);
  Result<Reader> sub_prefixed24(std::string_view field);

  // Fails when input is left: for structures that must be used up.
  Result<void> expect_end(std::string_view structure) const;

  bool empty() const { return at_ == input_.size(); }
  std::size_t remaining() const { return input_.size() - at_; }
  // Octets from the start of the outermost input.
  std::size_t offset() const { return base_ + at_; }

 private:
  template <typename Number, std::size_t count>
  Result<Number> big_endian(std::string_view field) {
    if (count > remaining()) [[unlikely]]
      return missing(count, field);
    std::uint64_t value = 0;
    for (const std::uint8_t octet : input_.subspan(at_).template first<count>()) value = value << 8 | octet;
    at_ += count;
    return static_cast<Number>(value);
  }
  Error missing(std::size_t count, std::string_view field) const;

  ByteView input_;
  std::size_t base_ = 0;
  std::size_t at_ = 0;
};

} // namespace sipvet
