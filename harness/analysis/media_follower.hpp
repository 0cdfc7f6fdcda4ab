// Sorts UDP datagrams into media streams: by the addresses of the signalling, and by their looks where there
// is none.
#pragma once

#include "analysis/media_stream.hpp"
#include "analysis/report.hpp"
#include "analysis/rtcp_stream.hpp"
#include "frames/packet.hpp"

#include <memory>
#include <unordered_map>

namespace sipvet::analysis {

class MediaFollower {
 public:
  MediaFollower(MediaContext& context, Report& report, std::size_t most_streams)
      : context_(context), report_(report), most_streams_(most_streams) {}

  // False: it is neither RTP nor RTCP.
  bool on_datagram(const frames::Datagram& datagram, frames::Captured at);
  // Puts the streams into the report, in the order of their first packets.
  void finish();

 private:
  struct Key {
    Endpoint source;
    Endpoint destination;
    std::uint32_t ssrc = 0;
    bool rtcp = false;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  bool leave_out(frames::Captured at);
  void report(MediaStreamFollower& stream);
  void count_rtcp();

  MediaContext& context_;
  Report& report_;
  std::size_t most_streams_;
  std::unordered_map<Key, MediaStreamFollower, KeyHash> streams_;
  std::unordered_map<Key, std::unique_ptr<RtcpStreamFollower>, KeyHash> rtcp_;
  std::size_t left_out_ = 0; // packets of streams beyond most_streams_
  std::size_t first_left_out_ = 0;
};

} // namespace sipvet::analysis
