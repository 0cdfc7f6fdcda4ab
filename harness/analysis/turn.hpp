// Media that goes through a TURN relay (RFC 8656): what ChannelData, Send and Data indications carry, under
// the addresses that the signalling knows.
#pragma once

#include "analysis/guess.hpp"
#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "base/result.hpp"
#include "frames/packet.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

namespace sipvet::analysis {

// Whether a datagram is ChannelData or a STUN message (RFC 8656 §3.5, RFC 8489 §5).
bool looks_like_turn(ByteView datagram);
// Whether a stream begins with a STUN message.
Guess begins_with_turn(ByteView octets);

// Cuts a stream into messages (RFC 8656 §12.5: ChannelData is padded to four octets there).
class TurnReader {
 public:
  void feed(ByteView octets);
  // A whole message, valid until the next call; nothing when more octets are needed. After an error the
  // stream has no further messages.
  Result<std::optional<ByteView>> next();

 private:
  Bytes held_;
  std::size_t used_ = 0;
};

class TurnFollower {
 public:
  // What the message carries from peer to peer: the client goes by its relayed address, as its SDP says, once
  // that was seen. Nothing when it carries nothing. The payload is a view of the message's.
  std::optional<frames::Datagram> on_message(const frames::Datagram& message);

 private:
  struct Allocation {
    std::optional<Endpoint> relayed;
    std::map<std::uint16_t, Endpoint> channels;
  };
  using Ends = std::pair<Endpoint, Endpoint>; // client and server
  static constexpr std::size_t max_allocations = 10'000;

  Allocation& allocation(const Ends& ends);
  std::optional<frames::Datagram> on_channel_data(const frames::Datagram& message);
  std::optional<frames::Datagram> on_stun(const frames::Datagram& message);

  std::map<Ends, Allocation> allocations_;
};

} // namespace sipvet::analysis
