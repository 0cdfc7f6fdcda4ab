// For tests: a valid message of every kind, made by the writers.
#pragma once

#include "tlswire/certificate_message.hpp"
#include "tlswire/certificate_request.hpp"
#include "tlswire/certificate_verify.hpp"
#include "tlswire/client_key_exchange.hpp"
#include "tlswire/encrypted_extensions.hpp"
#include "tlswire/handshake_reader.hpp"
#include "tlswire/hello_retry_request.hpp"
#include "tlswire/key_share.hpp"
#include "tlswire/key_update.hpp"
#include "tlswire/named_groups.hpp"
#include "tlswire/new_session_ticket.hpp"
#include "tlswire/pre_shared_key.hpp"
#include "tlswire/server_key_exchange.hpp"
#include "tlswire/sslv2_client_hello.hpp"
#include "tlswire/version.hpp"

#include <array>
#include <vector>

namespace sipvet::tlswire::testing {

struct TestMessage {
  HandshakeType type;
  Bytes body;
  Bytes raw() const {
    Bytes out;
    append_handshake(out, type, body);
    return out;
  }
};

// Every extension there is a maker for.
inline ClientHello test_client_hello() {
  constexpr std::array<std::uint16_t, 2> versions{tls1_3, tls1_2};
  constexpr std::array<std::uint16_t, 2> groups{group::x25519, group::secp256r1};
  constexpr std::array<std::uint16_t, 2> schemes{0x0804, 0x0403};
  const std::array<KeyShareEntry, 2> shares{
      {{group::x25519, Bytes(32, 1)}, {group::secp256r1, Bytes(65, 4)}}};
  const PskOffer offer{{{{1, 2, 3}, 1000}, {{4}, 0}}, {Bytes(32, 1), Bytes(48, 2)}};
  ClientHello hello;
  hello.session_id = Bytes(32, 9);
  hello.suites = {0x1301, 0xc02f, 0x000a};
  hello.extensions.list = {make_server_name("gw.example"),
                           make_supported_versions(versions),
                           make_supported_groups(groups),
                           make_signature_algorithms(schemes),
                           make_ec_point_formats(Bytes{0}),
                           make_renegotiation_info(Bytes(12, 5)),
                           make_cookie(Bytes{7, 7}),
                           make_session_ticket(Bytes(20, 3)),
                           make_client_key_shares(shares),
                           make_psk_modes(Bytes{psk_mode::psk_dhe_ke}),
                           make_psk_offer(offer)};
  return hello;
}

inline ServerHello test_server_hello() {
  ServerHello answer;
  answer.suite = 0x1301;
  answer.extensions.list = {make_selected_version(tls1_3),
                            make_server_key_share({group::x25519, Bytes(32, 8)}), make_selected_psk(1)};
  return answer;
}

inline std::vector<TestMessage> test_messages() {
  const ClientHello hello = test_client_hello();
  CertificateMessage chain;
  chain.chain_der = {Bytes(40, 1), Bytes(3, 2)};
  CertificateMessage requested = chain;
  requested.request_context = {5};
  CertificateRequest request;
  request.certificate_types = {certificate_type::rsa_sign, certificate_type::ecdsa_sign};
  request.signature_schemes = {0x0401, 0x0403};
  request.authorities = {{0x30, 0x00}, {0x30, 0x01, 0x02}};
  request.context = {1, 2};
  request.extensions.list = {make_signature_algorithms(request.signature_schemes)};
  NewSessionTicket ticket;
  ticket.lifetime_s = 300;
  ticket.nonce = {0, 1};
  ticket.ticket = Bytes(30, 6);
  ticket.extensions.list = {{extension::early_data, {0, 0, 4, 0}}};
  const ServerKeyExchange exchange{group::secp256r1, Bytes(65, 4), 0x0401, Bytes(64, 7)};
  const CertificateVerify verify{0x0804, Bytes(64, 8)};
  using Type = HandshakeType;
  return {
      {Type::hello_request, {}},
      {Type::client_hello, write_client_hello(hello)},
      {Type::server_hello, write_server_hello(test_server_hello())},
      {Type::server_hello,
       write_server_hello(make_hello_retry_request(hello, 0x1301, group::x25519, Bytes{1}))},
      {Type::hello_verify_request, {3, 3, 0}},
      {Type::new_session_ticket, write_new_session_ticket(ticket, tls1_2)},
      {Type::new_session_ticket, write_new_session_ticket(ticket, tls1_3)},
      {Type::end_of_early_data, {}},
      {Type::encrypted_extensions, write_encrypted_extensions(hello.extensions)},
      {Type::certificate, write_certificate_message(chain, tls1_2)},
      {Type::certificate, write_certificate_message(requested, tls1_3)},
      {Type::server_key_exchange, write_ecdhe_server_key_exchange(exchange, tls1_0)},
      {Type::server_key_exchange, write_ecdhe_server_key_exchange(exchange, tls1_2)},
      {Type::certificate_request, write_certificate_request(request, tls1_0)},
      {Type::certificate_request, write_certificate_request(request, tls1_2)},
      {Type::certificate_request, write_certificate_request(request, tls1_3)},
      {Type::server_hello_done, {}},
      {Type::certificate_verify, write_certificate_verify(verify, tls1_0)},
      {Type::certificate_verify, write_certificate_verify(verify, tls1_3)},
      {Type::client_key_exchange, write_ecdhe_client_key_exchange(Bytes(65, 4))},
      {Type::client_key_exchange, write_rsa_client_key_exchange(Bytes(128, 9), tls1_2)},
      {Type::finished, Bytes(12, 3)},
      {Type::certificate_status, {1, 0, 0, 1, 0}},
      {Type::key_update, write_key_update({true})},
      {Type::message_hash, Bytes(32, 2)},
  };
}

} // namespace sipvet::tlswire::testing
