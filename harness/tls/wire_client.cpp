#include "tls/wire_client.hpp"

#include "base/writer.hpp"
#include "tls/wire_schemes.hpp"
#include "tlswire/certificate_request.hpp"
#include "tlswire/client_key_exchange.hpp"
#include "tlswire/encrypted_extensions.hpp"
#include "tlswire/named_groups.hpp"
#include "tlswire/new_session_ticket.hpp"
#include "tlswire/server_key_exchange.hpp"
#include "tlswire/version.hpp"

#include <algorithm>

namespace sipvet::tls {
namespace {

using tlswire::HandshakeMessage;
using tlswire::HandshakeType;
using tlswire::KeyExchange;

// RFC 8017 §7.2.1: 00 02, at least eight octets other than zero, 00, then the secret.
Bytes padded_premaster(ByteView secret, std::size_t octets, const std::string& told, Random& random) {
  Bytes block{0, static_cast<std::uint8_t>(told == "bad-type" ? 1 : 2)};
  while (block.size() + 1 + secret.size() < octets)
    block.push_back(static_cast<std::uint8_t>(1 + random.below(255)));
  block.push_back(told == "no-separator" ? 0xff : 0);
  append(block, secret);
  if (told == "no-separator") {
    for (std::size_t i = 2; i < block.size(); ++i) {
      if (block[i] == 0) block[i] = 0xff;
    }
  }
  return block;
}

} // namespace

ClientHandshake::ClientHandshake(WireLink& link) : Handshake(link) {}

std::optional<Move> ClientHandshake::move_of(const HandshakeMessage& message) const {
  switch (message.type) {
  case HandshakeType::server_hello: {
    const auto hello = tlswire::parse_server_hello(message.body);
    return hello && hello->is_hello_retry_request() ? Move::hello_retry_request : Move::server_hello;
  }
  case HandshakeType::encrypted_extensions:
    return Move::encrypted_extensions;
  case HandshakeType::certificate:
    return Move::server_certificate;
  case HandshakeType::certificate_verify:
    return Move::server_certificate_verify;
  case HandshakeType::server_key_exchange:
    return Move::server_key_exchange;
  case HandshakeType::certificate_request:
    return Move::certificate_request;
  case HandshakeType::server_hello_done:
    return Move::server_hello_done;
  case HandshakeType::new_session_ticket:
    return Move::new_session_ticket;
  case HandshakeType::finished:
    return Move::server_finished;
  default:
    return std::nullopt;
  }
}

Verdict ClientHandshake::send(Move move) {
  switch (move) {
  case Move::client_hello:
    return send_hello();
  case Move::client_hello_again:
    send_change_cipher_spec();
    link_.records.write_version(tlswire::tls1_2);
    send_message(HandshakeType::client_hello, hello_with_binder());
    return std::nullopt;
  case Move::client_certificate:
    return send_certificate();
  case Move::client_key_exchange:
    return send_client_key_exchange();
  case Move::client_certificate_verify:
    return send_certificate_verify();
  case Move::client_finished:
    return send_finished();
  default:
    return std::nullopt; // ChangeCipherSpec: the same for both sides
  }
}

Verdict ClientHandshake::receive(Move move, const HandshakeMessage& message) {
  switch (move) {
  case Move::hello_retry_request:
    return receive_retry(message.body);
  case Move::server_hello:
    return receive_server_hello(message.body);
  case Move::encrypted_extensions:
    return receive_encrypted_extensions(message.body);
  case Move::certificate_request:
    return receive_certificate_request(message.body);
  case Move::server_certificate:
    if (auto problem = receive_certificate(message.body)) return problem;
    return check_server_key();
  case Move::server_certificate_verify:
    return receive_certificate_verify(message.body);
  case Move::server_key_exchange:
    return receive_server_key_exchange(message.body);
  case Move::server_hello_done:
    if (!message.body.empty() && !deviations().ignore_message_length)
      return fault(alert::decode_error, "the peer's ServerHelloDone has octets in it");
    return std::nullopt;
  case Move::new_session_ticket:
    return receive_session_ticket(message.body);
  case Move::server_finished:
    return receive_finished(message.body);
  default:
    return std::nullopt;
  }
}

// The suite says what kind of key the certificate must have (RFC 5246 §7.4.2, RFC 8422 §2).
Verdict ClientHandshake::check_server_key() const {
  if (is_13() || !peer_certificate_) return std::nullopt;
  const bool ecdsa = suite_->exchange == KeyExchange::ecdhe_ecdsa;
  const bool fits = ecdsa ? peer_certificate_->key_type == crypto::KeyType::ec ||
                                peer_certificate_->key_type == crypto::KeyType::ed25519
                          : peer_certificate_->key_type == crypto::KeyType::rsa;
  if (fits) return std::nullopt;
  return fault(alert::illegal_parameter,
               "the key of the server's certificate is no key for " + std::string(suite_->name));
}

Verdict ClientHandshake::receive_encrypted_extensions(ByteView body) {
  const auto extensions = tlswire::parse_encrypted_extensions(body);
  if (!extensions)
    return fault(alert::decode_error, "the peer's EncryptedExtensions: " + extensions.error().what);
  return check_extensions(*extensions, places::encrypted_extensions);
}

Verdict ClientHandshake::receive_certificate_request(ByteView body) {
  if (psk_) return fault(alert::unexpected_message, "the server asks for a certificate in a resumed session");
  auto request = tlswire::parse_certificate_request(body, version_);
  if (!request) return fault(alert::decode_error, "the peer's CertificateRequest: " + request.error().what);
  requested_ = true;
  request_context_ = request->context;
  peer_schemes_ = request->signature_schemes;
  if (!is_13()) return std::nullopt;
  const auto* schemes = request->extensions.find(tlswire::extension::signature_algorithms);
  if (schemes == nullptr)
    return fault(alert::missing_extension, "the peer's CertificateRequest has no signature_algorithms");
  auto parsed = tlswire::parse_signature_algorithms(schemes->body);
  if (!parsed) return fault(alert::decode_error, "the peer's CertificateRequest: " + parsed.error().what);
  peer_schemes_ = std::move(*parsed);
  return std::nullopt;
}

Verdict ClientHandshake::receive_server_key_exchange(ByteView body) {
  const auto message = tlswire::parse_ecdhe_server_key_exchange(body, version_);
  if (!message) return fault(alert::decode_error, "the peer's ServerKeyExchange: " + message.error().what);
  const auto& own = link_.context->groups();
  if (std::ranges::find(own, message->group) == own.end())
    return fault(alert::illegal_parameter, "the server uses the group " +
                                               tlswire::named_group_name(message->group) +
                                               ", which was not offered");
  const Bytes content = tlswire::ecdhe_signed_parameters(client_hello_.random, server_hello_.random,
                                                         message->group, message->public_value);
  if (auto problem = check_signature(content, message->signature_scheme, message->signature,
                                     deviations().ignore_key_exchange_signature, "ServerKeyExchange"))
    return problem;
  server_group_ = message->group;
  server_public_ = message->public_value;
  return std::nullopt;
}

Verdict ClientHandshake::send_client_key_exchange() {
  if (suite_->exchange == KeyExchange::rsa) return send_rsa_key_exchange();
  const auto group = group_of(server_group_);
  if (!group) return fault(alert::unexpected_message, "the server sent no ServerKeyExchange");
  ephemeral_.emplace(crypto::EphemeralKey::make(*group, link_.random));
  auto secret = ephemeral_->shared_secret(server_public_);
  if (!secret) return fault(alert::illegal_parameter, "the server's key: " + secret.error().what);
  premaster_ = std::move(*secret);
  send_message(HandshakeType::client_key_exchange,
               tlswire::write_ecdhe_client_key_exchange(ephemeral_->public_value()));
  return std::nullopt;
}

// RFC 5246 §7.4.7.1: the version offered and 46 random octets, encrypted to the server's key.
Verdict ClientHandshake::send_rsa_key_exchange() {
  if (!peer_certificate_) return fault(alert::unexpected_message, "the server sent no Certificate");
  const std::string& told = deviations().premaster;
  std::uint16_t version = deviations().negotiated_version_in_premaster ? version_ : client_hello_.version;
  if (told == "wrong-version") version = static_cast<std::uint16_t>(version ^ 0x0002);
  Writer secret;
  secret.u16(version).bytes(link_.random.bytes(tlswire::premaster_octets - 2));
  premaster_ = secret.take();
  if (told == "short") premaster_.pop_back();
  if (told == "long") premaster_.push_back(0x5a);
  const std::size_t octets = (peer_certificate_->key_bits + 7) / 8; // of the modulus (RFC 8017 §7.2.1)
  Result<Bytes> encrypted = fail("");
  if (told == "garbage") {
    encrypted = link_.random.bytes(octets);
    encrypted->front() = 0; // smaller than the modulus
  } else if (told == "bad-type" || told == "no-separator") {
    encrypted =
        crypto::encrypt_raw(*peer_certificate_, padded_premaster(premaster_, octets, told, link_.random));
  } else {
    encrypted = crypto::encrypt_pkcs1(*peer_certificate_, premaster_, link_.random);
  }
  if (!encrypted)
    return fault(alert::handshake_failure, "cannot encrypt to the server's key: " + encrypted.error().what);
  send_message(HandshakeType::client_key_exchange,
               tlswire::write_rsa_client_key_exchange(*encrypted, version_));
  return std::nullopt;
}

Verdict ClientHandshake::receive_session_ticket(ByteView body) {
  const auto ticket = tlswire::parse_new_session_ticket(body, version_);
  if (!ticket) return fault(alert::decode_error, "the peer's NewSessionTicket: " + ticket.error().what);
  ticket_ = ticket->ticket;
  return std::nullopt;
}

std::unique_ptr<Handshake> make_client_handshake(WireLink& link) {
  return std::make_unique<ClientHandshake>(link);
}

} // namespace sipvet::tls
