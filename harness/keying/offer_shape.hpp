// What an offer asks for, SRTP, RTP or a choice of both, and in which of the forms that devices write it.
#pragma once

#include "base/result.hpp"
#include "keying/capability_negotiation.hpp"
#include "keying/sdes_deviations.hpp"
#include "sdp/session.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace sipvet::keying {

enum class OfferShape { srtp_only, srtp_and_rtp, rtp_only };
enum class Form {
  savp,                   // one RTP/SAVP section
  avp_with_crypto,        // one RTP/AVP section with keys: SRTP if the answerer can (RFC 8643)
  two_sections,           // one section for each
  avp,                    // one RTP/AVP section without keys
  capability_negotiation, // one RTP/AVP section that could also be RTP/SAVP (RFC 5939)
  avp_with_encryption,    // RTP/AVP with keys and a=encryption, as Microsoft's servers write it ([MS-SDPEXT]
                          // §3.1.5.8): SRTP is answered with RTP/SAVP
};

// The forms that leave a choice. A side may understand some of them only: what it does not understand of an
// offer it takes no notice of.
std::span<const Form> choice_forms();
// A choice form by its name.
std::optional<Form> find_choice_form(std::string_view name);

struct ShapeRules {
  std::vector<Form> understood{choice_forms().begin(), choice_forms().end()};
  CapabilityLenience lenience = {};
  bool understands(Form form) const;
};

struct ShapeInfo {
  OfferShape shape = OfferShape::rtp_only;
  Form form = Form::avp;
  // Indices into Session::media; some or all the same for all forms but two_sections. `srtp_section` has keys
  // of its own (SDES, MIKEY), `dtls_section` a fingerprint (DTLS-SRTP).
  std::optional<std::size_t> srtp_section, rtp_section, dtls_section;
  std::optional<PotentialSection> configuration; // what makes srtp_section SRTP, of capability_negotiation
  // Others that would, in their order: where that one cannot be taken, the next may be (RFC 5939 §3.6.2).
  std::vector<PotentialSection> further = {};
};

// Looks at the audio sections over RTP whose port is not 0. A section has keys if it, or for key-mgmt the
// session (RFC 4567 §3.1), carries a=crypto or a=key-mgmt; a secure profile without keys offers nothing, and
// neither does one of DTLS without a fingerprint or RTP/AVP with a=encryption:required and no keys.
// a=encryption:rejected takes the keys away. Profiles from before RFC 5764 with a fingerprint, as browsers
// once wrote them, and RTP/AVP with one (RFC 8643) offer DTLS-SRTP too. Fails when nothing is left.
Result<ShapeInfo> classify(const sdp::Session& offer, const ShapeRules& rules = {});

// The offer as each of its configurations makes it, in their order; itself alone where there are none. With
// one over DTLS (RFC 5763 §6.11) `dtls_section` is the section of the configuration.
std::vector<ShapeInfo> readings_of(const ShapeInfo& info);
// Whether DTLS-SRTP is a configuration's, and so is taken with it.
bool is_dtls_configuration(const ShapeInfo& info);

// The offer as it reads when its SRTP is taken, or its RTP: with the configuration, or the profile, that the
// answer will have.
sdp::Session offer_as_taken(const sdp::Session& offer, const ShapeInfo& info, bool srtp);
// What the answer's section says of that: a=acfg (RFC 5939 §3.6.2), or a=encryption.
sdp::AttributeList answer_attributes(const ShapeInfo& info, bool srtp, const SdesDeviations& deviations = {});
// Our offer as the answer read it: with the configuration, or the profile, that it names.
Result<sdp::Session> offer_as_answered(const sdp::Session& our_offer, const sdp::Session& answer);

std::string_view name(OfferShape shape); // "srtp-only", "srtp-and-rtp", "rtp-only"
std::string_view name(Form form);        // "savp", "avp-with-crypto", "two-sections", "avp", …

// RTP/SAVP or RTP/SAVPF (RFC 3711 §12, RFC 5124): every packet is SRTP.
bool is_secure_profile(std::string_view protocol);
// RTP/AVP or RTP/AVPF.
bool is_plain_profile(std::string_view protocol);
// RTP/SAVP for RTP/AVP, RTP/SAVPF for RTP/AVPF; any other as it is.
std::string secure_profile_of(std::string_view protocol);

} // namespace sipvet::keying
