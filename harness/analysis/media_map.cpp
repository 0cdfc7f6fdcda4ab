#include "analysis/media_map.hpp"

#include <algorithm>
#include <limits>

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

bool MediaMap::Legs::has(std::uint32_t leg) const {
  return first == leg || (more && std::ranges::find(*more, leg) != more->end());
}

// Beyond `most` the oldest is forgotten.
void MediaMap::Legs::add(std::uint32_t leg, std::size_t most) {
  if (!more) more = std::make_unique<std::vector<std::uint32_t>>();
  more->push_back(leg);
  if (more->size() < most) return;
  first = more->front();
  more->erase(more->begin());
}

std::size_t MediaMap::add(Leg leg) {
  const auto number = static_cast<std::uint32_t>(legs_.size());
  const auto [call, fresh] = by_call_.try_emplace(std::hash<std::string>()(leg.call_id), number, nullptr);
  if (!fresh) call->second.add(number, std::numeric_limits<std::size_t>::max());
  legs_.push_back(std::move(leg));
  index(number);
  return number;
}

void MediaMap::replace(std::size_t at, Leg leg) {
  legs_[at] = std::move(leg);
  index(at);
}

void MediaMap::end(const std::string& call_id) {
  const auto legs = by_call_.find(std::hash<std::string>()(call_id));
  if (legs == by_call_.end()) return;
  legs->second.for_each([&](std::uint32_t at) {
    if (legs_[at].call_id == call_id) legs_[at].ended = true;
  });
}

void MediaMap::index(std::size_t at) {
  ++version_;
  const auto& leg = legs_[at];
  const auto number = static_cast<std::uint32_t>(at);
  for (const auto& endpoint : {leg.offerer.rtp, leg.offerer.rtcp, leg.answerer.rtp, leg.answerer.rtcp}) {
    if (endpoint.port == 0 || endpoint.ip.is_unspecified()) continue;
    const auto [list, fresh] = by_endpoint_.try_emplace(endpoint, number, nullptr);
    if (!fresh && !list->second.has(number)) list->second.add(number, max_legs_of_endpoint);
  }
}

std::vector<MediaMap::Match> MediaMap::find(const Endpoint& source, const Endpoint& destination) const {
  std::vector<Scored> scored;
  for (const auto& endpoint : {destination, source}) {
    const auto list = by_endpoint_.find(endpoint);
    if (list == by_endpoint_.end()) continue;
    list->second.for_each([&](std::uint32_t at) {
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
    });
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
