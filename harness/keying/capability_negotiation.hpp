// What a media section would be under each configuration of its capability negotiation (RFC 5939 §3.5, §3.6).
#pragma once

#include "base/result.hpp"
#include "sdp/capability.hpp"
#include "sdp/session.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sipvet::keying {

struct PotentialSection {
  sdp::Configuration chosen; // one alternative of each kind, as a=acfg would repeat it
  sdp::Media media;          // the section as it would then be, without the attributes of the negotiation
};

struct PotentialSections {
  std::vector<PotentialSection> sections; // most preferred first (§3.6.2)
  std::vector<std::string> passed_over;   // why others cannot be taken
};

// None where a=creq asks for a capability that is not known here, unless `ignore_required` (§3.3.2).
PotentialSections potential_sections(const sdp::Session& session, std::size_t section,
                                     bool ignore_required = false);

// Adds to a section of RTP/AVP the capabilities of the same section over `protocol` with these attributes,
// and the configuration that prefers it.
void offer_configuration(sdp::Media& media, std::string_view protocol,
                         const std::vector<sdp::Attribute>& attributes);

// Our offer as the answer took it: sections that it has an a=acfg for as that configuration makes them
// (§3.6.3). Fails for a configuration that was not offered.
Result<sdp::Session> offer_as_configured(const sdp::Session& our_offer, const sdp::Session& answer);

} // namespace sipvet::keying
