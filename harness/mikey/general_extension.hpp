// The general extension payload (RFC 3830 §6.15): vendor data, the list of offered protocols, key
// identifiers.
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/payload_type.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sipvet::mikey {

// Key IDs are those of RFC 4563 §4. Other numbers are kept as they came.
enum class ExtensionType : std::uint8_t { vendor_id = 0, sdp_ids = 1, key_id = 3 };

struct GeneralExtension {
  static constexpr PayloadType type = PayloadType::general_extension;
  ExtensionType extension = ExtensionType::vendor_id;
  Bytes data; // at most 65535 octets
  bool operator==(const GeneralExtension&) const = default;
};

Result<GeneralExtension> parse_general_extension(Reader& reader);
void write(Writer& writer, const GeneralExtension& extension);

// The key management protocols that the offer names, with semicolons between them (RFC 4567 §4.1.4).
GeneralExtension sdp_ids(const std::vector<std::string>& protocols);

} // namespace sipvet::mikey
