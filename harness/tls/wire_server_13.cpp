// What a TLS 1.3 server makes of key shares and pre-shared keys, and of the hello that follows a retry.
#include "tls/wire_server.hpp"

#include "crypto/hmac.hpp"
#include "tls/wire_schemes.hpp"
#include "tlswire/finished.hpp"
#include "tlswire/key_share.hpp"
#include "tlswire/pre_shared_key.hpp"
#include "tlswire/version.hpp"

#include <algorithm>

namespace sipvet::tls {
namespace {

namespace extension = tlswire::extension;
using tlswire::Extension;
using tlswire::HandshakeMessage;

Result<std::vector<tlswire::KeyShareEntry>> shares_of(const tlswire::ClientHello& hello) {
  const Extension* shares = hello.extensions.find(extension::key_share);
  if (shares == nullptr) return fail("there is none");
  return tlswire::parse_client_key_shares(shares->body);
}

// RFC 8446 §4.1.2: all but what the retry is about stays as it was.
std::vector<Extension> lasting_extensions(const tlswire::ClientHello& hello) {
  std::vector<Extension> out = hello.extensions.list;
  std::erase_if(out, [](const Extension& each) {
    return each.type == extension::key_share || each.type == extension::pre_shared_key ||
           each.type == extension::early_data || each.type == extension::cookie ||
           each.type == extension::padding;
  });
  std::ranges::sort(out, {}, &Extension::type);
  return out;
}

} // namespace

// A group that both have decides; where the client sent no share for it, a retry asks for one (RFC 8446
// §4.1.4).
Verdict ServerHandshake::take_hello_13(const HandshakeMessage& message) {
  if (client_hello_.compressions != Bytes{0} && !deviations().accept_compression)
    return fault(alert::illegal_parameter, "a TLS 1.3 hello offers compression (RFC 8446 §4.1.2)");
  for (const std::uint16_t needed : {extension::supported_groups, extension::signature_algorithms}) {
    if (!client_hello_.extensions.has(needed))
      return fault(alert::missing_extension, "the client's hello lacks " + tlswire::extension_name(needed));
  }
  const auto shares = shares_of(client_hello_);
  if (!shares)
    return fault(client_hello_.extensions.has(extension::key_share) ? alert::decode_error
                                                                    : alert::missing_extension,
                 "the client's key_share: " + shares.error().what);
  // Of the groups in common, one that came with a share saves a round trip.
  for (const std::uint16_t group : link_.context->groups()) {
    const auto share = std::ranges::find(*shares, group, &tlswire::KeyShareEntry::group);
    if (share == shares->end()) continue;
    if (std::ranges::find(client_groups_, group) == client_groups_.end())
      return fault(alert::illegal_parameter, "the client sent a key share of a group that it does not offer");
    group_ = group;
    if (auto problem = take_share(share->key)) return problem;
    return take_psk(message);
  }
  const auto group = common_group();
  if (!group) return fault(alert::handshake_failure, "no common key exchange group");
  group_ = *group;
  retried_ = true;
  first_hello_ = client_hello_;
  return std::nullopt;
}

Verdict ServerHandshake::take_share(const Bytes& share) {
  ephemeral_.emplace(crypto::EphemeralKey::make(*group_of(group_), link_.random));
  auto secret = ephemeral_->shared_secret(share);
  if (!secret) return fault(alert::illegal_parameter, "the client's key_share: " + secret.error().what);
  premaster_ = std::move(*secret);
  return std::nullopt;
}

Verdict ServerHandshake::receive_second_hello(const HandshakeMessage& message) {
  if (auto problem = read_hello(message.body)) return problem;
  const bool same =
      client_hello_.compressions == first_hello_.compressions &&
      lasting_extensions(client_hello_) == lasting_extensions(first_hello_) &&
      !client_hello_.extensions.has_duplicate() && client_hello_.random == first_hello_.random &&
      client_hello_.suites == first_hello_.suites && client_hello_.session_id == first_hello_.session_id &&
      client_hello_.version == first_hello_.version;
  if (!same) return fault(alert::illegal_parameter, "the client changed its hello after HelloRetryRequest");
  const auto shares = shares_of(client_hello_);
  const bool one = shares && shares->size() == 1 && shares->front().group == group_;
  if (!one)
    return fault(alert::illegal_parameter, "the client's second hello has not the one key share asked for");
  if (auto problem = take_share(shares->front().key)) return problem;
  return take_psk(message);
}

// RFC 8446 §4.2.11: the first identity that is known; its binder must be right.
Verdict ServerHandshake::take_psk(const HandshakeMessage& message) {
  const Extension* found = client_hello_.extensions.find(extension::pre_shared_key);
  if (found == nullptr) return std::nullopt;
  if (!tlswire::is_last(client_hello_.extensions, extension::pre_shared_key))
    return fault(alert::illegal_parameter, "the client's pre_shared_key is not its last extension");
  const auto offer = tlswire::parse_psk_offer(found->body);
  if (!offer) return fault(alert::decode_error, "the client's pre_shared_key: " + offer.error().what);
  const Extension* modes = client_hello_.extensions.find(extension::psk_key_exchange_modes);
  if (modes == nullptr) return fault(alert::missing_extension, "the client sent no psk_key_exchange_modes");
  const auto mode_list = tlswire::parse_psk_modes(modes->body);
  if (!mode_list)
    return fault(alert::decode_error, "the client's psk_key_exchange_modes: " + mode_list.error().what);
  const bool with_exchange = std::ranges::find(*mode_list, tlswire::psk_mode::psk_dhe_ke) != mode_list->end();
  if (!with_exchange || !link_.config().allow_resumption) return std::nullopt;
  for (std::size_t i = 0; i < offer->identities.size(); ++i) {
    const auto session = link_.context->sessions().find(offer->identities[i].identity);
    if (!session || !may_resume(*session) || session->suite->prf != suite_->prf) continue;
    tlswire::Transcript partial = transcript_;
    partial.add(tlswire::without_binders(message.raw, *offer));
    schedule_.emplace(*suite_, session->secret);
    const Bytes expected = tlswire::finished_verify_data_13(
        *suite_, schedule_->binder_key(tlswire::PskKind::resumption), partial.hash());
    if (!crypto::equal_constant_time(expected, offer->binders[i]) && !deviations().ignore_psk_binder)
      return fault(alert::decrypt_error, "the binder of the client's pre-shared key is wrong");
    psk_ = true;
    asks_ = false; // RFC 8446 §4.3.2: not beside a pre-shared key
    resumed_ = session;
    peer_chain_ = session->peer_chain_der;
    link_.session_key = offer->identities[i].identity;
    selected_psk_ = static_cast<std::uint16_t>(i);
    return std::nullopt;
  }
  return std::nullopt;
}

} // namespace sipvet::tls
