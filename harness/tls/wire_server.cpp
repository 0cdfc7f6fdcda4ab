#include "tls/wire_server.hpp"

#include "base/reader.hpp"
#include "tls/wire_schemes.hpp"
#include "tlswire/certificate_request.hpp"
#include "tlswire/client_key_exchange.hpp"
#include "tlswire/downgrade.hpp"
#include "tlswire/encrypted_extensions.hpp"
#include "tlswire/hello_retry_request.hpp"
#include "tlswire/key_share.hpp"
#include "tlswire/new_session_ticket.hpp"
#include "tlswire/pre_shared_key.hpp"
#include "tlswire/server_key_exchange.hpp"
#include "tlswire/version.hpp"

#include <algorithm>
#include <array>

namespace sipvet::tls {
namespace {

namespace extension = tlswire::extension;
using tlswire::HandshakeMessage;
using tlswire::HandshakeType;
using tlswire::KeyExchange;

constexpr std::size_t session_id_octets = 32;
constexpr std::size_t ticket_octets = 32;
constexpr std::uint16_t unassigned_extension = 0xfe20; // not in IANA's registry
constexpr std::uint16_t no_such_psk = 7;
constexpr std::uint8_t uncompressed_points[] = {0};
constexpr std::size_t max_listed_authorities = 100;

// An answer to a question that our clients never ask (RFC 7301 §3.1).
tlswire::Extension unsolicited() { return {extension::alpn, {0, 4, 3, 's', 'i', 'p'}}; }

} // namespace

ServerHandshake::ServerHandshake(WireLink& link) : Handshake(link) {}

std::optional<Move> ServerHandshake::move_of(const HandshakeMessage& message) const {
  switch (message.type) {
  case HandshakeType::client_hello:
    return retried_ ? Move::client_hello_again : Move::client_hello;
  case HandshakeType::certificate:
    return Move::client_certificate;
  case HandshakeType::client_key_exchange:
    return Move::client_key_exchange;
  case HandshakeType::certificate_verify:
    return Move::client_certificate_verify;
  case HandshakeType::finished:
    return Move::client_finished;
  default:
    return std::nullopt;
  }
}

Verdict ServerHandshake::receive(Move move, const HandshakeMessage& message) {
  switch (move) {
  case Move::client_hello:
    return receive_hello(message);
  case Move::client_hello_again:
    return receive_second_hello(message);
  case Move::client_certificate:
    return receive_certificate(message.body);
  case Move::client_key_exchange:
    return receive_client_key_exchange(message.body);
  case Move::client_certificate_verify:
    return receive_certificate_verify(message.body);
  case Move::client_finished:
    return receive_finished(message.body);
  default:
    return std::nullopt;
  }
}

Verdict ServerHandshake::send(Move move) {
  switch (move) {
  case Move::hello_retry_request:
    return send_retry();
  case Move::server_hello:
    return send_server_hello();
  case Move::encrypted_extensions:
    send_encrypted_extensions();
    return std::nullopt;
  case Move::server_certificate:
    return send_certificate();
  case Move::server_certificate_verify:
    return send_certificate_verify();
  case Move::server_key_exchange:
    return send_server_key_exchange();
  case Move::certificate_request:
    return send_certificate_request();
  case Move::server_hello_done:
    send_message(HandshakeType::server_hello_done, {});
    return std::nullopt;
  case Move::new_session_ticket:
    return send_session_ticket();
  case Move::server_finished:
    return send_finished();
  default:
    return std::nullopt; // ChangeCipherSpec: the same for both sides
  }
}

void ServerHandshake::send_encrypted_extensions() {
  tlswire::Extensions extensions;
  if (deviations().unsolicited_extension) extensions.list.push_back(unsolicited());
  send_message(HandshakeType::encrypted_extensions, tlswire::write_encrypted_extensions(extensions));
}

Verdict ServerHandshake::send_retry() {
  transcript_.replace_by_message_hash();
  const tlswire::ServerHello retry = tlswire::make_hello_retry_request(client_hello_, suite_->code, group_);
  send_message(HandshakeType::server_hello, tlswire::write_server_hello(retry));
  send_change_cipher_spec();
  if (!deviations().retry_changes_suite) return std::nullopt;
  for (const tlswire::Suite* other : link_.context->suites()) {
    if (other->code == suite_->code || other->prf != suite_->prf || !usable(*other)) continue;
    suite_ = other;
    break;
  }
  return std::nullopt;
}

Verdict ServerHandshake::send_server_hello() {
  const Deviations& told = deviations();
  server_hello_ = {};
  server_hello_.version = std::min(version_, tlswire::tls1_2);
  const Bytes random = link_.random.bytes(server_hello_.random.size());
  std::ranges::copy(random, server_hello_.random.begin());
  mark_downgrade();
  server_hello_.suite = suite_->code;
  if (is_13()) {
    server_hello_.session_id = client_hello_.session_id;
    add_extensions_13();
  } else {
    if (resumed_)
      server_hello_.session_id = client_hello_.session_id;
    else if (link_.config().allow_resumption && !ticket_promised_)
      server_hello_.session_id = link_.random.bytes(session_id_octets);
    add_extensions_12();
  }
  auto& list = server_hello_.extensions.list;
  for (int i = 0; i < told.unknown_extensions; ++i)
    list.push_back({static_cast<std::uint16_t>(unassigned_extension + i), {}});
  if (told.unsolicited_extension && !is_13()) list.push_back(unsolicited());
  if (told.duplicate_extension && !list.empty()) list.push_back(list.front());
  server_hello_.extensions_present = !list.empty();
  if (!told.hello_version.empty()) server_hello_.version = told.hello_version.front();
  if (!told.chosen_suite.empty()) server_hello_.suite = told.chosen_suite.front();
  if (!told.compression_methods.empty())
    server_hello_.compression = static_cast<std::uint8_t>(told.compression_methods.front());
  send_message(HandshakeType::server_hello, tlswire::write_server_hello(server_hello_));
  return std::nullopt;
}

// RFC 8446 §4.1.3.
void ServerHandshake::mark_downgrade() {
  const bool newer = link_.context->highest() > version_;
  if ((newer && !deviations().no_downgrade_mark) || deviations().false_downgrade_mark)
    tlswire::mark_downgrade(server_hello_.random, version_);
}

void ServerHandshake::add_extensions_12() {
  auto& list = server_hello_.extensions.list;
  const std::string& told = deviations().renegotiation_info;
  if (client_renegotiates_securely_ && told != "missing") {
    Bytes data = link_.client_verify_data;
    append(data, link_.server_verify_data);
    if (told == "wrong") data.push_back(0x5a);
    list.push_back(tlswire::make_renegotiation_info(data));
  }
  const bool left_out = !client_hello_.extensions.has(extension::extended_master_secret) ||
                        (resumed_ && deviations().resume_without_extended_master_secret);
  if (extended_master_secret_ && !left_out) list.push_back({extension::extended_master_secret, {}});
  const bool with_aead = deviations().encrypt_then_mac_with_aead &&
                         suite_->mode() == tlswire::SuiteMode::aead &&
                         client_hello_.extensions.has(extension::encrypt_then_mac);
  if (encrypt_then_mac_ || with_aead) list.push_back({extension::encrypt_then_mac, {}});
  if (ticket_promised_) list.push_back({extension::session_ticket, {}});
  const bool ephemeral = suite_->exchange != KeyExchange::rsa;
  if (ephemeral && client_hello_.extensions.has(extension::ec_point_formats))
    list.push_back(tlswire::make_ec_point_formats(uncompressed_points));
  if (!deviations().offered_versions.empty())
    list.push_back(tlswire::make_selected_version(deviations().offered_versions.front()));
}

void ServerHandshake::add_extensions_13() {
  auto& list = server_hello_.extensions.list;
  const auto& told = deviations().offered_versions;
  list.push_back(tlswire::make_selected_version(told.empty() ? version_ : told.front()));
  list.push_back(tlswire::make_server_key_share({group_, ephemeral_->public_value()}));
  if (psk_)
    list.push_back(tlswire::make_selected_psk(deviations().wrong_psk_index ? no_such_psk : selected_psk_));
}

Verdict ServerHandshake::send_server_key_exchange() {
  tlswire::ServerKeyExchange message;
  message.group = *common_group();
  ephemeral_.emplace(crypto::EphemeralKey::make(*group_of(message.group), link_.random));
  message.public_value = ephemeral_->public_value();
  const Bytes content = tlswire::ecdhe_signed_parameters(client_hello_.random, server_hello_.random,
                                                         message.group, message.public_value);
  auto signature = sign_with(content, message.signature_scheme, peer_schemes_);
  if (!signature) return fault(alert::handshake_failure, signature.error().what);
  message.signature = std::move(*signature);
  if (deviations().bad_key_exchange_signature) message.signature.back() ^= 1;
  send_message(HandshakeType::server_key_exchange,
               tlswire::write_ecdhe_server_key_exchange(message, version_));
  return std::nullopt;
}

Verdict ServerHandshake::send_certificate_request() {
  tlswire::CertificateRequest request;
  const auto schemes = verified_schemes(link_.config().security_level);
  if (is_13()) {
    request.extensions.list.push_back(tlswire::make_signature_algorithms(schemes));
  } else {
    request.certificate_types = {tlswire::certificate_type::rsa_sign, tlswire::certificate_type::ecdsa_sign};
    if (version_ >= tlswire::tls1_2) request.signature_schemes.assign(schemes.begin(), schemes.end());
    for (const crypto::Certificate& root : link_.context->roots()) {
      if (request.authorities.size() < max_listed_authorities)
        request.authorities.push_back(root.subject_der);
    }
  }
  requested_ = true;
  send_message(HandshakeType::certificate_request, tlswire::write_certificate_request(request, version_));
  return std::nullopt;
}

Verdict ServerHandshake::send_session_ticket() {
  tlswire::NewSessionTicket message;
  message.lifetime_s = session_lifetime_s;
  ticket_ = link_.random.bytes(ticket_octets);
  message.ticket = ticket_;
  send_message(HandshakeType::new_session_ticket, tlswire::write_new_session_ticket(message, version_));
  return std::nullopt;
}

Verdict ServerHandshake::receive_client_key_exchange(ByteView body) {
  if (suite_->exchange == KeyExchange::rsa) return receive_rsa_key_exchange(body);
  const auto point = tlswire::parse_ecdhe_client_key_exchange(body);
  if (!point) return fault(alert::decode_error, "the peer's ClientKeyExchange: " + point.error().what);
  auto secret = ephemeral_->shared_secret(*point);
  if (!secret) return fault(alert::illegal_parameter, "the client's key: " + secret.error().what);
  premaster_ = std::move(*secret);
  return std::nullopt;
}

// RFC 5246 §7.4.7.1: whatever is wrong with it, a random secret takes its place, and the handshake fails
// where the Finished is read, as it would for a right one of the wrong key.
Verdict ServerHandshake::receive_rsa_key_exchange(ByteView body) {
  const auto encrypted = tlswire::parse_rsa_client_key_exchange(body, version_);
  if (!encrypted)
    return fault(alert::decode_error, "the peer's ClientKeyExchange: " + encrypted.error().what);
  const Bytes instead = link_.random.bytes(tlswire::premaster_octets);
  const auto secret = link_.context->key()->decrypt_pkcs1(*encrypted);
  const bool whole = secret && secret->size() == tlswire::premaster_octets;
  if (!whole && deviations().premaster_oracle)
    return fault(alert::decrypt_error, "the premaster secret does not decrypt");
  bool right = whole;
  if (whole && !deviations().ignore_premaster_version) {
    Reader reader(*secret);
    right = *reader.u16("version") == client_hello_.version;
  }
  premaster_ = right ? *secret : instead;
  return std::nullopt;
}

std::unique_ptr<Handshake> make_server_handshake(WireLink& link) {
  return std::make_unique<ServerHandshake>(link);
}

} // namespace sipvet::tls
