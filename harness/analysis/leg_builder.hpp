// What a media section, offered or answered, says about addresses, protection and keys.
#pragma once

#include "analysis/media_map.hpp"
#include "analysis/report.hpp"
#include "sdp/session.hpp"

#include <cstddef>
#include <string>

namespace sipvet::analysis {

// A section nobody answered yet: media may already come (early media), keys are those it offers.
Leg offered_leg(const sdp::Session& offer, std::size_t section, const std::string& call_id,
                std::size_t frame);
// SRTP or not is the answer's word: a secure profile, or keys in an AVP section (RFC 8643 §3).
Leg answered_leg(const sdp::Session& offer, const sdp::Session& answer, std::size_t section,
                 const std::string& call_id, std::size_t frame);
// The same for the report; frames are left to the caller.
NegotiatedMedia negotiated_media(const sdp::Session& offer, const sdp::Session& answer, std::size_t section,
                                 const Leg& leg);

} // namespace sipvet::analysis
