#include "gateway/negotiation.hpp"

#include "gateway/srtp_policy.hpp"
#include "ua/dtls_faults.hpp"

#include <algorithm>
#include <span>

namespace sipvet::gateway {

namespace {

using keying::OfferShape;
using keying::ShapeInfo;

// RFC 3261 §20.43.
constexpr int warn_address_format = 301, warn_transport_protocol = 302, warn_media_type = 304,
              warn_media_format = 305, warn_attribute = 306;

struct Chosen { // how the offer is going to be answered
  std::size_t section = 0;
  std::optional<keying::SdesAnswer> srtp = {}; // none of these three: RTP
  std::vector<sdp::Crypto> lines = {};         // that are written for it
  std::vector<std::string> notes = {};
  std::optional<keying::MikeyAnswer> mikey = {};
  std::optional<ua::OwnDtls> dtls = {};
  ua::DtlsLeg dtls_leg = {};
  bool nothing_in_common = false;
  keying::KeyMgmtLines mikey_error = {}; // for the refusal

  // With the keys of the section, or of its configuration: not by DTLS-SRTP in a section of its own.
  bool is_srtp(const ShapeInfo& info) const {
    return keys() || (dtls && keying::is_dtls_configuration(info));
  }
  std::optional<keying::MediaKeys> keys() const {
    if (srtp) return srtp->keys;
    return mikey ? std::optional(mikey->keys) : std::nullopt;
  }
};

Answer refuse(int status, int warning, std::string text, std::optional<OfferShape> shape) {
  Answer answer;
  answer.refusal = Refusal{status, warning, std::move(text)};
  answer.shape = shape;
  return answer;
}

std::string describe_refusal(SrtpMode mode, OfferShape shape) {
  return "SRTP mode " + std::string(name(mode)) + " does not go with an offer that is " +
         std::string(keying::name(shape));
}

rtp::SrtpSuite other_suite(rtp::SrtpSuite suite) {
  return suite == rtp::SrtpSuite::aes_cm_128_hmac_sha1_80 ? rtp::SrtpSuite::aes_cm_128_hmac_sha1_32
                                                          : rtp::SrtpSuite::aes_cm_128_hmac_sha1_80;
}

void deviate(const Deviations& deviations, const std::vector<sdp::Crypto>& offered,
             keying::SdesAnswer& answer) {
  if (deviations.reuse_key_both_directions || deviations.media.key_reused) {
    const auto line = std::find_if(offered.begin(), offered.end(),
                                   [&](const sdp::Crypto& each) { return each.tag == answer.crypto.tag; });
    if (line != offered.end()) answer.crypto.keys = line->keys;
    answer.keys.local = answer.keys.remote;
  }
  if (deviations.wrong_suite_in_answer)
    answer.crypto.suite = rtp::name(other_suite(answer.keys.local.suite()));
}

keying::SdesSettings sdes_settings(const Config& config) {
  keying::SdesSettings settings = config.sdes;
  settings.deviations = config.deviations.sdes;
  settings.deviations.tag_not_offered |= config.deviations.answer_tag_changed;
  settings.offerers_order |= config.deviations.answer_picks_offerers_order;
  return settings;
}

keying::ShapeRules shape_rules(const Config& config) {
  const keying::SdesDeviations& sdes = config.deviations.sdes;
  return {config.understood_forms, {sdes.required_capabilities_ignored, sdes.unknown_capabilities_taken}};
}

// SRTP where nothing with keys was offered: only a changed policy table asks for that.
keying::SdesAnswer keys_from_nowhere(const Config& config, Random& random) {
  keying::SdesAnswer answer;
  answer.crypto = keying::make_crypto(1, config.srtp_suites.front(), random);
  if (const auto key = keying::key_of(answer.crypto)) answer.keys = {keying::KeyExchange::sdes, *key, *key};
  return answer;
}

std::size_t plain_section(const ShapeInfo& info) {
  if (info.rtp_section) return *info.rtp_section;
  return info.srtp_section ? *info.srtp_section : info.dtls_section.value_or(0);
}

std::vector<std::string> notes_on(const std::vector<sdp::Crypto>& offered) {
  std::vector<std::string> notes;
  for (const sdp::Crypto& line : offered)
    for (const std::string& remark : keying::remarks_on(line))
      notes.push_back("crypto line with tag " + std::to_string(line.tag) + ": " + remark);
  return notes;
}

// `taken`: the offer as it reads when its SRTP is taken.
Result<Chosen> srtp_answer(const Config& config, const sdp::Session& taken, const ShapeInfo& info,
                           const std::optional<keying::MediaKeys>& previous, Random& random) {
  if (!info.srtp_section) {
    const keying::SdesAnswer made_up = keys_from_nowhere(config, random);
    return Chosen{plain_section(info), made_up, {made_up.crypto}, {}};
  }
  const sdp::Media& section = taken.media.at(*info.srtp_section);
  const keying::SdesSettings settings = sdes_settings(config);
  const std::vector<sdp::Crypto> offered = keying::readable_crypto_lines(section);
  SIPVET_TRY(keying::SdesAnswer answer,
             keying::answer_section(section, config.srtp_suites, random, settings));
  if (previous) (void)keying::keep_local_key(answer, *previous);
  deviate(config.deviations, offered, answer);
  std::vector<sdp::Crypto> lines = keying::written_lines(answer, offered, settings, random);
  return Chosen{*info.srtp_section, std::move(answer), std::move(lines), notes_on(offered)};
}

Result<ua::OwnDtls> dtls_answer(const Config& config, const sdp::Session& offer, std::size_t section,
                                const LocalMedia& local, Random& random, ua::DtlsLeg& leg) {
  SIPVET_TRY(const auto theirs, keying::read_dtls(offer, offer.media[section]));
  if (!theirs) return fail("expected a=fingerprint with DTLS-SRTP (RFC 5763 §5)");
  return ua::answer_dtls(config.dtls, *local.dtls_identity, leg, *theirs, random);
}

bool has_lines(const sdp::Session& taken, const ShapeInfo& info) {
  return info.srtp_section && taken.media.at(*info.srtp_section).attributes.value("crypto");
}

keying::KeyMgmtLines key_mgmt_of(const sdp::Session& offer, const ShapeInfo& info) {
  if (!info.srtp_section) return {};
  return keying::key_mgmt_lines(offer, offer.media[*info.srtp_section]);
}

std::string offered_exchanges(const sdp::Session& offer, const ShapeInfo& info) {
  std::string names;
  const auto add = [&](bool there, const std::string& name) {
    if (there) names += (names.empty() ? "" : ", ") + name;
  };
  const sdp::Session taken = keying::offer_as_taken(offer, info, true);
  add(has_lines(taken, info), "SDES");
  for (const std::string& protocol : key_mgmt_of(taken, info).protocols())
    add(true, protocol == keying::mikey_protocol ? "MIKEY" : protocol);
  add(info.dtls_section.has_value(), "DTLS-SRTP");
  return names;
}

// One way to make keys, where it was offered: whether it did, or why not.
std::optional<Result<void>> try_exchange(const Config& config, keying::KeyExchange exchange,
                                         const sdp::Session& offer, const ShapeInfo& info,
                                         const LocalMedia& local,
                                         const std::optional<keying::MediaKeys>& previous,
                                         const KeySources& sources, Chosen& chosen) {
  const auto take = [&](auto made, auto& field, std::size_t section) -> Result<void> {
    if (!made) return made.error();
    field = std::move(*made);
    chosen.section = section;
    return {};
  };
  const bool nothing_offered = !info.srtp_section && !info.dtls_section;
  const sdp::Session taken = keying::offer_as_taken(offer, info, true);
  if (exchange == keying::KeyExchange::dtls_srtp && info.dtls_section)
    return take(dtls_answer(config, taken, *info.dtls_section, local, sources.random, chosen.dtls_leg),
                chosen.dtls, *info.dtls_section);
  if (exchange == keying::KeyExchange::sdes && (has_lines(taken, info) || nothing_offered)) {
    auto made = srtp_answer(config, taken, info, previous, sources.random);
    if (!made) return made.error();
    chosen.section = made->section;
    chosen.srtp = std::move(made->srtp);
    chosen.lines = std::move(made->lines);
    chosen.notes = std::move(made->notes);
    return Result<void>();
  }
  const keying::KeyMgmtLines lines = key_mgmt_of(taken, info);
  if (exchange == keying::KeyExchange::mikey && lines.data_of(keying::mikey_protocol)) {
    keying::KeyMgmtLines error{lines.level, {}};
    auto made =
        sources.mikey.answer(lines, local.ssrc, sources.random, sources.now, local.rollovers, &error.values);
    if (!made && chosen.mikey_error.values.empty()) chosen.mikey_error = std::move(error);
    return take(std::move(made), chosen.mikey, *info.srtp_section);
  }
  return std::nullopt;
}

// The first configured key exchange that was offered and works decides.
Result<void> choose_keys(const Config& config, const sdp::Session& offer, const ShapeInfo& info,
                         const LocalMedia& local, const std::optional<keying::MediaKeys>& previous,
                         const KeySources& sources, Chosen& chosen) {
  std::optional<Error> why;
  for (const keying::KeyExchange exchange : config.key_exchanges) {
    const auto tried = try_exchange(config, exchange, offer, info, local, previous, sources, chosen);
    if (!tried) continue;
    if (*tried) return {};
    why = tried->error();
  }
  if (why) return *why;
  chosen.nothing_in_common = true;
  return fail("no key exchange in common: the offer has " + offered_exchanges(offer, info));
}

// The next configuration that works, where the first does not (RFC 5939 §3.6.2); the first says why none
// does.
Result<void> or_further(const Config& config, Result<void> keys, const ShapeInfo& offered, ShapeInfo& info,
                        const auto& choose) {
  if (keys || config.deviations.sdes.first_configuration_decides) return keys;
  const std::vector<ShapeInfo> readings = keying::readings_of(offered);
  for (const ShapeInfo& reading : std::span(readings).subspan(1)) {
    info = reading;
    if (const Result<void> made = choose()) return made;
  }
  info = offered;
  return keys;
}

std::string other_family(const ua::AgreedMedia& agreed) {
  return "media at " + to_string(agreed.remote_rtp) + " cannot be reached from the address of this call";
}

Answer build(const Config& config, const sdp::Session& offer, const LocalMedia& local, const ShapeInfo& info,
             Chosen chosen) {
  const OfferShape shape = info.shape;
  ua::AnswerPlan plan;
  plan.address = local.address;
  plan.rtp_port = local.rtp_port;
  plan.payload_types = config.payload_types;
  plan.section = chosen.section;
  plan.origin = local.origin;
  plan.crypto = std::move(chosen.lines);
  if (!chosen.dtls || keying::is_dtls_configuration(info))
    plan.further = keying::answer_attributes(info, chosen.is_srtp(info), config.deviations.sdes);
  if (chosen.mikey) {
    plan.key_mgmt = {chosen.mikey->level, chosen.mikey->attributes};
    if (chosen.mikey->crypto) plan.crypto = {*chosen.mikey->crypto};
    chosen.notes = chosen.mikey->notes;
  }
  if (chosen.dtls) plan.dtls = chosen.dtls->written;
  auto sdp = ua::make_answer(offer, plan);
  if (!sdp) return refuse(488, warn_media_format, sdp.error().what, shape);
  auto agreed = ua::agreed_as_answerer(offer, *sdp, chosen.keys(),
                                       chosen.dtls ? std::optional(chosen.dtls->honest) : std::nullopt);
  if (!agreed) return refuse(488, warn_media_type, agreed.error().what, shape);
  if (!can_reach(local, *agreed)) return refuse(488, warn_address_format, other_family(*agreed), shape);
  return Answer{
      std::nullopt,      shape, std::move(*sdp), std::move(chosen.notes), std::move(chosen.dtls_leg), false,
      std::move(*agreed)};
}

// RFC 3264 §8.2: a stream of the call is ended with port 0, and the answer says so too.
bool ends_all_streams(const sdp::Session& offer) {
  return !offer.media.empty() && std::all_of(offer.media.begin(), offer.media.end(),
                                             [](const sdp::Media& each) { return each.port == 0; });
}

Answer without_media(const sdp::Session& offer, const LocalMedia& local) {
  ua::AnswerPlan plan;
  plan.address = local.address;
  plan.origin = local.origin;
  Answer answer;
  answer.dtls = local.dtls;
  answer.sdp = ua::make_answer_without_media(offer, plan);
  answer.no_media = true;
  return answer;
}

// RFC 3261 §21.4.26: a refusal may have a description.
std::optional<sdp::Session> refusing_description(const sdp::Session& offer, const ShapeInfo& info,
                                                 const LocalMedia& local,
                                                 const keying::KeyMgmtLines& mikey_error) {
  if (mikey_error.values.empty() || !info.srtp_section) return std::nullopt;
  sdp::Session session = without_media(offer, local).sdp;
  keying::add_key_mgmt(session, session.media.at(*info.srtp_section), mikey_error.level, mikey_error.values);
  return session;
}

} // namespace

bool can_reach(const LocalMedia& local, const ua::AgreedMedia& agreed) {
  return agreed.remote_rtp.ip.v6 == local.address.v6;
}

Answer answer_offer(const Config& config, const sdp::Session& offered, const LocalMedia& local,
                    const std::optional<keying::MediaKeys>& previous, const KeySources& sources) {
  const sdp::Session offer = ua::overlook_faults(config.dtls.deviations, offered, std::nullopt);
  if (local.in_call && ends_all_streams(offer)) return without_media(offer, local);
  const int unacceptable = config.deviations.status_instead_of_488;
  const Result<ShapeInfo> classified = keying::classify(offer, shape_rules(config));
  if (!classified) return refuse(unacceptable, warn_media_type, classified.error().what, std::nullopt);
  ShapeInfo info = *classified;
  const SrtpPolicy policy = policy_of(config.deviations);
  Treatment treatment = policy.treat(config.srtp_mode, info.shape);
  if (treatment == Treatment::reject_488) {
    return refuse(unacceptable, warn_transport_protocol, describe_refusal(config.srtp_mode, info.shape),
                  info.shape);
  }
  Chosen chosen;
  chosen.section = plain_section(info);
  chosen.dtls_leg = local.dtls;
  if (treatment == Treatment::srtp) {
    auto keys = choose_keys(config, offer, info, local, previous, sources, chosen);
    keys = or_further(config, std::move(keys), *classified, info,
                      [&] { return choose_keys(config, offer, info, local, previous, sources, chosen); });
    // Without a suite in common, RTP is what remains where it was offered too and the mode takes it.
    const bool rtp_will_do = info.shape == OfferShape::srtp_and_rtp &&
                             policy.treat(config.srtp_mode, OfferShape::rtp_only) == Treatment::rtp;
    if (!keys && !rtp_will_do) {
      const int wrong_exchange = config.wrong_key_management_status;
      Answer refused =
          refuse(chosen.nothing_in_common && wrong_exchange != 488 ? wrong_exchange : unacceptable,
                 warn_attribute, keys.error().what, info.shape);
      refused.refusal->wrong_key_management = chosen.nothing_in_common;
      refused.refusal->description = refusing_description(offer, info, local, chosen.mikey_error);
      return refused;
    }
    if (!keys) chosen.notes = {"SRTP was offered and cannot be taken: " + keys.error().what};
  }
  const sdp::Session taken = keying::offer_as_taken(offer, info, chosen.is_srtp(info));
  Answer answer = build(config, taken, local, info, std::move(chosen));
  if (answer.refusal && answer.refusal->status == 488) answer.refusal->status = unacceptable;
  return answer;
}

Result<Offer> make_own_offer(const Config& config, const LocalMedia& local, const KeySources& sources) {
  ua::MediaPlan plan;
  plan.address = local.address;
  plan.rtp_port = local.rtp_port;
  plan.second_port = local.second_port;
  plan.payload_types = config.payload_types;
  plan.shape = policy_of(config.deviations).offer(config.srtp_mode);
  plan.form = config.srtp_and_rtp_form;
  plan.feedback = config.feedback_profile;
  plan.least_sections = local.sections;
  plan.origin = local.origin;
  std::vector<rtp::SrtpSuite> suites = config.srtp_suites;
  if (config.deviations.offer_suites_reversed) std::reverse(suites.begin(), suites.end());
  Offer offer;
  offer.shape = plan.shape;
  offer.dtls_leg = local.dtls;
  const bool secured = plan.shape != OfferShape::rtp_only;
  if (secured && uses(config, keying::KeyExchange::sdes))
    plan.crypto = keying::make_offer(suites, sources.random, sdes_settings(config));
  if (secured && uses(config, keying::KeyExchange::mikey)) {
    SIPVET_TRY(offer.mikey, sources.mikey.offer(local.ssrc, sources.random, sources.now, local.rollovers));
    if (plan.shape == OfferShape::srtp_and_rtp && plan.form == keying::Form::capability_negotiation)
      offer.mikey->stand_in_section();
    plan.key_mgmt = {offer.mikey->level(), offer.mikey->attributes()};
  }
  if (secured && uses(config, keying::KeyExchange::dtls_srtp)) {
    auto own = ua::offer_dtls(config.dtls, *local.dtls_identity, offer.dtls_leg, sources.random);
    plan.dtls = std::move(own.written);
    plan.dtls_first = config.key_exchanges.front() == keying::KeyExchange::dtls_srtp;
    offer.dtls = std::move(own.honest);
  }
  offer.sdp = ua::make_offer(plan);
  return offer;
}

Result<ua::AgreedMedia> read_answer(const Config& config, const sdp::Session& our_offer,
                                    const sdp::Session& answer,
                                    const std::optional<keying::DtlsDescription>& our_dtls,
                                    const keying::MikeyExchange* our_mikey) {
  const sdp::Session read = ua::overlook_faults(config.dtls.deviations, answer, our_dtls);
  return ua::read_answer(our_offer, read, our_dtls, sdes_settings(config), our_mikey);
}

bool offers_two_sections(const Config& config) {
  return policy_of(config.deviations).offer(config.srtp_mode) == OfferShape::srtp_and_rtp &&
         config.srtp_and_rtp_form == keying::Form::two_sections;
}

} // namespace sipvet::gateway
