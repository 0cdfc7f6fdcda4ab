// The legal orders of handshake messages (RFC 5246 §7.3, RFC 5077 §3.1, RFC 8446 §2), as tables that know no
// role: who sends comes with the message.
#pragma once

#include "tlswire/finished.hpp"
#include "tlswire/handshake_reader.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace sipvet::tls {

using tlswire::Side;

// One message in its place. ChangeCipherSpec is no handshake message, but has a place among them.
enum class Move : std::uint8_t {
  client_hello,
  hello_retry_request,
  client_hello_again,
  server_hello,
  encrypted_extensions,
  certificate_request,
  server_certificate,
  server_certificate_verify, // TLS 1.3
  server_key_exchange,
  server_hello_done,
  client_certificate,
  client_key_exchange,
  client_certificate_verify,
  client_change_cipher_spec,
  client_finished,
  new_session_ticket,
  server_change_cipher_spec,
  server_finished,
};

// When a step belongs to a handshake.
enum class When : std::uint8_t {
  always,
  retried,         // the sender of HelloRetryRequest decides
  ephemeral,       // the suite's key exchange is not static RSA
  not_resumed,     // TLS 1.3: no pre-shared key was taken
  asked,           // the server decides whether it asks for a certificate
  requested,       // a certificate was asked for
  given,           // a certificate was given
  ticket_promised, // the ServerHello had session_ticket
};

struct Step {
  Move move;
  When when;
};
std::span<const Step> full_handshake();    // TLS 1.0 to 1.2
std::span<const Step> resumed_handshake(); // TLS 1.0 to 1.2, by session id or ticket
std::span<const Step> handshake_13();

Side sender(Move move);
// None for ChangeCipherSpec.
std::optional<tlswire::HandshakeType> type_of(Move move);
std::string name(Move move); // "ServerHelloDone", "ChangeCipherSpec"
// Whether the receiver cannot know beforehand that the step will come.
constexpr bool sender_decides(When when) { return when == When::retried || when == When::asked; }

} // namespace sipvet::tls
