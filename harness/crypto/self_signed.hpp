// A key and a certificate that nobody else vouches for, as DTLS-SRTP takes them (RFC 5763 §5): what counts is
// its fingerprint.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/lab_ca.hpp"

#include <string>

namespace sipvet::crypto {

// An elliptic key on P-256; valid from a day before `now` for 30 days. The same octets from `random` make the
// same certificate. Fails when the name has no place in one.
Result<Identity> make_self_signed(const std::string& common_name, Random& random, Instant now);

} // namespace sipvet::crypto
