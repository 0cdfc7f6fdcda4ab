// The hash functions of digest authentication (RFC 7616 §3.2, RFC 8760 §2.3) as sip/digest wants them.
#pragma once

#include "sip/digest.hpp"

#include <optional>
#include <string_view>

namespace sipvet::ua {

// For the algorithm as a challenge writes it, "-sess" or not; empty means MD5. None for an unknown one.
std::optional<sip::HexHash> digest_hash(std::string_view algorithm);

} // namespace sipvet::ua
