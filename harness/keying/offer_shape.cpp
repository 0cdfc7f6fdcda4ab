#include "keying/offer_shape.hpp"

#include <algorithm>
#include <array>

namespace sipvet::keying {
namespace {

bool has_keys(const sdp::AttributeList& attributes) {
  return attributes.value("crypto") || attributes.value("key-mgmt");
}

struct Found {
  std::optional<std::size_t> secure;    // a secure profile with keys
  std::optional<std::size_t> keyed_avp; // a plain profile with keys
  std::optional<std::size_t> plain_avp; // a plain profile without
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
    if (is_plain_profile(media.protocol)) remember(keys ? found.keyed_avp : found.plain_avp, i);
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
  const auto rtp = found.plain_avp ? found.plain_avp : found.keyed_avp;
  if (srtp && rtp) {
    const Form form = srtp == rtp ? Form::avp_with_crypto : Form::two_sections;
    return ShapeInfo{OfferShape::srtp_and_rtp, form, srtp, rtp};
  }
  if (srtp) return ShapeInfo{OfferShape::srtp_only, Form::savp, srtp, std::nullopt};
  if (rtp) return ShapeInfo{OfferShape::rtp_only, Form::avp, std::nullopt, rtp};
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
