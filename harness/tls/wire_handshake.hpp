// One handshake of the wire engine: the messages in their order, and what both roles do alike. Clients and
// servers derive from it.
#pragma once

#include "crypto/certificate.hpp"
#include "crypto/key_exchange.hpp"
#include "tls/wire_fault.hpp"
#include "tls/wire_link.hpp"
#include "tls/wire_order.hpp"
#include "tls/wire_sessions.hpp"
#include "tlswire/client_hello.hpp"
#include "tlswire/key_schedule.hpp"
#include "tlswire/key_schedule_13.hpp"
#include "tlswire/server_hello.hpp"
#include "tlswire/transcript.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sipvet::tls {

class Handshake {
 public:
  explicit Handshake(WireLink& link);
  virtual ~Handshake() = default;

  Verdict start() { return advance(); } // sends what is ours to send
  Verdict take(const tlswire::HandshakeMessage& message);
  Verdict take_change_cipher_spec();
  Verdict take_sslv2_hello(ByteView fragment);
  bool done() const { return at_ == order_.size(); }
  // Whether the other side may still send the ChangeCipherSpec that means nothing (RFC 8446 §5).
  bool takes_idle_change_cipher_spec() const;
  std::uint16_t version() const { return version_; } // 0: not negotiated
  // Whether the other side has changed its keys, so that its Finished is due and nothing else.
  bool awaits_finished() const;
  SessionInfo session() const;
  // A ticket of TLS 1.3, for the next connection.
  Verdict take_ticket_13(ByteView body);
  // Keeps what can be resumed; TLS 1.3 servers send their ticket here. Once, when done.
  void finish();

 protected:
  virtual Verdict send(Move move) = 0;
  // Before the message is part of the transcript.
  virtual Verdict receive(Move move, const tlswire::HandshakeMessage& message) = 0;
  // The move that the message makes here; none when such a message has no place in any handshake.
  virtual std::optional<Move> move_of(const tlswire::HandshakeMessage& message) const = 0;

  Side side() const { return link_.server() ? Side::server : Side::client; }
  Side other_side() const { return link_.server() ? Side::client : Side::server; }
  const Deviations& deviations() const { return link_.deviations(); }
  bool is_13() const { return version_ == 0x0304; }
  // Of the versions that can be negotiated: on an open connection the one it has (RFC 8446 §4.1.2).
  std::uint16_t lowest() const;
  std::uint16_t highest() const;
  void follow(std::span<const Step> order, Move last_done);
  void send_message(tlswire::HandshakeType type, Bytes body);
  void send_change_cipher_spec();
  bool misplaced(const Step& step, Move move) const;

  // wire_handshake_proofs.cpp
  Verdict send_certificate();
  Verdict receive_certificate(ByteView body);
  Result<Bytes> sign_with(ByteView content, std::optional<std::uint16_t>& scheme,
                          std::span<const std::uint16_t> peer_schemes);
  Verdict check_signature(ByteView content, std::optional<std::uint16_t> scheme, ByteView signature,
                          bool ignored, const char* message);
  Verdict send_certificate_verify();
  Verdict receive_certificate_verify(ByteView body);
  Verdict send_finished();
  Verdict receive_finished(ByteView body);
  Bytes verify_data(Side of) const;

  // wire_handshake_keys.cpp: what a message changes once it is part of the transcript, sent or received.
  Verdict after(Move move);
  Verdict derive_master();
  Verdict protect_12(Side writer);
  Verdict protect_13(Side writer, const Bytes& traffic_secret);
  Verdict handshake_secrets();
  Verdict application_secrets();
  void keylog(std::string_view label, ByteView secret);
  WireSession session_record() const;

  WireLink& link_;
  tlswire::Transcript transcript_;
  Bytes messages_; // all so far: what CertificateVerify covers before TLS 1.3
  tlswire::ClientHello client_hello_;
  tlswire::ServerHello server_hello_;
  std::uint16_t version_ = 0;
  const tlswire::Suite* suite_ = nullptr;
  bool sslv2_hello_ = false;
  bool extended_master_secret_ = false;
  bool encrypt_then_mac_ = false;
  std::string server_name_;
  std::vector<Bytes> peer_chain_;
  std::optional<crypto::Certificate> peer_certificate_;
  std::vector<std::uint16_t> peer_schemes_;
  Bytes request_context_; // TLS 1.3
  std::optional<crypto::EphemeralKey> ephemeral_;
  Bytes premaster_;                    // TLS 1.3: the shared secret of the key exchange
  Bytes master_;                       // before TLS 1.3
  std::optional<WireSession> resumed_; // the session that goes on
  std::optional<tlswire::KeySchedule13> schedule_;
  Bytes client_traffic_, server_traffic_; // TLS 1.3: of the phase at hand
  Bytes client_application_, server_application_;
  Bytes ticket_; // TLS 1.0 to 1.2: sent or received
  // When steps belong (enum When).
  bool retried_ = false, asks_ = false, requested_ = false, given_ = false, ticket_promised_ = false;
  bool psk_ = false;

 private:
  Verdict advance();
  Verdict arrive(Move move, const tlswire::HandshakeMessage& message);
  bool due(const Step& step) const;
  Verdict send_step(const Step& step);
  Verdict before_second_flight();

  std::span<const Step> order_;
  std::size_t at_ = 0;
  bool second_flight_ = false;
  bool idle_change_cipher_spec_sent_ = false;
  bool late_write_keys_ = false, late_read_keys_ = false;
};

std::unique_ptr<Handshake> make_client_handshake(WireLink& link);
std::unique_ptr<Handshake> make_server_handshake(WireLink& link);

} // namespace sipvet::tls
