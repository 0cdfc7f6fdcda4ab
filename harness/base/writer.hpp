// The one writer of binary output; length prefixes are filled in when their scope ends.
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <cstdint>

namespace sipvet {

class Writer {
 public:
  // Big-endian (network order).
  Writer& u8(std::uint8_t value) { return big_endian(value, 1); }
  Writer& u16(std::uint16_t value) { return big_endian(value, 2); }
  Writer& u24(std::uint32_t value) { return big_endian(value, 3); }
  Writer& u32(std::uint32_t value) { return big_endian(value, 4); }
  Writer& u48(std::uint64_t value) { return big_endian(value, 6); }
  Writer& u64(std::uint64_t value) { return big_endian(value, 8); }
  Writer& bytes(ByteView octets);
  Writer& zeros(std::size_t count);

  // Reserves a length field of `width` octets now and fills it, when the returned object ends, with the
  // number of octets written since. A longer content than the field can say is cut off from the length only:
  // tests of over-long messages want exactly that; honest callers keep within their limits.
  class Prefix {
   public:
    Prefix(Writer& writer, std::size_t width);
    ~Prefix();
    Prefix(const Prefix&) = delete;
    Prefix& operator=(const Prefix&) = delete;

   private:
    Writer& writer_;
    std::size_t width_;
    std::size_t at_;
  };
  [[nodiscard]] Prefix prefixed8() { return Prefix(*this, 1); }
  [[nodiscard]] Prefix prefixed16() { return Prefix(*this, 2); }
  [[nodiscard]] Prefix prefixed24() { return Prefix(*this, 3); }

  std::size_t size() const { return out_.size(); }
  const Bytes& view() const { return out_; }
  Bytes take() { return std::move(out_); }

 private:
  Writer& big_endian(std::uint64_t value, std::size_t count);

  Bytes out_;
};

} // namespace sipvet
