// What is wrong with session descriptions that hand over SRTP keys (RFC 4568).
#pragma once

#include "analysis/finding_list.hpp"
#include "analysis/sip_stream.hpp"
#include "sdp/session.hpp"

namespace sipvet::analysis {

// One description by itself: keys in the clear, keys of the wrong length, lines that cannot be read.
void check_description(const sdp::Session& session, const SipOrigin& origin, std::size_t frame,
                       FindingList& findings);
// An answer against its offer: tag, suite, keys used twice, keys missing.
void check_answer(const sdp::Session& offer, const sdp::Session& answer, std::size_t frame,
                  FindingList& findings);

} // namespace sipvet::analysis
