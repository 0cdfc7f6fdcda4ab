// One direction of a WebSocket connection (RFC 6455): the HTTP message that opens it, then messages put
// together from frames and, where they are compressed (RFC 7692), decompressed.
#pragma once

#include "analysis/guess.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "io/message_inflater.hpp"

#include <optional>
#include <string_view>

namespace sipvet::analysis {

// Whether text begins with a request for, or an agreement to, a WebSocket (RFC 6455 §4.1, §4.2.2).
Guess begins_with_websocket(std::string_view text);

class WebSocketReader {
 public:
  // A message of SIP is no longer than a datagram; more is not held.
  static constexpr std::size_t max_message_octets = 256 * 1024;

  // Of a stream that is joined where a frame begins.
  static WebSocketReader joined();

  void feed(ByteView octets);
  // A whole text or binary message, valid until the next call; nothing when more octets are needed. After an
  // error the stream has no further messages. Pings, pongs and closes are passed over.
  Result<std::optional<ByteView>> next();

 private:
  struct Frame {
    std::uint8_t opcode = 0;
    bool last = false;
    std::size_t octets = 0; // whole
    std::size_t header_octets = 0;
    std::optional<std::uint32_t> mask;
    bool compressed = false;
  };
  Result<std::optional<Frame>> next_frame() const;
  Result<bool> take(const Frame& frame);
  Result<void> decompress();
  ByteView unread() const { return ByteView(held_).subspan(used_); }

  bool opened_ = false; // the HTTP message is past
  bool in_message_ = false;
  Bytes held_;
  std::size_t used_ = 0; // of held_
  Bytes message_;
  bool compressed_ = false; // the message that is being put together
  std::optional<io::MessageInflater> inflater_;
};

} // namespace sipvet::analysis
