// The envelope data payload, PKE (RFC 3830 §6.3): the envelope key under the responder's public key.
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/payload_type.hpp"

#include <cstdint>

namespace sipvet::mikey {

// Whether the responder keeps the envelope key for later messages.
enum class EnvelopeCache : std::uint8_t { no = 0, yes = 1, for_this_csb = 2 };

struct Pke {
  static constexpr PayloadType type = PayloadType::pke;
  EnvelopeCache cache = EnvelopeCache::no;
  Bytes data; // at most 16383 octets
  bool operator==(const Pke&) const = default;
};

Result<Pke> parse_pke(Reader& reader);
void write(Writer& writer, const Pke& pke);

} // namespace sipvet::mikey
