// Counts the packets of faxes (ITU-T T.38) where the signalling says that they go.
#pragma once

#include "analysis/media_map.hpp"
#include "analysis/report.hpp"
#include "frames/packet.hpp"
#include "frames/tcp_stream.hpp"

#include <cstddef>
#include <map>
#include <utility>

namespace sipvet::analysis {

class T38Follower {
 public:
  T38Follower(const MediaMap& map, Report& report) : map_(map), report_(report) {}

  // False: it is no UDPTL packet between addresses that agreed on a fax.
  bool on_datagram(const frames::Datagram& datagram, frames::Captured at);

 private:
  const MediaMap& map_;
  Report& report_;
  std::map<std::pair<Endpoint, Endpoint>, std::size_t> streams_; // source and destination; Report::t38
};

} // namespace sipvet::analysis
