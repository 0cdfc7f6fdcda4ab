// For fuzz targets: every parser of handshake messages and extensions; what was read must be written as it
// was.
#pragma once

#include "tlswire/certificate_message.hpp"
#include "tlswire/certificate_request.hpp"
#include "tlswire/certificate_verify.hpp"
#include "tlswire/client_hello.hpp"
#include "tlswire/client_key_exchange.hpp"
#include "tlswire/downgrade.hpp"
#include "tlswire/encrypted_extensions.hpp"
#include "tlswire/handshake_reader.hpp"
#include "tlswire/key_share.hpp"
#include "tlswire/key_update.hpp"
#include "tlswire/new_session_ticket.hpp"
#include "tlswire/pre_shared_key.hpp"
#include "tlswire/server_hello.hpp"
#include "tlswire/server_key_exchange.hpp"
#include "tlswire/sslv2_client_hello.hpp"
#include "tlswire/version.hpp"

#include <cstdlib>

namespace sipvet::tlswire::fuzzing {

inline void require(bool held) {
  if (!held) std::abort();
}

// `write` gives the octets that `parse` read, or an extension with that body.
template <typename Parse, typename Write>
void round_trip(ByteView octets, Parse parse, Write write) {
  if (const auto read = parse(octets)) require(write(*read) == to_bytes(octets));
}
template <typename Parse, typename Make>
void round_trip_body(ByteView body, Parse parse, Make make) {
  round_trip(body, parse, [&](const auto& value) { return make(value).body; });
}

// All of them, whatever the extension's type: more is read this way.
inline void check_body(ByteView body) {
  round_trip_body(body, parse_supported_versions, make_supported_versions);
  round_trip_body(body, parse_selected_version, make_selected_version);
  round_trip_body(body, parse_supported_groups, make_supported_groups);
  round_trip_body(body, parse_signature_algorithms, make_signature_algorithms);
  round_trip_body(body, parse_ec_point_formats, make_ec_point_formats);
  round_trip_body(body, parse_renegotiation_info, make_renegotiation_info);
  round_trip_body(body, parse_cookie, make_cookie);
  round_trip_body(body, parse_client_key_shares, make_client_key_shares);
  round_trip_body(body, parse_server_key_share, make_server_key_share);
  round_trip_body(body, parse_retry_group, make_retry_group);
  round_trip_body(body, parse_psk_offer, make_psk_offer);
  round_trip_body(body, parse_selected_psk, make_selected_psk);
  round_trip_body(body, parse_psk_modes, make_psk_modes);
  if (const auto offer = parse_psk_offer(body)) {
    Reader kept(without_binders(body, *offer)); // the identities and no more
    require(kept.sub_prefixed16("PSK identities") && kept.empty());
  }
  // Names of other types may stand in the list; only the host is written again.
  if (const auto host = parse_server_name(body))
    require(parse_server_name(make_server_name(*host).body).value() == *host);
}

inline void check_extensions(const Extensions& extensions) {
  (void)extensions.has_duplicate();
  (void)is_last(extensions, extension::pre_shared_key);
  for (const Extension& each : extensions.list) {
    (void)extension_name(each.type);
    check_body(each.body);
  }
}

inline void check_client_hello(ByteView body) {
  round_trip(body, parse_client_hello, write_client_hello);
  if (const auto hello = parse_client_hello(body)) {
    (void)hello->highest_version();
    (void)hello->server_name();
    check_extensions(hello->extensions);
  }
}

inline void check_server_hello(ByteView body) {
  round_trip(body, parse_server_hello, write_server_hello);
  if (const auto hello = parse_server_hello(body)) {
    (void)hello->negotiated_version();
    (void)find_downgrade(hello->random);
    check_extensions(hello->extensions);
  }
}

// Extensions of a certificate are read over and not written again.
inline void check_certificate(ByteView body, std::uint16_t version) {
  if (const auto message = parse_certificate_message(body, version)) {
    const auto again = parse_certificate_message(write_certificate_message(*message, version), version);
    require(again.value().chain_der == message->chain_der);
    require(again.value().request_context == message->request_context);
  }
}

inline void check_client_key_exchange(ByteView body, std::uint16_t version) {
  round_trip(body, parse_ecdhe_client_key_exchange, write_ecdhe_client_key_exchange);
  if (const auto sealed = parse_rsa_client_key_exchange(body, version)) {
    const Bytes written = write_rsa_client_key_exchange(*sealed, version);
    require(to_bytes(*parse_rsa_client_key_exchange(written, version)) == to_bytes(*sealed));
  }
}

inline void check_versioned_message(HandshakeType type, ByteView body, std::uint16_t version) {
  switch (type) {
  case HandshakeType::certificate:
    return check_certificate(body, version);
  case HandshakeType::client_key_exchange:
    return check_client_key_exchange(body, version);
  case HandshakeType::server_key_exchange:
    return round_trip(
        body, [&](ByteView octets) { return parse_ecdhe_server_key_exchange(octets, version); },
        [&](const ServerKeyExchange& message) { return write_ecdhe_server_key_exchange(message, version); });
  case HandshakeType::certificate_request:
    return round_trip(
        body, [&](ByteView octets) { return parse_certificate_request(octets, version); },
        [&](const CertificateRequest& message) {
          check_extensions(message.extensions);
          return write_certificate_request(message, version);
        });
  case HandshakeType::certificate_verify:
    return round_trip(
        body, [&](ByteView octets) { return parse_certificate_verify(octets, version); },
        [&](const CertificateVerify& message) { return write_certificate_verify(message, version); });
  case HandshakeType::new_session_ticket:
    return round_trip(
        body, [&](ByteView octets) { return parse_new_session_ticket(octets, version); },
        [&](const NewSessionTicket& message) {
          check_extensions(message.extensions);
          return write_new_session_ticket(message, version);
        });
  default:
    break;
  }
}

inline void check_message(const HandshakeMessage& message) {
  (void)handshake_type_name(message.type);
  switch (message.type) {
  case HandshakeType::client_hello:
    return check_client_hello(message.body);
  case HandshakeType::server_hello:
    return check_server_hello(message.body);
  case HandshakeType::encrypted_extensions:
    return round_trip(message.body, parse_encrypted_extensions, [](const Extensions& extensions) {
      check_extensions(extensions);
      return write_encrypted_extensions(extensions);
    });
  case HandshakeType::key_update:
    return round_trip(message.body, parse_key_update, write_key_update);
  default:
    for (const std::uint16_t version : {tls1_0, tls1_2, tls1_3})
      check_versioned_message(message.type, message.body, version);
  }
}

inline void check_sslv2_hello(ByteView fragment) {
  for (const bool lenient : {false, true}) {
    if (const auto hello = parse_sslv2_client_hello(fragment, {lenient, lenient})) {
      const Bytes written = write_sslv2_client_hello(*hello);
      require(to_bytes(ByteView(written).subspan(2)) == to_bytes(fragment));
      (void)hello->as_client_hello();
    }
  }
}

} // namespace sipvet::tlswire::fuzzing
