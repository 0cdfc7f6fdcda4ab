#include "keying/offer_shape.hpp"

#include "base/text.hpp"
#include "keying/dtls_srtp.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace sipvet::keying {
namespace {

constexpr std::string_view encryption = "encryption"; // [MS-SDP] §3.1.5.5

constexpr std::array<Form, 4> choices = {Form::two_sections, Form::avp_with_crypto,
                                         Form::capability_negotiation, Form::avp_with_encryption};

bool has_keys(const sdp::AttributeList& attributes) {
  return attributes.value("crypto") || attributes.value("key-mgmt");
}

bool has_fingerprint(const sdp::Session& offer, const sdp::Media& media) {
  return media.attributes.value("fingerprint") || offer.attributes.value("fingerprint");
}

// The form in which each kind of section was found, the first of each.
struct Found {
  std::optional<std::size_t> secure;   // SRTP alone
  std::optional<std::size_t> keyed;    // SRTP or RTP
  std::optional<std::size_t> plain;    // RTP alone
  std::optional<std::size_t> dtls;     // one of DTLS or a secure one, with a fingerprint
  std::optional<std::size_t> dtls_avp; // a plain profile with a fingerprint
  Form keyed_form = Form::avp_with_crypto;
  std::vector<PotentialSection> configurations = {};
};

void remember(std::optional<std::size_t>& first, std::size_t index) {
  if (!first) first = index;
}

void remember_choice(Found& found, std::size_t index, Form form,
                     std::vector<PotentialSection> configurations = {}) {
  if (found.keyed) return;
  found.keyed = index;
  found.keyed_form = form;
  found.configurations = std::move(configurations);
}

bool is_over_dtls(const PotentialSection& each) {
  return is_dtls_profile(each.media.protocol) &&
         (each.media.attributes.value("fingerprint") || each.session_attributes.value("fingerprint"));
}

std::string encryption_of(const sdp::Media& media) {
  return to_lower(trim(media.attributes.value(encryption).value_or("")));
}

std::vector<PotentialSection> secure_configurations(const sdp::Session& offer, std::size_t index,
                                                    const ShapeRules& rules) {
  if (!rules.understands(Form::capability_negotiation)) return {};
  auto all = potential_sections(offer, index, rules.lenience).sections;
  std::erase_if(all, [](const PotentialSection& each) {
    const bool keys = has_keys(each.media.attributes) || each.session_attributes.value("key-mgmt");
    return !(is_secure_profile(each.media.protocol) && keys) && !is_over_dtls(each);
  });
  return all;
}

void look_at_plain_profile(const sdp::Session& offer, std::size_t index, bool keys, const ShapeRules& rules,
                           Found& found) {
  const std::string wanted =
      rules.understands(Form::avp_with_encryption) ? encryption_of(offer.media[index]) : std::string();
  if (wanted == "required") return keys ? remember(found.secure, index) : void();
  if (wanted == "optional" && keys) return remember_choice(found, index, Form::avp_with_encryption);
  if (keys && wanted != "rejected" && rules.understands(Form::avp_with_crypto))
    return remember_choice(found, index, Form::avp_with_crypto);
  if (auto configurations = secure_configurations(offer, index, rules); !configurations.empty())
    return remember_choice(found, index, Form::capability_negotiation, std::move(configurations));
  remember(found.plain, index);
}

Found look_at(const sdp::Session& offer, const ShapeRules& rules) {
  Found found;
  const bool session_keys = offer.attributes.value("key-mgmt").has_value();
  for (std::size_t i = 0; i < offer.media.size(); ++i) {
    const sdp::Media& media = offer.media[i];
    if (media.type != "audio" || media.port == 0) continue;
    const bool keys = session_keys || has_keys(media.attributes);
    const bool something = found.secure || found.keyed || found.plain || found.dtls || found.dtls_avp;
    if (something && !rules.understands(Form::two_sections)) break;
    if (is_secure_profile(media.protocol) && keys) remember(found.secure, i);
    const bool print = has_fingerprint(offer, media);
    if (print && (is_dtls_profile(media.protocol) || is_secure_profile(media.protocol)))
      remember(found.dtls, i);
    if (!is_plain_profile(media.protocol)) continue;
    if (print) remember(found.dtls_avp, i);
    if (keys || !print) look_at_plain_profile(offer, i, keys, rules, found);
  }
  return found;
}

} // namespace

std::span<const Form> choice_forms() { return choices; }

std::optional<Form> find_choice_form(std::string_view wanted) {
  const auto* const found = std::ranges::find(choices, wanted, [](Form form) { return name(form); });
  return found == choices.end() ? std::nullopt : std::optional(*found);
}

bool ShapeRules::understands(Form form) const {
  return std::ranges::find(understood, form) != understood.end();
}

bool is_secure_profile(std::string_view protocol) {
  return protocol == "RTP/SAVP" || protocol == "RTP/SAVPF";
}
bool is_plain_profile(std::string_view protocol) { return protocol == "RTP/AVP" || protocol == "RTP/AVPF"; }

std::string secure_profile_of(std::string_view protocol) {
  if (!is_plain_profile(protocol)) return std::string(protocol);
  return "RTP/S" + std::string(protocol.substr(std::string_view("RTP/").size()));
}

Result<ShapeInfo> classify(const sdp::Session& offer, const ShapeRules& rules) {
  Found found = look_at(offer, rules);
  const auto srtp = found.secure ? found.secure : found.keyed;
  const auto dtls = found.dtls ? found.dtls : found.dtls_avp;
  const auto keyed = found.keyed ? found.keyed : found.dtls_avp;
  const auto rtp = found.plain ? found.plain : keyed;
  if ((srtp || dtls) && rtp) {
    const bool keyed_alone = found.keyed && !found.secure && found.keyed_form != Form::avp_with_crypto;
    const bool one_section = keyed_alone || srtp == rtp || dtls == rtp;
    const Form form = one_section ? found.keyed_form : Form::two_sections;
    ShapeInfo out{OfferShape::srtp_and_rtp, form, srtp, rtp, dtls, {}, {}};
    if (found.configurations.empty()) return out;
    out.configuration = std::move(found.configurations.front());
    found.configurations.erase(found.configurations.begin());
    out.further = std::move(found.configurations);
    if (is_dtls_configuration(out)) out.dtls_section = out.srtp_section;
    return out;
  }
  if (srtp || dtls) {
    const bool avp = srtp && is_plain_profile(offer.media[*srtp].protocol);
    return ShapeInfo{
        OfferShape::srtp_only, avp ? Form::avp_with_encryption : Form::savp, srtp, {}, dtls, {}, {}};
  }
  if (rtp) return ShapeInfo{OfferShape::rtp_only, Form::avp, std::nullopt, rtp, {}, {}, {}};
  for (const sdp::Media& media : offer.media)
    if (media.type == "audio" && media.port != 0 && is_dtls_profile(media.protocol))
      return fail("expected a=fingerprint with " + media.protocol + " (RFC 5763 §5)");
  return fail("expected an audio section over RTP/AVP, or over RTP/SAVP with keys, whose port is not 0");
}

bool is_dtls_configuration(const ShapeInfo& info) {
  return info.form == Form::capability_negotiation && info.configuration && is_over_dtls(*info.configuration);
}

std::vector<ShapeInfo> readings_of(const ShapeInfo& info) {
  std::vector<ShapeInfo> out = {info};
  // What stands in a section of its own does so under every configuration.
  const auto elsewhere = is_dtls_configuration(info) ? std::nullopt : info.dtls_section;
  for (const PotentialSection& configuration : info.further) {
    ShapeInfo& reading = out.emplace_back(info);
    reading.configuration = configuration;
    reading.dtls_section = is_dtls_configuration(reading) ? reading.srtp_section : elsewhere;
  }
  return out;
}

sdp::Session offer_as_taken(const sdp::Session& offer, const ShapeInfo& info, bool srtp) {
  sdp::Session taken = offer;
  if (!srtp || !info.srtp_section) return taken;
  sdp::Media& media = taken.media.at(*info.srtp_section);
  if (info.form == Form::avp_with_encryption) media.protocol = secure_profile_of(media.protocol);
  // Of several keyed sections the first is meant, and the configuration is that one's.
  if (info.configuration && info.form == Form::capability_negotiation) {
    media = info.configuration->media;
    taken.attributes = info.configuration->session_attributes;
  }
  return taken;
}

sdp::AttributeList answer_attributes(const ShapeInfo& info, bool srtp, const SdesDeviations& deviations) {
  sdp::AttributeList out;
  if (info.form == Form::avp_with_encryption)
    out.add(std::string(encryption), !srtp                                 ? "rejected"
                                     : info.shape == OfferShape::srtp_only ? "required"
                                                                           : "optional");
  const bool configured = srtp && info.form == Form::capability_negotiation && info.configuration;
  if (configured && !deviations.configuration_not_answered)
    out.add("acfg", deviations.configuration_not_offered ? "99 t=99" : to_string(info.configuration->chosen));
  return out;
}

Result<sdp::Session> offer_as_answered(const sdp::Session& our_offer, const sdp::Session& answer) {
  SIPVET_TRY(sdp::Session taken, offer_as_configured(our_offer, answer));
  for (std::size_t i = 0; i < std::min(answer.media.size(), taken.media.size()); ++i) {
    const std::string secure = secure_profile_of(taken.media[i].protocol);
    if (!encryption_of(taken.media[i]).empty() && answer.media[i].protocol == secure)
      taken.media[i].protocol = secure;
  }
  return taken;
}

std::string_view name(OfferShape shape) {
  constexpr std::array<std::string_view, 3> names = {"srtp-only", "srtp-and-rtp", "rtp-only"};
  return names.at(static_cast<std::size_t>(shape));
}

std::string_view name(Form form) {
  constexpr std::array<std::string_view, 6> names = {"savp", "avp-with-crypto",        "two-sections",
                                                     "avp",  "capability-negotiation", "avp-with-encryption"};
  return names.at(static_cast<std::size_t>(form));
}

} // namespace sipvet::keying
