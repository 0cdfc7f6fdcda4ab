#include "analysis/t38_follower.hpp"

#include "rtp/udptl.hpp"

#include <algorithm>

namespace sipvet::analysis {

bool T38Follower::on_datagram(const frames::Datagram& datagram, frames::Captured at) {
  const auto packet = rtp::parse_udptl(datagram.payload);
  if (!packet) return false;
  const std::pair key(datagram.source, datagram.destination);
  auto known = streams_.find(key);
  if (known == streams_.end()) {
    const auto matches = map_.find(datagram.source, datagram.destination);
    const auto fax = std::ranges::find_if(
        matches, [](const MediaMap::Match& match) { return match.both_addresses && match.leg->t38; });
    if (fax == matches.end()) return false;
    known = streams_.emplace(key, report_.t38.size()).first;
    report_.t38.push_back({datagram.source, datagram.destination, 0, {}, fax->leg->call_id, at.frame});
  }
  T38Stream& stream = report_.t38[known->second];
  ++stream.packets;
  if (const auto signal = rtp::indicator_of(packet->primary)) {
    const std::string name(rtp::name(*signal));
    if (std::ranges::find(stream.signals, name) == stream.signals.end()) stream.signals.push_back(name);
  }
  return true;
}

} // namespace sipvet::analysis
