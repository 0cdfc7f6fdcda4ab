// The signature payload, SIGN (RFC 3830 §6.5): the one payload without a next-payload octet, since it ends
// the message.
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/payload_type.hpp"

#include <cstdint>

namespace sipvet::mikey {

enum class SignatureType : std::uint8_t { rsa_pkcs1 = 0, rsa_pss = 1 }; // four bits

struct Sign {
  static constexpr PayloadType type = PayloadType::sign;
  SignatureType signature_type = SignatureType::rsa_pkcs1;
  Bytes signature; // at most 4095 octets
  bool operator==(const Sign&) const = default;
};

Result<Sign> parse_sign(Reader& reader);
void write(Writer& writer, const Sign& sign);

} // namespace sipvet::mikey
