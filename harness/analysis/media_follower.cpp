#include "analysis/media_follower.hpp"

#include "analysis/media_checks.hpp"
#include "rtp/packet.hpp"
#include "rtp/rtcp.hpp"

#include <fmt/format.h>

#include <unordered_map>

namespace sipvet::analysis {
namespace {

// An SSRC is random: only noise has one with so many RTCP streams.
constexpr std::size_t max_of_one_ssrc = 64;

} // namespace

template <typename Follower>
Follower* MediaFollower::follower_of(StreamIndex<Stream<Follower>>& streams, const StreamKey& key,
                                     frames::Captured at) {
  if (auto* known = streams.find(key)) return &known->follower;
  if (streams.size() < most_streams_) return &streams.add(key, context_, at).follower;
  if (left_out_++ == 0) first_left_out_ = at.frame;
  return nullptr;
}

bool MediaFollower::on_datagram(const frames::Datagram& datagram, frames::Captured at) {
  const auto payload = datagram.payload;
  if (rtp::looks_like_rtcp(payload)) {
    const auto ssrc = rtp::rtcp_sender_ssrc(payload);
    if (!ssrc) return false;
    auto* stream = follower_of(rtcp_, {datagram.source, datagram.destination, *ssrc}, at);
    if (stream != nullptr) stream->on_datagram(payload, at);
    return true;
  }
  if (!rtp::looks_like_rtp(payload)) return false;
  std::uint32_t ssrc = 0;
  for (std::size_t i = 8; i < 12; ++i) ssrc = ssrc << 8 | payload[i];
  auto* stream = follower_of(streams_, {datagram.source, datagram.destination, ssrc}, at);
  if (stream != nullptr) stream->on_packet(payload, at);
  return true;
}

void MediaFollower::finish() {
  if (left_out_ > 0)
    context_.findings.warning(
        "media-left-out", first_left_out_,
        fmt::format("{} packets that look like media were left out: there are more than {} streams",
                    left_out_, most_streams_),
        "inspect the capture in parts");
  rtcp_.take_all([&](Stream<RtcpStreamFollower>& stream) {
    stream.follower.finish();
    auto facts = stream.follower.take();
    check_rtcp(facts, context_.findings);
    report_.rtcp.push_back(std::move(facts));
  });
  streams_.take_all([&](Stream<MediaStreamFollower>& stream) { report(stream.follower); });
  count_rtcp();
}

void MediaFollower::report(MediaStreamFollower& stream) {
  if (!stream.finish()) return;
  const auto fit = stream.fit();
  auto facts = stream.take();
  if (stream.unnegotiated())
    report_unnegotiated(facts, context_.findings);
  else
    check_stream(facts, fit, context_.map, context_.findings);
  check_arrival(facts, context_.findings);
  check_addresses(facts, stream.leg(), report_, context_.map, context_.findings);
  (facts.secured ? report_.srtp : report_.rtp).push_back(std::move(facts));
}

void MediaFollower::count_rtcp() {
  std::unordered_multimap<std::uint32_t, const RtcpStream*> by_ssrc;
  for (const auto& rtcp : report_.rtcp) by_ssrc.emplace(rtcp.ssrc, &rtcp);
  for (auto* list : {&report_.srtp, &report_.rtp})
    for (auto& stream : *list) {
      const auto [begin, end] = by_ssrc.equal_range(stream.ssrc);
      std::size_t compared = 0;
      for (auto at = begin; at != end && compared < max_of_one_ssrc; ++at, ++compared) {
        const auto& rtcp = *at->second;
        if (rtcp.source.ip != stream.source.ip || rtcp.destination.ip != stream.destination.ip) continue;
        // Both sides may use one SSRC; on one host only the ports tell them apart.
        const auto distance = rtcp.destination.port - stream.destination.port;
        if (distance != 0 && distance != 1 && rtcp.call_id != stream.call_id) continue;
        if (stream.source.ip == stream.destination.ip && distance != 0 && distance != 1) continue;
        stream.rtcp_packets += rtcp.packets;
        stream.rtcp_authenticated += rtcp.authenticated;
      }
    }
}

} // namespace sipvet::analysis
