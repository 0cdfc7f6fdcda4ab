// Sorts UDP datagrams into media streams: by the addresses of the signalling, and by their looks where there
// is none.
#pragma once

#include "analysis/media_stream.hpp"
#include "analysis/report.hpp"
#include "analysis/rtcp_stream.hpp"
#include "analysis/stream_index.hpp"
#include "frames/packet.hpp"

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
  template <typename Follower>
  struct Stream {
    Stream(const StreamKey& stream, MediaContext& context, frames::Captured at)
        : key(stream), follower(context, key.source, key.destination, key.ssrc, at) {}
    StreamKey key;
    Follower follower;
  };
  // nullptr: there are too many already.
  template <typename Follower>
  Follower* follower_of(StreamIndex<Stream<Follower>>& streams, const StreamKey& key, frames::Captured at);
  void report(MediaStreamFollower& stream);
  void count_rtcp();

  MediaContext& context_;
  Report& report_;
  std::size_t most_streams_;
  StreamIndex<Stream<MediaStreamFollower>> streams_;
  StreamIndex<Stream<RtcpStreamFollower>> rtcp_;
  std::size_t left_out_ = 0; // packets of streams beyond most_streams_
  std::size_t first_left_out_ = 0;
};

} // namespace sipvet::analysis
