#include "analysis/mikey_follower.hpp"

#include "base/hex.hpp"
#include "crypto/hash.hpp"
#include "keying/mikey_attribute.hpp"

namespace sipvet::analysis {
namespace {

// Octet 1 of the common header (RFC 3830 §6.1): the kind of message.
std::string_view exchange_name(ByteView message) {
  if (message.size() < 2) return "unknown";
  switch (message[1]) {
  case 0:
  case 1:
    return "psk";
  case 2:
  case 3:
    return "pk";
  case 4:
  case 5:
    return "dh";
  default:
    return "unknown";
  }
}

} // namespace

std::optional<std::string> MikeyFollower::find(const sdp::Session& session) {
  const auto in = [](const sdp::AttributeList& attributes) -> std::optional<std::string> {
    for (const auto value : attributes.values("key-mgmt"))
      if (value.starts_with(keying::mikey_protocol)) return std::string(value);
    return std::nullopt;
  };
  if (auto found = in(session.attributes)) return found;
  for (const auto& media : session.media)
    if (auto found = in(media.attributes)) return found;
  return std::nullopt;
}

void MikeyFollower::open_psk(ByteView message, Exchange& exchange, MikeyExchange& entry) const {
  // A message without encryption and MAC needs no key.
  std::vector<Bytes> psks = keys_.mikey_psks;
  if (psks.empty()) psks.emplace_back();
  for (const auto& psk : psks) {
    auto opened = keying::open_offer_psk(message, psk, mikey::MacCheck::null_allowed);
    if (!opened) {
      entry.reason = psk.empty() ? "no pre-shared key was given" : to_string(opened.error());
      continue;
    }
    exchange.opened = std::move(*opened);
    exchange.shared_key = psk;
    entry.reason.reset();
    const auto* kemac = exchange.opened->init.message.find<mikey::Kemac>();
    if (kemac->mac_algorithm != mikey::Mac::null) entry.mac_valid = true;
    return;
  }
  if (!keys_.mikey_psks.empty()) entry.mac_valid = false;
}

void MikeyFollower::open_public_key(ByteView message, Exchange& exchange, MikeyExchange& entry) const {
  std::vector<crypto::PrivateKey> keys = keys_.mikey_keys;
  for (const RsaKey& rsa : keys_.rsa) keys.push_back(rsa.key);
  entry.reason = "no RSA key of the answering side was given";
  for (const auto& key : keys) {
    auto opened = keying::open_offer_pk(message, key);
    if (!opened) {
      entry.reason = to_string(opened.error());
      continue;
    }
    exchange.shared_key = opened->init.envelope_key;
    exchange.opened = std::move(*opened);
    entry.reason.reset();
    entry.mac_valid = true;
    return;
  }
}

std::vector<std::string> MikeyFollower::on_offer(const std::string& attribute, std::size_t frame,
                                                 const std::string& call_id) {
  const auto [place, added] = exchanges_.try_emplace(attribute);
  if (!added) return {}; // sent again, or forwarded
  auto& exchange = place->second;
  exchange.report_index = report_.mikey.size();
  auto& entry = report_.mikey.emplace_back();
  entry.frame = frame;
  entry.call_id = call_id;
  const auto message = keying::parse_mikey_attribute(attribute);
  if (!message) {
    entry.reason = to_string(message.error());
    return {};
  }
  entry.exchange = exchange_name(*message);
  if (entry.exchange == "psk")
    open_psk(*message, exchange, entry);
  else if (entry.exchange == "pk")
    open_public_key(*message, exchange, entry);
  else if (entry.exchange == "dh")
    entry.reason =
        "a Diffie-Hellman exchange keeps its keys from who listens: only one of the two ends can give them";
  else
    entry.reason = "the kind of exchange is not known";
  describe(exchange);
  return exchange.opened ? exchange.opened->notes : std::vector<std::string>{};
}

void MikeyFollower::describe(const Exchange& exchange) {
  if (!exchange.opened) return;
  auto& entry = report_.mikey[exchange.report_index];
  const auto& keys = exchange.opened->keys;
  if (!keys.tgk.empty()) entry.tgk_sha1 = to_hex(crypto::digest(crypto::Hash::sha1, keys.tgk));
  entry.crypto_sessions.clear();
  for (const auto& session : keys.sessions) {
    auto& out = entry.crypto_sessions.emplace_back();
    out.id = session.cs_id;
    out.ssrc = session.ssrc;
    if (!options_.show_keys) continue;
    out.tek = session.key.master_key;
    out.salt = session.key.master_salt;
  }
}

void MikeyFollower::on_answer(const std::string& offered, const std::optional<std::string>& answered) {
  const auto found = exchanges_.find(offered);
  if (found == exchanges_.end() || !found->second.opened || !answered) return;
  auto& exchange = found->second;
  auto& entry = report_.mikey[exchange.report_index];
  const auto message = keying::parse_mikey_attribute(*answered);
  if (!message) {
    entry.reason = to_string(message.error());
    return;
  }
  auto keys = keying::complete_psk(*message, *exchange.opened, exchange.shared_key);
  entry.verification_valid = keys.has_value();
  if (!keys) {
    entry.reason = to_string(keys.error());
    return;
  }
  exchange.opened->keys = std::move(*keys);
  describe(exchange);
}

void MikeyFollower::add_keys(const std::string& offered, Leg& leg) const {
  const auto found = exchanges_.find(offered);
  if (found == exchanges_.end() || !found->second.opened) return;
  const auto& sessions = found->second.opened->keys.sessions;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    auto& owner = i % 2 == 0 ? leg.offerer : leg.answerer;
    auto& other = i % 2 == 0 ? leg.answerer : leg.offerer;
    owner.keys.push_back(sessions[i].key);
    owner.options = sessions[i].options;
    if (sessions[i].ssrc != 0) owner.rollovers = {{sessions[i].ssrc, sessions[i].roc}};
    // A message with one session keys both directions, as RTSP devices do it.
    const bool shared = sessions.size() == 1;
    (shared ? other.keys : other.other_keys).push_back(sessions[i].key);
    if (shared) other.options = sessions[i].options;
    leg.suite = std::string(rtp::name(sessions[i].key.suite));
  }
}

} // namespace sipvet::analysis
