#include "keying/mikey_keys.hpp"

#include "keying/mikey_suite.hpp"
#include "mikey/derivation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::keying {

namespace {

// Our own notion of what to do with one key of the message: which sessions it keys.
bool keys_session(const mikey::InitMessage& init, std::size_t key_index, std::size_t session_index) {
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

} // namespace

const CsKey* MikeyKeys::find_ssrc(std::uint32_t ssrc) const {
  const auto found = std::ranges::find(sessions, ssrc, &CsKey::ssrc);
  return found == sessions.end() ? nullptr : &*found;
}

const CsKey* MikeyKeys::find_session(std::uint8_t cs_id) const {
  const auto found = std::ranges::find(sessions, cs_id, &CsKey::cs_id);
  return found == sessions.end() ? nullptr : &*found;
}

Result<MikeyKeys> derive_mikey_keys(const mikey::InitMessage& init) {
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
    SIPVET_TRY(const MikeyTransform transform, transform_of(policy));
    for (std::size_t k = 0; k < init.keys.size(); ++k) {
      if (!keys_session(init, k, s)) continue;
      SIPVET_TRY(rtp::SrtpKey key, srtp_key(context, init.keys[k], cs_id, transform.suite));
      out.sessions.push_back({cs_id, session.ssrc, session.roc, std::move(key), transform.options});
    }
  }
  return out;
}

std::vector<std::string> mikey_notes(const mikey::InitMessage& init) {
  std::vector<std::string> out;
  for (const mikey::SecurityPolicy& payload : init.message.all<mikey::SecurityPolicy>()) {
    for (const std::uint8_t number : mikey::unknown_parameters(payload))
      out.push_back(fmt::format("security policy {}: parameter {} is not known and passed over",
                                payload.policy_no, number));
    if (const auto policy = mikey::srtp_policy(payload))
      for (std::string& text : mikey::oddities(*policy))
        out.push_back(fmt::format("security policy {}: {}", payload.policy_no, text));
  }
  for (const mikey::SrtpId& session : init.message.header.sessions) {
    const auto policies = init.message.all<mikey::SecurityPolicy>();
    if (std::ranges::none_of(policies, [&](const auto& p) { return p.policy_no == session.policy_no; }))
      out.push_back(fmt::format("security policy {} is not in the message; SRTP's defaults are assumed",
                                session.policy_no));
  }
  if (init.rand().value.size() < mikey::min_rand_octets)
    out.push_back(fmt::format("RAND has {} octets, RFC 3830 §6.11 asks for at least {}",
                              init.rand().value.size(), mikey::min_rand_octets));
  const auto* kemac = init.message.find<mikey::Kemac>();
  if (kemac != nullptr && kemac->encryption == mikey::Encryption::null)
    out.emplace_back("the keys are not encrypted (KEMAC encryption is NULL)");
  if (kemac != nullptr && kemac->mac_algorithm == mikey::Mac::null)
    out.emplace_back("the message is not authenticated (KEMAC MAC is NULL)");
  return out;
}

Result<MediaKeys> media_keys(const MikeyKeys& keys, MikeySide side) {
  if (keys.sessions.empty()) return fail("the message keys no crypto session: its CS ID map is empty");
  const auto context = [&](std::uint8_t cs_id) {
    rtp::SrtpContext out;
    for (const CsKey& each : keys.sessions) {
      if (each.cs_id != cs_id) continue;
      out.keys.push_back(each.key);
      out.options = each.options;
      if (each.ssrc != 0 && each.roc != 0) out.rollovers = {{each.ssrc, each.roc}};
    }
    return out;
  };
  const rtp::SrtpContext first = context(1);
  const rtp::SrtpContext second = keys.find_session(2) == nullptr ? first : context(2);
  if (side == MikeySide::initiator) return MediaKeys{KeyExchange::mikey, first, second};
  return MediaKeys{KeyExchange::mikey, second, first};
}

} // namespace sipvet::keying
