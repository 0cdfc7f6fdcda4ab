// Follows the RTCP or SRTCP datagrams of one sender from one address to another.
#pragma once

#include "analysis/media_stream.hpp"
#include "analysis/report.hpp"
#include "analysis/srtp_keying.hpp"
#include "frames/tcp_stream.hpp"

#include <optional>
#include <span>
#include <vector>

namespace sipvet::analysis {

class RtcpStreamFollower {
 public:
  RtcpStreamFollower(MediaContext& context, const Endpoint& source, const Endpoint& destination,
                     std::uint32_t ssrc, frames::Captured at);

  void on_datagram(ByteView datagram, frames::Captured at);
  void finish();
  RtcpStream take() { return std::move(facts_); }

 private:
  void try_to_decide(bool last);
  bool find_key(std::span<const ByteView> packets);
  bool rekey(ByteView datagram);
  void process(ByteView datagram, frames::Captured at);
  void hand_on(ByteView packet, frames::Captured at);

  MediaContext& context_;
  RtcpStream facts_;
  bool decided_ = false;
  struct Held {
    Bytes packet;
    frames::Captured at;
  };
  std::vector<Held> held_;
  std::size_t held_octets_ = 0;
  std::size_t tried_version_ = 0;
  bool tried_ = false;
  std::optional<srtp::Receiver> receiver_;
};

} // namespace sipvet::analysis
