// What an offer asks for, SRTP, RTP or a choice of both, and in which of the forms that devices write it.
#pragma once

#include "base/result.hpp"
#include "sdp/session.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace sipvet::keying {

enum class OfferShape { srtp_only, srtp_and_rtp, rtp_only };
enum class Form {
  savp,            // one RTP/SAVP section
  avp_with_crypto, // one RTP/AVP section with keys: SRTP if the answerer can (RFC 8643)
  two_sections,    // one section for each
  avp,             // one RTP/AVP section without keys
};

struct ShapeInfo {
  OfferShape shape = OfferShape::rtp_only;
  Form form = Form::avp;
  // Indices into Session::media; some or all the same for avp_with_crypto. `srtp_section` has keys of its own
  // (SDES, MIKEY), `dtls_section` a fingerprint (DTLS-SRTP).
  std::optional<std::size_t> srtp_section, rtp_section, dtls_section;
};

// Looks at the audio sections over RTP whose port is not 0. A section has keys if it, or for key-mgmt the
// session (RFC 4567 §3.1), carries a=crypto or a=key-mgmt; a secure profile without keys offers nothing, and
// neither does one of DTLS without a fingerprint. Profiles from before RFC 5764 with a fingerprint, as
// browsers once wrote them, and RTP/AVP with one (RFC 8643) offer DTLS-SRTP too. Fails when nothing is left.
Result<ShapeInfo> classify(const sdp::Session& offer);

std::string_view name(OfferShape shape); // "srtp-only", "srtp-and-rtp", "rtp-only"
std::string_view name(Form form);        // "savp", "avp-with-crypto", "two-sections", "avp"

// RTP/SAVP or RTP/SAVPF (RFC 3711 §12, RFC 5124): every packet is SRTP.
bool is_secure_profile(std::string_view protocol);
// RTP/AVP or RTP/AVPF.
bool is_plain_profile(std::string_view protocol);

} // namespace sipvet::keying
