// Which SRTP suite a MIKEY security policy asks for, and the policy that says a suite (RFC 3830 §6.10.1).
#pragma once

#include "mikey/srtp_policy.hpp"
#include "rtp/srtp_suite.hpp"

#include <cstdint>

namespace sipvet::keying {

// Fails, naming the parameter and its value, when no suite of ours is meant.
Result<rtp::SrtpSuite> suite_of(const mikey::SrtpPolicy& policy);
mikey::SrtpPolicy policy_of(rtp::SrtpSuite suite);

} // namespace sipvet::keying
