#include "analysis/media_map.hpp"

#include <algorithm>

namespace sipvet::analysis {
namespace {

// Ports are used again and again, descriptions sent again and again: only the latest can still have packets
// on their way.
constexpr std::size_t max_legs_of_endpoint = 32;

bool is_of(const LegSide& side, const Endpoint& endpoint) {
  return endpoint.port != 0 && (side.rtp == endpoint || side.rtcp == endpoint);
}

struct Scored {
  MediaMap::Match match;
  int score;
  std::size_t index;
};

} // namespace

std::size_t MediaMap::add(Leg leg) {
  by_call_[leg.call_id].push_back(legs_.size());
  legs_.push_back(std::move(leg));
  index(legs_.size() - 1);
  return legs_.size() - 1;
}

void MediaMap::replace(std::size_t at, Leg leg) {
  legs_[at] = std::move(leg);
  index(at);
}

void MediaMap::end(const std::string& call_id) {
  const auto legs = by_call_.find(call_id);
  if (legs == by_call_.end()) return;
  for (const auto at : legs->second) legs_[at].ended = true;
}

void MediaMap::index(std::size_t at) {
  ++version_;
  const auto& leg = legs_[at];
  for (const auto& endpoint : {leg.offerer.rtp, leg.offerer.rtcp, leg.answerer.rtp, leg.answerer.rtcp}) {
    if (endpoint.port == 0 || endpoint.ip.is_unspecified()) continue;
    auto& list = by_endpoint_[endpoint];
    if (std::ranges::find(list, at) != list.end()) continue;
    if (list.size() >= max_legs_of_endpoint) list.erase(list.begin());
    list.push_back(at);
  }
}

std::vector<MediaMap::Match> MediaMap::find(const Endpoint& source, const Endpoint& destination) const {
  std::vector<Scored> scored;
  for (const auto& endpoint : {destination, source}) {
    const auto list = by_endpoint_.find(endpoint);
    if (list == by_endpoint_.end()) continue;
    for (const auto at : list->second) {
      const auto& leg = legs_[at];
      for (const bool from_offerer : {true, false}) {
        const Match match{&leg, from_offerer, false, at};
        const bool to = is_of(match.receiver(), destination), from = is_of(match.sender(), source);
        const int score = (to ? 2 : 0) + (from ? 1 : 0);
        const auto known = std::ranges::find_if(scored, [&](const Scored& other) {
          return other.index == at && other.match.from_offerer == from_offerer;
        });
        if (score == 0 || known != scored.end()) continue;
        scored.push_back({{&leg, from_offerer, to && from, at}, score, at});
      }
    }
  }
  std::ranges::sort(scored, [](const Scored& a, const Scored& b) {
    if (a.match.leg->ended != b.match.leg->ended) return b.match.leg->ended;
    return a.score != b.score ? a.score > b.score : a.index > b.index;
  });
  std::vector<Match> matches;
  for (const auto& entry : scored) matches.push_back(entry.match);
  return matches;
}

} // namespace sipvet::analysis
