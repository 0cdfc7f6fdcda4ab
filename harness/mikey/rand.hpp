// The RAND payload (RFC 3830 §6.11): what the initiator adds to make derived keys fresh.
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/payload_type.hpp"

#include <cstddef>

namespace sipvet::mikey {

inline constexpr std::size_t min_rand_octets = 16; // what §6.11 asks senders for; shorter ones are still read

struct Rand {
  static constexpr PayloadType type = PayloadType::rand;
  Bytes value; // at most 255 octets
  bool operator==(const Rand&) const = default;
};

Result<Rand> parse_rand(Reader& reader);
void write(Writer& writer, const Rand& rand);

} // namespace sipvet::mikey
