// Cuts a byte stream (TCP or the plaintext of TLS) into SIP messages by Content-Length (RFC 3261 §18.3), across whatever
// pieces it arrives in, and recognises CRLF keep-alives (RFC 5626 §3.5.1, §4.4.1).
#pragma once

#include "sip/message.hpp"

#include <variant>

namespace sipvet::sip {

struct Ping {};                           // CRLF CRLF between messages
struct Pong {};                           // a single CRLF between messages
struct Framed {
  Message message;
  std::size_t offset = 0; // octets of the stream in front of its start line
  std::size_t octets = 0; // its length in the stream
};
// The stream cannot be followed any further: no Content-Length, one too large, or text that is no SIP head. What was
// wrong and where in the stream; everything after is ignored.
struct FramingLost {
  Error error;
};
using StreamEvent = std::variant<Framed, Ping, Pong, FramingLost>;

class Framer {
public:
  // Takes the next octets and returns what became complete with them. Memory is bounded by max_message_octets.
  std::vector<StreamEvent> receive(ByteView octets);
  // Octets that belong to a message not complete yet.
  std::size_t pending_octets() const { return buffer_.size(); }
  bool lost() const { return lost_; }

private:
  std::string buffer_;
  std::size_t consumed_ = 0; // stream offset of buffer_'s first octet
  std::size_t scanned_ = 0;  // of buffer_, known to hold no end of head
  bool lost_ = false;
};

} // namespace sipvet::sip
