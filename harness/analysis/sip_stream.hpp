// Finds SIP in one direction of a byte stream (TCP, or the plaintext of TLS), wherever the stream is joined,
// and inside WebSocket (RFC 7118); and TURN, whose messages it cuts out.
#pragma once

#include "analysis/guess.hpp"
#include "analysis/report.hpp"
#include "analysis/turn.hpp"
#include "analysis/websocket.hpp"
#include "base/endpoint.hpp"
#include "frames/tcp_stream.hpp"
#include "sip/framer.hpp"

#include <optional>
#include <string_view>

namespace sipvet::analysis {

struct SipOrigin {
  Endpoint source;
  Endpoint destination;
  Transport transport = Transport::udp;
  std::optional<std::size_t> connection = {}; // index into Report::tls
  bool from_client = false;                   // of that connection
};

class SipSink {
 public:
  virtual ~SipSink() = default;
  // The message is valid during the call only.
  virtual void on_sip(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message) = 0;
  // A message of TURN, which may carry media.
  virtual void on_turn(const SipOrigin&, frames::Captured /*at*/, ByteView /*message*/) {}
  // The stream was SIP up to here.
  virtual void on_framing_lost(const SipOrigin& origin, frames::Captured at, const Error& error) = 0;
};

// Whether text begins with a SIP start line (RFC 3261 §7.1, §7.2), line ends in front of it passed over.
Guess begins_with_sip(std::string_view text);
// The same, or with the HTTP message that opens a WebSocket, or a message of STUN.
Guess begins_with_readable(std::string_view text);

class SipStream {
 public:
  SipStream(SipOrigin origin, SipSink& sink) : origin_(std::move(origin)), sink_(&sink) {}

  void feed(ByteView octets, frames::Captured at);
  // Octets are missing here: what comes next is looked at afresh.
  void gap(frames::Captured at);

  bool is_sip() const { return mode_ == Mode::sip || (mode_ == Mode::websocket && messages_ > 0); }
  // Whether what comes is to be fed: SIP, or a WebSocket in which some may come, or TURN.
  bool reads() const { return mode_ != Mode::undecided && mode_ != Mode::other; }
  bool decided() const { return mode_ != Mode::undecided; }
  std::size_t messages() const { return messages_; }
  const SipOrigin& origin() const { return origin_; }
  void set_origin(SipOrigin origin) { origin_ = std::move(origin); }

 private:
  enum class Mode { undecided, sip, websocket, turn, other };
  void decide(ByteView octets, frames::Captured at);
  void take_up_again(ByteView octets, frames::Captured at);
  void begin(ByteView octets, frames::Captured at);
  void frame(ByteView octets, frames::Captured at);
  void read_websocket(ByteView octets, frames::Captured at);
  void read_turn(ByteView octets, frames::Captured at);

  SipOrigin origin_;
  SipSink* sink_;
  Mode mode_ = Mode::undecided;
  bool lost_ =
      false; // framing is lost, or octets were: a start line at the start of a piece takes it up again
  Bytes undecided_;
  sip::Framer framer_;
  WebSocketReader websocket_;
  TurnReader turn_;
  std::size_t messages_ = 0;
};

} // namespace sipvet::analysis
