// The Diffie-Hellman payload (RFC 3830 §6.4): a public value of one of three groups, with key validity.
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/key_validity.hpp"
#include "mikey/payload_type.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace sipvet::mikey {

// Table 6.4.a, with its own order of the OAKLEY groups (RFC 2409 §6).
enum class DhGroup : std::uint8_t { oakley_5 = 0, oakley_1 = 1, oakley_2 = 2 };

// The length of a public value; the wire does not carry it.
std::optional<std::size_t> value_octets(DhGroup group);

struct Dh {
  static constexpr PayloadType type = PayloadType::dh;
  DhGroup group = DhGroup::oakley_5;
  Bytes value;               // value_octets(group)
  std::uint8_t reserved = 0; // four bits
  KeyValidity validity;
  bool operator==(const Dh&) const = default;
};

Result<Dh> parse_dh(Reader& reader);
void write(Writer& writer, const Dh& dh);

} // namespace sipvet::mikey
