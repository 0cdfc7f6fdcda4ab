#include "keying/mikey.hpp"

#include "base/hex.hpp"
#include "keying/mikey_suite.hpp"
#include "mikey/public_key.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::keying {

namespace {

constexpr std::size_t tgk_octets = 32; // one block of the PRF: 256 bits

} // namespace

Result<Bytes> mikey_psk(std::string_view text) {
  constexpr std::string_view hexadecimal = "hex:";
  Bytes key = to_bytes(text);
  if (text.starts_with(hexadecimal)) {
    auto octets = from_hex(text.substr(hexadecimal.size()));
    if (!octets) return fail("MIKEY pre-shared key: " + to_string(octets.error()));
    key = std::move(*octets);
  }
  if (key.empty()) return fail("MIKEY pre-shared key: expected text or hex:HEX");
  return key;
}

Result<MikeyOffer> to_offer(mikey::InitMessage init) {
  MikeyOffer out{std::move(init), {}, false, {}};
  SIPVET_TRY(out.keys, derive_mikey_keys(out.init));
  out.verification_wanted = out.init.message.header.verification_wanted;
  out.notes = mikey_notes(out.init);
  return out;
}

Result<MikeyOffer> open_offer_pk(ByteView message, const crypto::PrivateKey& responder) {
  SIPVET_TRY(mikey::InitMessage init, mikey::open_pk_envelope(message, responder));
  return to_offer(std::move(init));
}

Result<MikeyOffer> open_offer_psk(ByteView message, ByteView psk, mikey::MacCheck check) {
  SIPVET_TRY(mikey::InitMessage init, mikey::open_psk_init(message, psk, check));
  return to_offer(std::move(init));
}

mikey::InitPlan init_plan(const MikeyOfferPlan& plan, Random& random, Instant now) {
  mikey::InitPlan init;
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
    init.policies.push_back(mikey::to_payload(policy_of({plan.suite, plan.options}), session.policy_no));
  }
  if (!plan.offered_protocols.empty()) init.extensions.push_back(mikey::sdp_ids(plan.offered_protocols));
  if (plan.null_protection) {
    init.encryption = mikey::Encryption::null;
    init.mac = mikey::Mac::null;
  }
  mikey::KeyData tgk{mikey::KeyKind::tgk, random.bytes(tgk_octets), {}, {}};
  if (!plan.mki.empty()) tgk.validity = mikey::Spi{plan.mki};
  init.keys.push_back(std::move(tgk));
  return init;
}

Result<MikeyOffer> create_offer_psk(const MikeyOfferPlan& plan, ByteView psk, Random& random, Instant now) {
  SIPVET_TRY(mikey::InitMessage sealed, mikey::seal_psk_init(init_plan(plan, random, now), psk));
  return to_offer(std::move(sealed));
}

Result<Bytes> create_answer_psk(const MikeyOffer& offer, ByteView psk, std::optional<std::uint32_t> ssrc,
                                const std::optional<mikey::Id>& responder) {
  mikey::VerificationPlan plan{responder, offer.init.message.header.sessions};
  const auto unknown = std::ranges::find(plan.sessions, 0u, &mikey::SrtpId::ssrc);
  if (ssrc && unknown != plan.sessions.end()) unknown->ssrc = *ssrc;
  return mikey::seal_verification(offer.init, plan, psk);
}

Result<void> check_verification(ByteView response, const MikeyOffer& offer, ByteView psk) {
  SIPVET_CHECK(complete_psk(response, offer, psk));
  return {};
}

Result<MikeyKeys> complete_psk(ByteView response, const MikeyOffer& offer, ByteView psk) {
  SIPVET_TRY(const mikey::CheckedVerification answer, mikey::open_verification(response, offer.init, psk));
  if (answer.cover == mikey::VerificationCover::timestamp_only)
    return fail("the verification MAC leaves out the identities, which RFC 3830 §5.2 wants covered");
  MikeyKeys out = offer.keys;
  const auto& sessions = answer.message.header.sessions;
  for (CsKey& key : out.sessions) {
    if (key.ssrc != 0 || key.cs_id > sessions.size()) continue;
    key.ssrc = sessions[key.cs_id - 1u].ssrc;
    key.roc = sessions[key.cs_id - 1u].roc;
  }
  return out;
}

} // namespace sipvet::keying
