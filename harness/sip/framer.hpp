// Cuts a byte stream (TCP or the plaintext of TLS) into SIP messages by Content-Length (RFC 3261 §18.3),
// across whatever pieces it arrives in, and recognises CRLF keep-alives (RFC 5626 §3.5.1, §4.4.1).
#pragma once

#include "sip/head.hpp"
#include "sip/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sipvet::sip {

struct Ping {}; // CRLF CRLF between messages
struct Pong {}; // a single CRLF between messages
struct Framed {
  Message message;
  std::size_t offset = 0; // octets of the stream in front of its start line
  std::size_t octets = 0; // its length in the stream
};
// The stream cannot be followed any further: no Content-Length, one too large, or text that is no SIP head.
// What was wrong and where in the stream; everything after is ignored.
struct FramingLost {
  Error error;
  enum class Overrun { none, head, body } overrun = Overrun::none; // the limit that was reached
  std::optional<Message> head = {}; // of a message whose body is too long, without any of it
};
using StreamEvent = std::variant<Framed, Ping, Pong, FramingLost>;

// Who takes the same events without a copy of the message: it is valid during the call only. The receiver
// must not call back into the framer.
class StreamReceiver {
 public:
  virtual ~StreamReceiver() = default;
  virtual void on_message(const MessageView& message, std::size_t offset, std::size_t octets) = 0;
  virtual void on_ping() {}
  virtual void on_pong() {}
  virtual void on_framing_lost(const Error& error) = 0;
};

// How CRLFs between messages are read; either way the events do not depend on how the stream was cut into
// pieces.
enum class KeepAlives {
  // Two are a Ping; one is a Pong, known when something else follows it. For the side that is pinged, and for
  // onlookers.
  pairs,
  // Each is a Pong, known at once. For the side that sends the pings and must see the pong in time (RFC 5626
  // §4.4.1).
  pongs
};

// Of one message, octets; both within max_message_octets.
struct FramerLimits {
  std::size_t head = max_message_octets;
  std::size_t body = max_message_octets;
};

class Framer {
 public:
  explicit Framer(KeepAlives keep_alives = KeepAlives::pairs, FramerLimits limits = {})
      : keep_alives_(keep_alives), limits_(limits) {}

  // From the next octets on. The side that pings reads pongs until its own has come.
  void read_keep_alives_as(KeepAlives keep_alives) { keep_alives_ = keep_alives; }

  // Takes the next octets and hands over what became complete with them. Memory is bounded by
  // max_message_octets.
  void receive(ByteView octets, StreamReceiver& to);
  std::vector<StreamEvent> receive(ByteView octets);
  // Octets that belong to a message not complete yet.
  std::size_t pending_octets() const { return buffer_.size(); }
  bool lost() const { return lost_; }

 private:
  void take(StreamReceiver& to);
  bool take_keep_alive(StreamReceiver& to);
  bool take_good_head();
  bool take_head(StreamReceiver& to);
  Result<void> look_at_start(bool head_complete);
  bool take_message(StreamReceiver& to);
  bool lose(StreamReceiver& to, const Error& error,
            FramingLost::Overrun overrun = FramingLost::Overrun::none);
  void keep_rest();
  std::string_view pending() const { return input_.substr(begin_); }

  KeepAlives keep_alives_;
  FramerLimits limits_;
  FramingLost::Overrun overrun_ = FramingLost::Overrun::none;
  std::optional<Message> refused_; // see FramingLost::head
  std::string buffer_;             // the beginning of a message that is not complete
  std::string_view input_;         // what is looked at: buffer_, or octets that need not go there
  std::size_t begin_ = 0;          // of what is not taken yet, in input_
  std::size_t consumed_ = 0;       // stream offset of input_'s first octet
  std::size_t scanned_ = 0;        // of pending(), known to hold no end of head
  std::optional<Head> head_;       // of the message whose body is still coming
  MessageView* view_ = nullptr;    // of that message, during receive()
  bool view_holds_ = false;        // its octets are still where they were when it was read
  std::size_t start_checked_ = 0; // octets of the pending message's first line that may stand in a start line
  bool start_seen_ = false;       // that line has ended and is a start line
  bool lost_ = false;
};

} // namespace sipvet::sip
