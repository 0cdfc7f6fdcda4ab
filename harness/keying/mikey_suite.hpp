// Which SRTP suite a MIKEY security policy asks for, and the policy that says a suite (RFC 3830 §6.10.1).
#pragma once

#include "mikey/srtp_policy.hpp"
#include "rtp/srtp_context.hpp"

#include <cstdint>

namespace sipvet::keying {

struct MikeyTransform {
  rtp::SrtpSuite suite = rtp::SrtpSuite::aes_cm_128_hmac_sha1_80;
  rtp::SrtpOptions options;
  bool operator==(const MikeyTransform&) const = default;
};

// Fails, naming the parameter and its value, when no transform of ours is meant. Encryption that is switched
// off for SRTP and SRTCP alike is the NULL cipher.
Result<MikeyTransform> transform_of(const mikey::SrtpPolicy& policy);
// The replay window has no parameter (RFC 3830 §6.10.1).
mikey::SrtpPolicy policy_of(const MikeyTransform& transform);

} // namespace sipvet::keying
