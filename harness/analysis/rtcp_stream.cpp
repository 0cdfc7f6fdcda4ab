#include "analysis/rtcp_stream.hpp"

#include "rtp/rtcp.hpp"

#include <limits>
#include <utility>

namespace sipvet::analysis {
namespace {

// Reports come every few seconds (RFC 3550 §6.2): these are minutes of ringing.
constexpr std::size_t max_held = 64;
constexpr auto never = std::numeric_limits<std::size_t>::max();

} // namespace

RtcpStreamFollower::RtcpStreamFollower(MediaContext& context, const Endpoint& source,
                                       const Endpoint& destination, std::uint32_t ssrc, frames::Captured at)
    : context_(context) {
  facts_.ssrc = ssrc;
  facts_.source = source;
  facts_.destination = destination;
  facts_.first_frame = at.frame;
}

void RtcpStreamFollower::on_datagram(ByteView datagram, frames::Captured at) {
  ++facts_.packets;
  if (decided_) return process(datagram, at);
  if (!rtp::parse_rtcp(datagram)) context_.encrypted_rtcp.insert(facts_.ssrc);
  held_.push_back({to_bytes(datagram), at});
  held_octets_ += datagram.size();
  context_.held_octets += datagram.size();
  try_to_decide(held_.size() >= max_held || context_.held_octets > max_held_media_octets);
}

void RtcpStreamFollower::finish() {
  if (!decided_) try_to_decide(true);
}

void RtcpStreamFollower::try_to_decide(bool last) {
  const auto& map = context_.map;
  if (!last && tried_ && tried_version_ == map.version()) return;
  tried_ = true;
  tried_version_ = map.version();
  const auto matches = map.find(facts_.source, facts_.destination);
  if (!matches.empty()) facts_.call_id = matches.front().leg->call_id;
  const bool plain_leg = !matches.empty() && matches.front().leg->answered && !matches.front().leg->secured;
  if (!plain_leg) {
    std::vector<ByteView> packets;
    for (const auto& held : held_) packets.emplace_back(held.packet);
    // The key of the oldest, where there is one: those after it may be under the next.
    if (packets.empty() || !find_key({packets.data(), 1})) find_key(packets);
    if (receiver_) tried_version_ = never;
  }
  if (!plain_leg && !receiver_ && !last) return;
  facts_.secured = receiver_.has_value() || (matches.empty() ? context_.encrypted_rtcp.contains(facts_.ssrc)
                                                             : matches.front().leg->secured);
  decided_ = true;
  context_.held_octets -= std::exchange(held_octets_, 0);
  for (const auto& held : std::exchange(held_, {})) process(held.packet, held.at);
}

bool RtcpStreamFollower::find_key(std::span<const ByteView> packets) {
  const auto candidates = context_.candidates(facts_.source, facts_.destination, facts_.ssrc, false);
  const auto opened = try_keys(candidates, packets, facts_.ssrc, Kind::rtcp);
  if (!opened) return false;
  auto receiver = make_receiver(*opened, facts_.ssrc);
  if (!receiver) return false;
  receiver_ = std::move(*receiver);
  facts_.key_source = opened->candidate.source;
  if (opened->candidate.supplied) context_.supplied_used[*opened->candidate.supplied] = true;
  return true;
}

// A re-INVITE changed the key (RFC 4568 §5.1.4).
bool RtcpStreamFollower::rekey(ByteView datagram) {
  if (tried_version_ == context_.map.version()) return false;
  tried_version_ = context_.map.version();
  const ByteView one[] = {datagram};
  return find_key(one);
}

void RtcpStreamFollower::hand_on(ByteView packet, frames::Captured at) {
  for (auto* sink : context_.sinks) sink->on_rtcp(facts_, packet, at);
}

void RtcpStreamFollower::process(ByteView datagram, frames::Captured at) {
  if (receiver_) {
    auto opened = receiver_->unprotect_rtcp(datagram);
    if (!opened && opened.error().why != srtp::Drop::replay && rekey(datagram))
      opened = receiver_->unprotect_rtcp(datagram);
    if (opened) {
      ++facts_.authenticated;
      return hand_on(*opened, at);
    }
    if (opened.error().why == srtp::Drop::replay) return;
  }
  const bool plain = rtp::parse_rtcp(datagram).has_value();
  if (plain) hand_on(datagram, at);
  if (facts_.secured) ++(plain ? facts_.plain : facts_.failed);
}

} // namespace sipvet::analysis
