// The ID payload (RFC 3830 §6.7): who the initiator or the responder is.
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/payload_type.hpp"

#include <cstdint>
#include <string_view>

namespace sipvet::mikey {

enum class IdType : std::uint8_t { nai = 0, uri = 1, byte_string = 2 }; // the last by RFC 6043 §6.6

struct Id {
  static constexpr PayloadType type = PayloadType::id;
  IdType id_type = IdType::uri;
  Bytes data; // at most 65535 octets
  bool operator==(const Id&) const = default;
};

inline Id uri_id(std::string_view uri) { return {IdType::uri, to_bytes(uri)}; }

Result<Id> parse_id(Reader& reader);
void write(Writer& writer, const Id& id);

} // namespace sipvet::mikey
