// The verification payload, V (RFC 3830 §6.9): the responder's proof that it opened the message.
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/algorithms.hpp"
#include "mikey/payload_type.hpp"

namespace sipvet::mikey {

struct Verification {
  static constexpr PayloadType type = PayloadType::verification;
  Mac mac_algorithm = Mac::hmac_sha1_160;
  Bytes mac; // as long as the algorithm says
  bool operator==(const Verification&) const = default;
};

Result<Verification> parse_verification(Reader& reader);
void write(Writer& writer, const Verification& verification);

} // namespace sipvet::mikey
