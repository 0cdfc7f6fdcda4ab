// For which packets a key is meant: the key validity data of key data and DH payloads (RFC 3830 §6.14).
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"

#include <cstdint>
#include <variant>

namespace sipvet::mikey {

// No limits: type 0.
struct NoValidity {
  bool operator==(const NoValidity&) const = default;
};
// Type 1. For SRTP this is the MKI. At most 255 octets.
struct Spi {
  Bytes value;
  bool operator==(const Spi&) const = default;
};
// Type 2. For SRTP the packet indices from which and up to which the key is valid; at most 255 octets each.
struct Interval {
  Bytes from;
  Bytes to;
  bool operator==(const Interval&) const = default;
};

using KeyValidity = std::variant<NoValidity, Spi, Interval>;

// The four-bit type, which stands apart from the data.
inline std::uint8_t kv_type(const KeyValidity& validity) {
  return static_cast<std::uint8_t>(validity.index());
}
Result<KeyValidity> parse_key_validity(Reader& reader, std::uint8_t type);
void write(Writer& writer, const KeyValidity& validity);

} // namespace sipvet::mikey
