// Certificates, signatures and Finished: how each side of a handshake proves what it says.
#include "tls/wire_handshake.hpp"

#include "crypto/signature.hpp"
#include "tls/peer_validation.hpp"
#include "tls/wire_schemes.hpp"
#include "tlswire/certificate_message.hpp"
#include "tlswire/certificate_verify.hpp"
#include "tlswire/finished.hpp"
#include "tlswire/signature_schemes.hpp"
#include "tlswire/version.hpp"

#include "crypto/hmac.hpp"

#include <algorithm>

namespace sipvet::tls {

using tlswire::HandshakeType;

Verdict Handshake::send_certificate() {
  tlswire::CertificateMessage message;
  if (is_13() && !link_.server()) message.request_context = request_context_;
  message.chain_der = link_.context->chain_der();
  // A client whose certificate proves nothing to this server still answers (RFC 5246 §7.4.6).
  if (!link_.server() && version_ >= tlswire::tls1_2 && !message.chain_der.empty() &&
      !choose_scheme(*link_.context->key(), peer_schemes_, version_))
    message.chain_der.clear();
  given_ = !link_.server() && !message.chain_der.empty() && deviations().omit != "Certificate";
  send_message(HandshakeType::certificate, tlswire::write_certificate_message(message, version_));
  return std::nullopt;
}

Verdict Handshake::receive_certificate(ByteView body) {
  auto message = tlswire::parse_certificate_message(body, version_);
  if (!message) return fault(alert::decode_error, "the peer's Certificate: " + message.error().what);
  if (is_13() && link_.server() && message->request_context != request_context_)
    return fault(alert::illegal_parameter, "the peer's Certificate answers another request");
  if (is_13() && !link_.server() && !message->request_context.empty())
    return fault(alert::illegal_parameter, "the server's Certificate has a request context");
  peer_chain_ = std::move(message->chain_der);
  given_ = link_.server() && !peer_chain_.empty();
  if (!link_.server() && peer_chain_.empty())
    return fault(alert::decode_error, "the server presented no certificate");
  if (auto rejection = validate_peer(link_.config(), link_.context->roots(), peer_chain_, link_.peer.identity,
                                     link_.clock.now())) {
    if (rejection->kind == PeerRejection::Kind::missing && is_13())
      rejection->alert = alert::certificate_required; // RFC 8446 §4.4.2.4
    return Fault{rejection->alert, rejection->cause, *rejection};
  }
  if (peer_chain_.empty()) return std::nullopt;
  auto leaf = crypto::parse_certificate(peer_chain_.front());
  if (!leaf) return fault(alert::decode_error, "the peer's certificate: " + leaf.error().what);
  peer_certificate_ = std::move(*leaf);
  return std::nullopt;
}

// Signs with our key; `scheme` is set where the version has schemes.
Result<Bytes> Handshake::sign_with(ByteView content, std::optional<std::uint16_t>& scheme,
                                   std::span<const std::uint16_t> peer_schemes) {
  if (!link_.context->key()) return fail("there is no private key to sign with");
  const crypto::PrivateKey& key = *link_.context->key();
  crypto::SignatureAlgorithm algorithm = algorithm_before_12(key.type());
  scheme.reset();
  if (version_ >= tlswire::tls1_2) {
    scheme = choose_scheme(key, peer_schemes, version_);
    if (!scheme) return fail("no common signature algorithm");
    algorithm = *algorithm_of(*scheme);
  }
  return crypto::sign(key, algorithm, content, link_.random);
}

Verdict Handshake::check_signature(ByteView content, std::optional<std::uint16_t> scheme, ByteView signature,
                                   bool ignored, const char* message) {
  if (!peer_certificate_)
    return ignored
               ? std::nullopt
               : Verdict(fault(alert::unexpected_message, std::string(message) + " without a certificate"));
  crypto::SignatureAlgorithm algorithm = algorithm_before_12(peer_certificate_->key_type);
  if (scheme) {
    const auto found = algorithm_of(*scheme);
    const auto offered = verified_schemes(link_.config().security_level);
    if (!found || std::ranges::find(offered, *scheme) == offered.end() ||
        !scheme_fits(*scheme, peer_certificate_->key_type, peer_certificate_->curve, version_))
      return fault(alert::illegal_parameter, "the peer's " + std::string(message) + " is signed with " +
                                                 tlswire::signature_scheme_name(*scheme) +
                                                 ", which does not fit its key or was not offered");
    algorithm = *found;
  }
  if (ignored || crypto::verify(*peer_certificate_, algorithm, content, signature)) return std::nullopt;
  return fault(alert::decrypt_error, "the signature of the peer's " + std::string(message) + " is wrong");
}

Verdict Handshake::send_certificate_verify() {
  const Bytes content =
      is_13() ? tlswire::certificate_verify_content_13(side(), transcript_.hash()) : messages_;
  tlswire::CertificateVerify message;
  auto signature = sign_with(content, message.signature_scheme, peer_schemes_);
  if (!signature) return fault(alert::handshake_failure, signature.error().what);
  message.signature = std::move(*signature);
  const bool spoil =
      link_.server() ? deviations().bad_key_exchange_signature : deviations().bad_certificate_verify;
  if (spoil) message.signature.back() ^= 1;
  send_message(HandshakeType::certificate_verify, tlswire::write_certificate_verify(message, version_));
  return std::nullopt;
}

Verdict Handshake::receive_certificate_verify(ByteView body) {
  const auto message = tlswire::parse_certificate_verify(body, version_);
  if (!message) return fault(alert::decode_error, "the peer's CertificateVerify: " + message.error().what);
  const Bytes content =
      is_13() ? tlswire::certificate_verify_content_13(other_side(), transcript_.hash()) : messages_;
  const bool ignored =
      link_.server() ? deviations().ignore_certificate_verify : deviations().ignore_key_exchange_signature;
  return check_signature(content, message->signature_scheme, message->signature, ignored,
                         "CertificateVerify");
}

Bytes Handshake::verify_data(Side of) const {
  const Bytes hash = transcript_.hash();
  if (!is_13()) return tlswire::finished_verify_data(version_, *suite_, master_, of, hash);
  return tlswire::finished_verify_data_13(*suite_, of == Side::client ? client_traffic_ : server_traffic_,
                                          hash);
}

Verdict Handshake::send_finished() {
  Bytes data = verify_data(side());
  if (deviations().bad_finished) data.back() ^= 1;
  (link_.server() ? link_.server_verify_data : link_.client_verify_data) = data;
  send_message(HandshakeType::finished, data);
  return std::nullopt;
}

Verdict Handshake::receive_finished(ByteView body) {
  const Bytes expected = verify_data(other_side());
  if (body.size() != expected.size() && !deviations().ignore_message_length)
    return fault(alert::decode_error, "the peer's Finished has " + std::to_string(body.size()) +
                                          " octets where " + std::to_string(expected.size()) + " belong");
  const ByteView given = body.first(std::min(body.size(), expected.size()));
  if (!crypto::equal_constant_time(given, expected) && !deviations().ignore_finished)
    return fault(alert::decrypt_error, "the peer's Finished message does not fit the handshake");
  (link_.server() ? link_.client_verify_data : link_.server_verify_data) = expected;
  return std::nullopt;
}

} // namespace sipvet::tls
