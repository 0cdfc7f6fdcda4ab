#include "mikey/sign.hpp"

namespace sipvet::mikey {

namespace {
constexpr unsigned type_shift = 12;
constexpr std::uint16_t length_mask = 0x0FFF;
} // namespace

Result<Sign> parse_sign(Reader& reader) {
  SIPVET_TRY(const std::uint16_t word, reader.u16("signature type and length"));
  SIPVET_TRY(const ByteView signature, reader.bytes(word & length_mask, "signature"));
  return Sign{static_cast<SignatureType>(word >> type_shift), to_bytes(signature)};
}

void write(Writer& writer, const Sign& sign) {
  const unsigned word =
      static_cast<unsigned>(sign.signature_type) << type_shift | (sign.signature.size() & length_mask);
  writer.u16(static_cast<std::uint16_t>(word)).bytes(sign.signature);
}

} // namespace sipvet::mikey
