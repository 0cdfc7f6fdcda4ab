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

// The same, looking into the text it was read from.
struct CSeqView {
  std::uint32_t number = 0;
  std::string_view method;
};

Result<CSeqView> view_cseq(std::string_view text);
Result<CSeq> parse_cseq(std::string_view text);
std::string to_string(const CSeq& cseq);

} // namespace sipvet::sip
