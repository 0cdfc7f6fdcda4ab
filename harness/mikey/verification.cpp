#include "mikey/verification.hpp"

#include "mikey/mac_field.hpp"

namespace sipvet::mikey {

Result<Verification> parse_verification(Reader& reader) {
  SIPVET_TRY(MacField field, parse_mac_field(reader, "V"));
  return Verification{field.algorithm, std::move(field.mac)};
}

void write(Writer& writer, const Verification& verification) {
  writer.u8(static_cast<std::uint8_t>(verification.mac_algorithm)).bytes(verification.mac);
}

} // namespace sipvet::mikey
