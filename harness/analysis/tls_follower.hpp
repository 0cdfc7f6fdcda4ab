// Follows one TLS connection from its first record to its plaintext, whatever order the two directions were
// captured in.
#pragma once

#include "analysis/finding_list.hpp"
#include "analysis/report.hpp"
#include "analysis/sip_stream.hpp"
#include "analysis/tls_handshake.hpp"
#include "analysis/tls_opener.hpp"
#include "crypto/hash.hpp"
#include "frames/tcp_stream.hpp"
#include "tlswire/handshake_reader.hpp"
#include "tlswire/record.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <string>

namespace sipvet::analysis {

// What all connections of an inspection share.
struct TlsContext {
  Report& report;
  TlsSecrets& secrets;
  SipSink& sip;
  std::size_t held_octets = 0; // of records that wait, all connections together
};

class TlsFollower {
 public:
  // Appends its entry to the report.
  TlsFollower(TlsContext& context, const frames::TcpFlow& flow, frames::Captured at);

  void on_octets(Side side, std::uint64_t offset, ByteView octets, frames::Captured at);
  void on_gap(Side side, std::uint64_t offset, frames::Captured at);
  // Whether records are held that a secret would open.
  bool waits_for_secret() const;
  // The connection, or the capture, ends: what still waits is decided now.
  void close();

 private:
  struct HeldRecord {
    tlswire::ContentType type;
    std::uint16_t version;
    Bytes fragment;
    std::uint64_t offset;
    bool sslv2_hello;
    frames::Captured at;
  };
  struct Direction {
    explicit Direction(SipOrigin origin, SipSink& sink) : sip(std::move(origin), sink) {}
    std::optional<tlswire::RecordReader> records; // from the first octet on
    tlswire::HandshakeReader handshakes;
    bool is_protected = false;
    bool over = false; // nothing of it can be read any more
    std::deque<HeldRecord> held;
    std::size_t held_octets = 0;
    crypto::Hasher hasher{crypto::Hash::sha256};
    std::uint64_t octets = 0;
    SipStream sip;
  };

  TlsConnection& facts() { return context_.report.tls[index_]; }
  Direction& direction(Side side) { return side == Side::client ? client_ : server_; }
  std::string side_name(Side side) const { return side == Side::client ? "client" : "server"; }

  bool must_wait(Side side, tlswire::ContentType type) const;
  // False: the record has to wait for the other side, or for a secret.
  bool take(Side side, const tlswire::Record& record, frames::Captured at);
  bool take_protected(Side side, const tlswire::Record& record, frames::Captured at);
  void take_plain(Side side, const tlswire::Record& record, frames::Captured at);
  void hold(Side side, const tlswire::Record& record, frames::Captured at);
  void release(Direction& from);
  void settle();
  bool settle(Side side);

  void deliver(Side side, const tlswire::OpenedRecord& record, frames::Captured at);
  void on_handshake_octets(Side side, ByteView fragment, frames::Captured at);
  void on_handshake_message(Side side, const tlswire::HandshakeMessage& message);
  void on_protected_message(Side side, const tlswire::HandshakeMessage& message);
  void on_alert(Side side, ByteView fragment);
  void on_cipher_change(Side side);
  void on_application_data(Side side, ByteView plaintext, frames::Captured at);
  void note_hello();

  std::string no_secret_reason() const;
  std::string open_end_reason() const;
  void give_up(Side side);                  // holds too much of it
  void fail(std::string reason);            // the whole connection
  void lose(Side side, std::string reason); // one direction

  TlsContext& context_;
  std::size_t index_;
  bool from_start_;
  TlsHandshake handshake_;
  TlsOpener opener_;
  std::optional<TlsHandshake> before_renegotiation_; // asked for, and not agreed to yet
  Bytes new_ticket_;
  Direction client_;
  Direction server_;
  bool failed_ = false;
  bool established_ = false; // a handshake of this connection was completed
  bool skipped_ = false;     // records of TLS 1.3 that no secret opened were passed over
};

} // namespace sipvet::analysis
