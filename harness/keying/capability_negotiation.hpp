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
  sdp::AttributeList session_attributes; // of the session, likewise
};

struct PotentialSections {
  std::vector<PotentialSection> sections; // most preferred first (§3.6.2)
  std::vector<std::string> passed_over;   // why others cannot be taken
};

// Deviations: what is not looked at.
struct CapabilityLenience {
  bool required_ignored = false; // a=creq
  bool unknown_taken = false;    // mandatory attributes that are not known
};

// Whether an attribute may be mandatory in a configuration: it is one that an answer does something about, or
// that needs nothing done (§3.6.2).
bool is_understood_attribute(std::string_view name);

// None where a=creq asks for a capability that is not known here (§3.3.2). A configuration is passed over
// when a mandatory attribute of it is not understood or not there (§3.5.1); optional ones of that kind are
// left out, of `chosen` as well. Capabilities of the session are attributes of the session then, except for
// crypto, which only sections have (RFC 4568 §4).
PotentialSections potential_sections(const sdp::Session& session, std::size_t section,
                                     CapabilityLenience lenience = {});

// Adds to a section of RTP/AVP the capabilities of the same section over `protocol` with these attributes,
// and the configuration that prefers it to the actual one; those added before are preferred to it.
void offer_configuration(sdp::Media& media, std::string_view protocol,
                         const std::vector<sdp::Attribute>& attributes);

// Our offer as the answer took it: sections that it has an a=acfg for as that configuration makes them
// (§3.6.3). Fails for a configuration that was not offered.
Result<sdp::Session> offer_as_configured(const sdp::Session& our_offer, const sdp::Session& answer);

} // namespace sipvet::keying
