// The server's half of a handshake of the wire engine.
#pragma once

#include "tls/wire_handshake.hpp"

#include <optional>
#include <vector>

namespace sipvet::tls {

class ServerHandshake final : public Handshake {
 public:
  explicit ServerHandshake(WireLink& link);

 private:
  Verdict send(Move move) override;
  Verdict receive(Move move, const tlswire::HandshakeMessage& message) override;
  std::optional<Move> move_of(const tlswire::HandshakeMessage& message) const override;

  // wire_server_choice.cpp: what the server makes of a hello
  Verdict receive_hello(const tlswire::HandshakeMessage& message);
  Verdict read_hello(ByteView body);
  Verdict check_hello();
  Verdict choose_version();
  Verdict choose_suite();
  Verdict check_renegotiation_info();
  bool usable(const tlswire::Suite& suite) const;
  bool key_fits(const tlswire::Suite& suite) const;
  std::optional<std::uint16_t> common_group() const;
  Verdict take_hello_12();
  Verdict find_session();
  bool may_resume(const WireSession& session) const;

  // wire_server_13.cpp: the same for TLS 1.3
  Verdict take_hello_13(const tlswire::HandshakeMessage& message);
  Verdict receive_second_hello(const tlswire::HandshakeMessage& message);
  Verdict take_share(const Bytes& share);
  Verdict take_psk(const tlswire::HandshakeMessage& message);

  // wire_server.cpp
  Verdict send_retry();
  void send_encrypted_extensions();
  Verdict send_server_hello();
  void add_extensions_12();
  void add_extensions_13();
  void mark_downgrade();
  Verdict send_server_key_exchange();
  Verdict send_certificate_request();
  Verdict send_session_ticket();
  Verdict receive_client_key_exchange(ByteView body);
  Verdict receive_rsa_key_exchange(ByteView body);

  std::vector<std::uint16_t> client_groups_;
  std::uint16_t group_ = 0;
  std::uint16_t selected_psk_ = 0;
  bool client_renegotiates_securely_ = false;
  tlswire::ClientHello first_hello_;
};

} // namespace sipvet::tls
