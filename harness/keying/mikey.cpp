#include "keying/mikey.hpp"

#include "keying/mikey_suite.hpp"
#include "mikey/derivation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::keying {

namespace {

constexpr std::size_t tgk_octets = 32; // one block of the PRF: 256 bits

// Our own notion of what to do with one key of the message: which sessions it keys.
bool keys_session(const mikey::PskInit& init, std::size_t key_index, std::size_t session_index) {
  const auto& keys = init.keys;
  const mikey::KeyData& key = keys[key_index];
  if (mikey::is_tgk(key.kind)) return true; // every session derives its own TEK
  // TEKs are not shared between sessions (§6.13): one for each session in order. A lone TEK serves all, as
  // RTSP devices send it.
  const auto teks = static_cast<std::size_t>(
      std::ranges::count_if(keys, [](const mikey::KeyData& k) { return !mikey::is_tgk(k.kind); }));
  if (teks == 1 || teks != init.message.header.sessions.size()) return true;
  const auto rank = static_cast<std::size_t>(
      std::count_if(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(key_index),
                    [](const mikey::KeyData& k) { return !mikey::is_tgk(k.kind); }));
  return rank == session_index;
}

Bytes mki_of(const mikey::KeyData& key) {
  const auto* spi = std::get_if<mikey::Spi>(&key.validity);
  return spi ? spi->value : Bytes{};
}

Result<void> check_length(std::string_view what, const Bytes& octets, std::size_t expected,
                          rtp::SrtpSuite suite) {
  if (octets.size() == expected) return {};
  return fail(
      fmt::format("{} has {} octets, expected {} for {}", what, octets.size(), expected, rtp::name(suite)));
}

// A salt that was sent is used instead of a derived one (§6.13); a TEK without salt leaves SRTP without
// (§7.1).
Result<rtp::SrtpKey> srtp_key(const mikey::DerivationContext& context, const mikey::KeyData& key,
                              std::uint8_t cs_id, rtp::SrtpSuite suite) {
  const rtp::SrtpSuiteInfo& info = rtp::info(suite);
  rtp::SrtpKey out{suite, key.key, key.salt, mki_of(key)};
  if (mikey::is_tgk(key.kind)) {
    SIPVET_TRY(out.master_key,
               mikey::derive_session_key(context, key.key, cs_id, mikey::SessionUse::tek, info.key_octets));
  }
  if (key.kind == mikey::KeyKind::tgk) {
    SIPVET_TRY(out.master_salt,
               mikey::derive_session_key(context, key.key, cs_id, mikey::SessionUse::salt, info.salt_octets));
  }
  if (key.kind == mikey::KeyKind::tek) out.master_salt.assign(info.salt_octets, 0);
  SIPVET_CHECK(check_length("TEK", out.master_key, info.key_octets, suite));
  SIPVET_CHECK(check_length("salt", out.master_salt, info.salt_octets, suite));
  return out;
}

Result<mikey::SrtpPolicy> policy_for(const mikey::Message& message, std::uint8_t policy_no) {
  for (const mikey::Payload& payload : message.payloads) {
    const auto* policy = std::get_if<mikey::SecurityPolicy>(&payload);
    if (policy && policy->policy_no == policy_no) return mikey::srtp_policy(*policy);
  }
  return mikey::SrtpPolicy{}; // SRTP's defaults
}

Result<MikeyKeys> derive_keys(const mikey::PskInit& init) {
  const mikey::Header& header = init.message.header;
  const mikey::DerivationContext context{header.prf, header.csb_id, init.rand().value};
  MikeyKeys out;
  const auto tgk =
      std::ranges::find_if(init.keys, [](const mikey::KeyData& k) { return mikey::is_tgk(k.kind); });
  if (tgk != init.keys.end()) out.tgk = tgk->key;
  for (std::size_t s = 0; s < header.sessions.size(); ++s) {
    const mikey::SrtpId& session = header.sessions[s];
    const auto cs_id = static_cast<std::uint8_t>(s + 1);
    SIPVET_TRY(const mikey::SrtpPolicy policy, policy_for(init.message, session.policy_no));
    SIPVET_TRY(const rtp::SrtpSuite suite, suite_of(policy));
    for (std::size_t k = 0; k < init.keys.size(); ++k) {
      if (!keys_session(init, k, s)) continue;
      SIPVET_TRY(rtp::SrtpKey key, srtp_key(context, init.keys[k], cs_id, suite));
      out.sessions.push_back({cs_id, session.ssrc, session.roc, std::move(key)});
    }
  }
  return out;
}

std::vector<std::string> notes_on(const mikey::PskInit& init) {
  std::vector<std::string> out;
  for (const mikey::SecurityPolicy& payload : init.message.all<mikey::SecurityPolicy>())
    if (const auto policy = mikey::srtp_policy(payload))
      for (std::string& text : mikey::oddities(*policy))
        out.push_back(fmt::format("security policy {}: {}", payload.policy_no, text));
  for (const mikey::SrtpId& session : init.message.header.sessions) {
    const auto policies = init.message.all<mikey::SecurityPolicy>();
    if (std::ranges::none_of(policies, [&](const auto& p) { return p.policy_no == session.policy_no; }))
      out.push_back(fmt::format("security policy {} is not in the message; SRTP's defaults are assumed",
                                session.policy_no));
  }
  if (init.rand().value.size() < mikey::min_rand_octets)
    out.push_back(fmt::format("RAND has {} octets, RFC 3830 §6.11 asks for at least {}",
                              init.rand().value.size(), mikey::min_rand_octets));
  if (init.message.find<mikey::Kemac>()->encryption == mikey::Encryption::null)
    out.emplace_back("the keys are not encrypted (KEMAC encryption is NULL)");
  return out;
}

Result<MikeyOffer> to_offer(mikey::PskInit init) {
  MikeyOffer out{std::move(init), {}, false, {}};
  SIPVET_TRY(out.keys, derive_keys(out.init));
  out.verification_wanted = out.init.message.header.verification_wanted;
  out.notes = notes_on(out.init);
  return out;
}

} // namespace

const CsKey* MikeyKeys::find_ssrc(std::uint32_t ssrc) const {
  const auto found = std::ranges::find(sessions, ssrc, &CsKey::ssrc);
  return found == sessions.end() ? nullptr : &*found;
}

const CsKey* MikeyKeys::find_session(std::uint8_t cs_id) const {
  const auto found = std::ranges::find(sessions, cs_id, &CsKey::cs_id);
  return found == sessions.end() ? nullptr : &*found;
}

Result<MikeyOffer> open_offer_psk(ByteView message, ByteView psk) {
  SIPVET_TRY(mikey::PskInit init, mikey::open_psk_init(message, psk));
  return to_offer(std::move(init));
}

Result<MikeyOffer> create_offer_psk(const MikeyOfferPlan& plan, ByteView psk, Random& random, Instant now) {
  mikey::PskInitPlan init;
  init.header.csb_id = random.u32();
  init.header.verification_wanted = plan.verification_wanted;
  init.header.sessions = plan.sessions;
  init.timestamp = mikey::ntp_utc(now);
  init.rand.value = random.bytes(mikey::min_rand_octets);
  init.initiator = plan.initiator;
  init.responder = plan.responder;
  std::vector<std::uint8_t> written;
  for (const mikey::SrtpId& session : plan.sessions) {
    if (std::ranges::find(written, session.policy_no) != written.end()) continue;
    written.push_back(session.policy_no);
    init.policies.push_back(mikey::to_payload(policy_of(plan.suite), session.policy_no));
  }
  if (!plan.offered_protocols.empty()) init.extensions.push_back(mikey::sdp_ids(plan.offered_protocols));
  mikey::KeyData tgk{mikey::KeyKind::tgk, random.bytes(tgk_octets), {}, {}};
  if (!plan.mki.empty()) tgk.validity = mikey::Spi{plan.mki};
  init.keys.push_back(std::move(tgk));
  SIPVET_TRY(mikey::PskInit sealed, mikey::seal_psk_init(init, psk));
  return to_offer(std::move(sealed));
}

Result<Bytes> create_answer_psk(const MikeyOffer& offer, ByteView psk, std::optional<std::uint32_t> ssrc,
                                const std::optional<mikey::Id>& responder) {
  mikey::VerificationPlan plan{responder, offer.init.message.header.sessions};
  const auto unknown = std::ranges::find(plan.sessions, 0u, &mikey::SrtpId::ssrc);
  if (ssrc && unknown != plan.sessions.end()) unknown->ssrc = *ssrc;
  return mikey::seal_psk_verification(offer.init, plan, psk);
}

Result<void> check_verification(ByteView response, const MikeyOffer& offer, ByteView psk) {
  SIPVET_CHECK(complete_psk(response, offer, psk));
  return {};
}

Result<MikeyKeys> complete_psk(ByteView response, const MikeyOffer& offer, ByteView psk) {
  SIPVET_TRY(const mikey::PskVerification answer, mikey::open_psk_verification(response, offer.init, psk));
  if (answer.cover == mikey::VerificationCover::timestamp_only)
    return fail("the verification MAC leaves out the identities, which RFC 3830 §5.2 wants covered");
  MikeyKeys out = offer.keys;
  const auto& sessions = answer.message.header.sessions;
  for (CsKey& key : out.sessions) {
    if (key.ssrc == 0 && key.cs_id <= sessions.size()) key.ssrc = sessions[key.cs_id - 1u].ssrc;
  }
  return out;
}

} // namespace sipvet::keying
