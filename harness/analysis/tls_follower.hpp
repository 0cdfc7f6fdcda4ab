// Follows one TLS connection from its first record to its plaintext, whatever order the two directions were
// captured in.
#pragma once

#include "analysis/content_sink.hpp"
#include "analysis/finding_list.hpp"
#include "analysis/record_seeker.hpp"
#include "analysis/report.hpp"
#include "analysis/tls_handshake.hpp"
#include "analysis/tls_opener.hpp"
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
  ContentSink& content;
  std::size_t held_octets = 0; // of records that wait, all connections together
};

// Where octets of a connection were lost, for its reason.
std::string describe_losses(const TlsConnection& connection);

class TlsFollower {
 public:
  // Appends its entry to the report.
  TlsFollower(TlsContext& context, const frames::TcpFlow& flow, frames::Captured at);

  void on_octets(Side side, std::uint64_t offset, ByteView octets, frames::Captured at);
  // `count` octets from `offset` on were not captured.
  void on_gap(Side side, std::uint64_t offset, std::uint64_t count, frames::Captured at);
  // Whether records are held that a secret would open.
  bool waits_for_secret() const;
  // The connection, or the capture, ends: what still waits is decided now.
  void close();

 private:
  // What has to wait: a record; or, once octets were lost, the loss and whatever came behind it.
  struct HeldPiece {
    enum class Kind { record, gap, octets };
    Kind kind = Kind::record;
    tlswire::ContentType type{};
    std::uint16_t version = 0;
    Bytes fragment = {}; // or the octets
    std::uint64_t offset = 0;
    std::uint64_t lost_octets = 0;
    bool sslv2_hello = false;
    frames::Captured at = {};
  };
  // Since octets were lost, or a record was damaged, and until a record opens again.
  struct Loss {
    TlsLoss facts;
    std::uint64_t read_to = 0;          // where the record opened last ended
    std::optional<RecordSeeker> seeker; // none: the records are framed still
    Bytes tail;                         // of the record before, when framed
  };
  struct Direction {
    explicit Direction(SipOrigin from) : origin(from) {}
    SipOrigin origin;
    std::optional<tlswire::RecordReader> records; // from the first octet on
    tlswire::HandshakeReader handshakes;
    bool is_protected = false;
    bool over = false; // nothing of it can be read any more
    std::deque<HeldPiece> held;
    bool holds_gap = false; // and all that comes is held as octets
    bool draining = false;  // such octets are being read
    std::optional<Loss> loss;
    bool had_loss = false;
    std::size_t held_octets = 0;
    std::uint64_t octets = 0; // of application data
  };

  TlsConnection& facts() { return context_.report.tls[index_]; }
  Direction& direction(Side side) { return side == Side::client ? client_ : server_; }
  std::string side_name(Side side) const { return side == Side::client ? "client" : "server"; }

  bool must_wait(Side side, tlswire::ContentType type) const;
  // False: the record has to wait for the other side, or for a secret.
  bool take(Side side, const tlswire::Record& record, frames::Captured at);
  bool take_protected(Side side, const tlswire::Record& record, frames::Captured at);
  void take_plain(Side side, const tlswire::Record& record, frames::Captured at);
  void read_records(Side side, ByteView octets, frames::Captured at);
  void hold(Side side, const tlswire::Record& record, frames::Captured at);
  void hold(Side side, HeldPiece piece);
  void release(Direction& from);
  void settle();
  bool settle(Side side);
  bool take_held(Side side);

  void deliver(Side side, const tlswire::OpenedRecord& record, frames::Captured at);
  void on_handshake_octets(Side side, ByteView fragment, frames::Captured at);
  void on_handshake_message(Side side, const tlswire::HandshakeMessage& message);
  void on_protected_message(Side side, const tlswire::HandshakeMessage& message);
  void on_alert(Side side, ByteView fragment);
  void on_cipher_change(Side side);
  void note_cipher_change(Side side);
  void remember_session();
  void on_application_data(Side side, ByteView plaintext, frames::Captured at);
  void note_hello();

  // tls_follower_loss.cpp
  bool take_gap(Side side, std::uint64_t offset, std::uint64_t count, frames::Captured at);
  void begin_loss(Side side, std::uint64_t offset, std::uint64_t octets, std::string damage,
                  frames::Captured at);
  void on_damage(Side side, const tlswire::Record& record, tlswire::RecordFault fault, frames::Captured at);
  void on_lost_framing(Side side, const Error& error, frames::Captured at);
  void seek(Side side, ByteView octets, frames::Captured at);
  bool take_behind_loss(Side side, const tlswire::Record& record, frames::Captured at);
  void on_resumed(Side side, const tlswire::Record& record, const TlsOpener::Outcome& outcome,
                  frames::Captured at);
  void note(const TlsLoss& loss);
  void end_loss(Side side);

  std::string no_secret_reason() const;
  std::string open_end_reason() const;
  void give_up(Side side);                  // holds too much of it
  void fail(std::string reason);            // the whole connection
  void lose(Side side, std::string reason); // one direction
  void end_direction(Side side);

  TlsContext& context_;
  std::size_t index_;
  bool from_start_;
  TlsHandshake handshake_;
  TlsOpener opener_;
  std::optional<TlsHandshake> before_renegotiation_; // asked for, and not agreed to yet
  Bytes new_ticket_;
  Direction client_;
  Direction server_;
  std::size_t last_frame_;
  bool something_waits_ = false; // in either direction; known without a look at both
  bool failed_ = false;
  bool established_ = false; // a handshake of this connection was completed
  bool skipped_ = false;     // records of TLS 1.3 that no secret opened were passed over
};

} // namespace sipvet::analysis
