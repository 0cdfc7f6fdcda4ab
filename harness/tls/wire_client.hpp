// The client's half of a handshake of the wire engine.
#pragma once

#include "tls/wire_handshake.hpp"
#include "tlswire/pre_shared_key.hpp"

#include <optional>
#include <span>
#include <vector>

namespace sipvet::tls {

// The extensions that TLS 1.3 has a place for in each message (RFC 8446 §4.2).
namespace places {
inline constexpr std::uint16_t server_hello[] = {tlswire::extension::supported_versions,
                                                 tlswire::extension::key_share,
                                                 tlswire::extension::pre_shared_key};
inline constexpr std::uint16_t hello_retry_request[] = {
    tlswire::extension::supported_versions, tlswire::extension::key_share, tlswire::extension::cookie};
inline constexpr std::uint16_t encrypted_extensions[] = {tlswire::extension::server_name,
                                                         tlswire::extension::supported_groups};
} // namespace places

class ClientHandshake final : public Handshake {
 public:
  explicit ClientHandshake(WireLink& link);

 private:
  Verdict send(Move move) override;
  Verdict receive(Move move, const tlswire::HandshakeMessage& message) override;
  std::optional<Move> move_of(const tlswire::HandshakeMessage& message) const override;

  // wire_client_hello.cpp
  Verdict send_hello();
  Verdict send_sslv2_hello();
  Verdict receive_retry(ByteView body);
  void offer_session();
  void add_extensions();
  void add_extensions_13();
  void add_renegotiation_info();
  void add_deviant_extensions();
  Bytes hello_with_binder() const;
  std::vector<std::uint16_t> offered_suites() const;

  // wire_client_choice.cpp: what the server made of the hello
  Verdict receive_server_hello(ByteView body);
  Verdict check_version(std::uint16_t chosen);
  Verdict check_suite();
  Verdict check_extensions(const tlswire::Extensions& extensions, std::span<const std::uint16_t> places);
  Verdict check_echo();
  Verdict check_renegotiation_info();
  Verdict check_downgrade() const;
  Verdict take_choice_12();
  Verdict take_choice_13();
  Verdict resume_12();

  // wire_client.cpp
  Verdict receive_certificate_request(ByteView body);
  Verdict receive_server_key_exchange(ByteView body);
  Verdict send_client_key_exchange();
  Verdict send_rsa_key_exchange();
  Verdict check_server_key() const;
  Verdict receive_encrypted_extensions(ByteView body);
  Verdict receive_session_ticket(ByteView body);

  std::optional<WireSession> offered_; // the session that the hello offers to resume
  std::optional<tlswire::PskOffer> psk_offer_;
  std::vector<std::uint16_t> versions_; // offered
  std::optional<std::uint16_t> retry_suite_;
  std::optional<std::uint16_t> retry_group_;
  Bytes cookie_;
  std::uint16_t server_group_ = 0;
  Bytes server_public_;
};

} // namespace sipvet::tls
