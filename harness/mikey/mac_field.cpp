#include "mikey/mac_field.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

Result<MacField> parse_mac_field(Reader& reader, std::string_view payload) {
  MacField out;
  const std::size_t at = reader.offset();
  SIPVET_TRY(const std::uint8_t algorithm, reader.u8(fmt::format("{} MAC algorithm", payload)));
  out.algorithm = static_cast<Mac>(algorithm);
  const auto info = find(out.algorithm);
  if (!info)
    return fail(fmt::format("{} MAC algorithm {} is unknown, expected 0 (NULL), 1 (HMAC-SHA-1-160) or "
                            "2 (HMAC-SHA-256-256)",
                            payload, algorithm),
                at);
  SIPVET_TRY(const ByteView mac, reader.bytes(info->mac_octets, fmt::format("{} MAC", payload)));
  out.mac = to_bytes(mac);
  return out;
}

} // namespace sipvet::mikey
