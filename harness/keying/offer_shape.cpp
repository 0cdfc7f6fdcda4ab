#include "keying/offer_shape.hpp"

#include "keying/dtls_srtp.hpp"

#include <algorithm>
#include <array>

namespace sipvet::keying {
namespace {

bool has_keys(const sdp::AttributeList& attributes) {
  return attributes.value("crypto") || attributes.value("key-mgmt");
}

bool has_fingerprint(const sdp::Session& offer, const sdp::Media& media) {
  return media.attributes.value("fingerprint") || offer.attributes.value("fingerprint");
}

struct Found {
  std::optional<std::size_t> secure;    // a secure profile with keys
  std::optional<std::size_t> keyed_avp; // a plain profile with keys
  std::optional<std::size_t> plain_avp; // a plain profile without
  std::optional<std::size_t> dtls;      // one of DTLS or a secure one, with a fingerprint
  std::optional<std::size_t> dtls_avp;  // a plain profile with a fingerprint
};

void remember(std::optional<std::size_t>& first, std::size_t index) {
  if (!first) first = index;
}

Found look_at(const sdp::Session& offer) {
  Found found;
  const bool session_keys = offer.attributes.value("key-mgmt").has_value();
  for (std::size_t i = 0; i < offer.media.size(); ++i) {
    const sdp::Media& media = offer.media[i];
    if (media.type != "audio" || media.port == 0) continue;
    const bool keys = session_keys || has_keys(media.attributes);
    if (is_secure_profile(media.protocol) && keys) remember(found.secure, i);
    const bool print = has_fingerprint(offer, media);
    if (print && (is_dtls_profile(media.protocol) || is_secure_profile(media.protocol)))
      remember(found.dtls, i);
    if (!is_plain_profile(media.protocol)) continue;
    if (keys) remember(found.keyed_avp, i);
    if (print) remember(found.dtls_avp, i);
    if (!keys && !print) remember(found.plain_avp, i);
  }
  return found;
}

} // namespace

bool is_secure_profile(std::string_view protocol) {
  return protocol == "RTP/SAVP" || protocol == "RTP/SAVPF";
}
bool is_plain_profile(std::string_view protocol) { return protocol == "RTP/AVP" || protocol == "RTP/AVPF"; }

Result<ShapeInfo> classify(const sdp::Session& offer) {
  const Found found = look_at(offer);
  const auto srtp = found.secure ? found.secure : found.keyed_avp;
  const auto dtls = found.dtls ? found.dtls : found.dtls_avp;
  const auto keyed_avp = found.keyed_avp ? found.keyed_avp : found.dtls_avp;
  const auto rtp = found.plain_avp ? found.plain_avp : keyed_avp;
  const bool secured = srtp || dtls;
  if (secured && rtp) {
    const Form form = srtp == rtp || dtls == rtp ? Form::avp_with_crypto : Form::two_sections;
    return ShapeInfo{OfferShape::srtp_and_rtp, form, srtp, rtp, dtls};
  }
  if (secured) return ShapeInfo{OfferShape::srtp_only, Form::savp, srtp, std::nullopt, dtls};
  if (rtp) return ShapeInfo{OfferShape::rtp_only, Form::avp, std::nullopt, rtp, std::nullopt};
  return fail("expected an audio section over RTP/AVP, or over RTP/SAVP with keys, whose port is not 0");
}

std::string_view name(OfferShape shape) {
  constexpr std::array<std::string_view, 3> names = {"srtp-only", "srtp-and-rtp", "rtp-only"};
  return names.at(static_cast<std::size_t>(shape));
}

std::string_view name(Form form) {
  constexpr std::array<std::string_view, 4> names = {"savp", "avp-with-crypto", "two-sections", "avp"};
  return names.at(static_cast<std::size_t>(form));
}

} // namespace sipvet::keying
