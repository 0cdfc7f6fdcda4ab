#include "mikey/kemac.hpp"

#include "mikey/mac_field.hpp"

namespace sipvet::mikey {

Result<Kemac> parse_kemac(Reader& reader) {
  Kemac out;
  SIPVET_TRY(const std::uint8_t encryption, reader.u8("KEMAC encryption algorithm"));
  SIPVET_TRY(Reader encrypted, reader.sub_prefixed16("KEMAC key data"));
  SIPVET_TRY(MacField field, parse_mac_field(reader, "KEMAC"));
  out.encryption = static_cast<Encryption>(encryption);
  out.encrypted = to_bytes(encrypted.rest());
  out.mac_algorithm = field.algorithm;
  out.mac = std::move(field.mac);
  return out;
}

void write(Writer& writer, const Kemac& kemac) {
  writer.u8(static_cast<std::uint8_t>(kemac.encryption));
  {
    auto length = writer.prefixed16();
    writer.bytes(kemac.encrypted);
  }
  writer.u8(static_cast<std::uint8_t>(kemac.mac_algorithm)).bytes(kemac.mac);
}

} // namespace sipvet::mikey
