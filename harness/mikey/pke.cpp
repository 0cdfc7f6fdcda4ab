#include "mikey/pke.hpp"

namespace sipvet::mikey {

namespace {
constexpr unsigned cache_shift = 14;
constexpr std::uint16_t length_mask = 0x3FFF;
} // namespace

Result<Pke> parse_pke(Reader& reader) {
  SIPVET_TRY(const std::uint16_t word, reader.u16("PKE cache indicator and length"));
  SIPVET_TRY(const ByteView data, reader.bytes(word & length_mask, "PKE data"));
  return Pke{static_cast<EnvelopeCache>(word >> cache_shift), to_bytes(data)};
}

void write(Writer& writer, const Pke& pke) {
  const unsigned word = static_cast<unsigned>(pke.cache) << cache_shift | (pke.data.size() & length_mask);
  writer.u16(static_cast<std::uint16_t>(word)).bytes(pke.data);
}

} // namespace sipvet::mikey
