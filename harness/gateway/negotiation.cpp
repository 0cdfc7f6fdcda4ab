#include "gateway/negotiation.hpp"

#include "gateway/srtp_policy.hpp"

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
  std::optional<keying::SdesAnswer> srtp; // neither this nor `dtls`: RTP
  std::optional<ua::OwnDtls> dtls;
  ua::DtlsLeg dtls_leg;
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

std::vector<rtp::SrtpSuite> accepted_suites(const Config& config, const std::vector<sdp::Crypto>& offered) {
  if (!config.deviations.answer_picks_offerers_order) return config.srtp_suites;
  std::vector<rtp::SrtpSuite> theirs_first;
  for (const sdp::Crypto& line : offered) {
    const auto suite = rtp::find_srtp_suite(line.suite);
    const auto& ours = config.srtp_suites;
    if (suite && std::find(ours.begin(), ours.end(), *suite) != ours.end()) theirs_first.push_back(*suite);
  }
  return theirs_first;
}

// Keeps our key where the offerer keeps its own: an unchanged stream goes on under the keys it has.
void keep_key(keying::SdesAnswer& answer, const std::optional<keying::MediaKeys>& previous) {
  if (!previous || previous->remote != answer.keys.remote) return;
  answer.keys.local = previous->local;
  Bytes both = previous->local.first_key().master_key;
  append(both, previous->local.first_key().master_salt);
  sdp::InlineKey key;
  key.key_and_salt = std::move(both);
  answer.crypto.keys = {key};
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
  if (deviations.answer_tag_changed) {
    std::uint32_t highest = 0;
    for (const sdp::Crypto& line : offered) highest = std::max(highest, line.tag);
    answer.crypto.tag = highest + 1;
  }
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

Result<keying::SdesAnswer> srtp_answer(const Config& config, const sdp::Session& offer, const ShapeInfo& info,
                                       const std::optional<keying::MediaKeys>& previous, Random& random) {
  if (!info.srtp_section) return keys_from_nowhere(config, random);
  const std::vector<sdp::Crypto> offered = keying::readable_crypto_lines(offer.media[*info.srtp_section]);
  SIPVET_TRY(keying::SdesAnswer answer, keying::answer(offered, accepted_suites(config, offered), random));
  keep_key(answer, previous);
  deviate(config.deviations, offered, answer);
  return answer;
}

Result<ua::OwnDtls> dtls_answer(const Config& config, const sdp::Session& offer, std::size_t section,
                                const LocalMedia& local, Random& random, ua::DtlsLeg& leg) {
  SIPVET_TRY(const auto theirs, keying::read_dtls(offer, offer.media[section]));
  if (!theirs) return fail("expected a=fingerprint with DTLS-SRTP (RFC 5763 §5)");
  return ua::answer_dtls(config.dtls, *local.dtls_identity, leg, *theirs, random);
}

// The first configured key exchange that was offered and works decides.
Result<void> choose_keys(const Config& config, const sdp::Session& offer, const ShapeInfo& info,
                         const LocalMedia& local, const std::optional<keying::MediaKeys>& previous,
                         Random& random, Chosen& chosen) {
  std::string why;
  for (const keying::KeyExchange exchange : config.key_exchanges) {
    if (exchange == keying::KeyExchange::dtls_srtp && info.dtls_section) {
      auto own = dtls_answer(config, offer, *info.dtls_section, local, random, chosen.dtls_leg);
      if (own) {
        chosen.section = *info.dtls_section;
        chosen.dtls = std::move(*own);
        return {};
      }
      why = own.error().what;
    }
    const bool nothing_offered = !info.srtp_section && !info.dtls_section;
    if (exchange == keying::KeyExchange::sdes && (info.srtp_section || nothing_offered)) {
      auto keys = srtp_answer(config, offer, info, previous, random);
      if (keys) {
        chosen.section = info.srtp_section.value_or(plain_section(info));
        chosen.srtp = std::move(*keys);
        return {};
      }
      why = keys.error().what;
    }
  }
  if (!why.empty()) return fail(std::move(why));
  return fail(std::string("no key exchange in common: the offer has ") +
              (info.srtp_section && info.dtls_section ? "others"
               : info.dtls_section                    ? "DTLS-SRTP"
                                                      : "keys in its session description"));
}

std::string other_family(const ua::AgreedMedia& agreed) {
  return "media at " + to_string(agreed.remote_rtp) + " cannot be reached from the address of this call";
}

Answer build(const Config& config, const sdp::Session& offer, const LocalMedia& local, OfferShape shape,
             Chosen chosen) {
  ua::AnswerPlan plan;
  plan.address = local.address;
  plan.rtp_port = local.rtp_port;
  plan.payload_types = config.payload_types;
  plan.section = chosen.section;
  plan.origin = local.origin;
  if (chosen.srtp) plan.crypto = chosen.srtp->crypto;
  if (chosen.dtls) plan.dtls = chosen.dtls->written;
  auto sdp = ua::make_answer(offer, plan);
  if (!sdp) return refuse(488, warn_media_format, sdp.error().what, shape);
  auto agreed =
      ua::agreed_as_answerer(offer, *sdp, chosen.srtp ? std::optional(chosen.srtp->keys) : std::nullopt,
                             chosen.dtls ? std::optional(chosen.dtls->honest) : std::nullopt);
  if (!agreed) return refuse(488, warn_media_type, agreed.error().what, shape);
  if (!can_reach(local, *agreed)) return refuse(488, warn_address_format, other_family(*agreed), shape);
  return Answer{std::nullopt, shape, std::move(*sdp), std::move(chosen.dtls_leg), false, std::move(*agreed)};
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

} // namespace

bool can_reach(const LocalMedia& local, const ua::AgreedMedia& agreed) {
  return agreed.remote_rtp.ip.v6 == local.address.v6;
}

Answer answer_offer(const Config& config, const sdp::Session& offer, const LocalMedia& local,
                    const std::optional<keying::MediaKeys>& previous, Random& random) {
  if (local.in_call && ends_all_streams(offer)) return without_media(offer, local);
  const int unacceptable = config.deviations.status_instead_of_488;
  const Result<ShapeInfo> classified = keying::classify(offer);
  if (!classified) return refuse(unacceptable, warn_media_type, classified.error().what, std::nullopt);
  const ShapeInfo& info = *classified;
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
    const auto keys = choose_keys(config, offer, info, local, previous, random, chosen);
    // Without a suite in common, RTP is what remains where it was offered too and the mode takes it.
    const bool rtp_will_do = info.shape == OfferShape::srtp_and_rtp &&
                             policy.treat(config.srtp_mode, OfferShape::rtp_only) == Treatment::rtp;
    if (!keys && !rtp_will_do) return refuse(unacceptable, warn_attribute, keys.error().what, info.shape);
  }
  Answer answer = build(config, offer, local, info.shape, std::move(chosen));
  if (answer.refusal && answer.refusal->status == 488) answer.refusal->status = unacceptable;
  return answer;
}

Offer make_own_offer(const Config& config, const LocalMedia& local, Random& random) {
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
  if (secured && uses(config, keying::KeyExchange::sdes)) plan.crypto = keying::make_offer(suites, random);
  if (secured && uses(config, keying::KeyExchange::dtls_srtp)) {
    auto own = ua::offer_dtls(config.dtls, *local.dtls_identity, offer.dtls_leg, random);
    plan.dtls = std::move(own.written);
    plan.dtls_first = config.key_exchanges.front() == keying::KeyExchange::dtls_srtp;
    offer.dtls = std::move(own.honest);
  }
  offer.sdp = ua::make_offer(plan);
  return offer;
}

bool offers_two_sections(const Config& config) {
  return policy_of(config.deviations).offer(config.srtp_mode) == OfferShape::srtp_and_rtp &&
         config.srtp_and_rtp_form == keying::Form::two_sections;
}

} // namespace sipvet::gateway
