// The CSeq header field (RFC 3261 §20.16).
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sipvet::sip {

struct CSeq {
  std::uint32_t number = 0; // below 2^31 (§8.1.1.5)
  std::string method;
};

Result<CSeq> parse_cseq(std::string_view text);
std::string to_string(const CSeq& cseq);

} // namespace sipvet::sip
