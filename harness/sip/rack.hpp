// The RSeq and RAck header fields of reliable provisional responses (RFC 3262 §7.1 and §7.2).
#pragma once

#include "base/result.hpp"
#include "sip/cseq.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sipvet::sip {

// From 1 to 2^32-1 (RFC 3262 §7.1); the first of an INVITE is below 2^31 (§3).
Result<std::uint32_t> parse_rseq(std::string_view text);

struct RAck {
  std::uint32_t response = 0; // the RSeq that is acknowledged
  CSeq cseq;                  // of the INVITE
};
Result<RAck> parse_rack(std::string_view text);
std::string to_string(const RAck& rack);

} // namespace sipvet::sip
