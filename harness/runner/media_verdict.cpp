#include "runner/media_verdict.hpp"

#include "analysis/media_reason.hpp"

#include <fmt/format.h>

#include <set>

namespace sipvet::runner {

namespace {

using ua::MediaDrop;

// The same packets as both witnesses see them, RTP and RTCP together where they are dropped.
struct Tally {
  std::uint64_t packets = 0, reports = 0; // authentic, or plain where that was agreed on
  std::uint64_t repeated = 0, not_authentic = 0, plain = 0;
};

std::string describe(const Tally& tally) {
  return fmt::format("{} RTP and {} RTCP packets that are as agreed, {} repeated, {} not authentic, {} plain",
                     tally.packets, tally.reports, tally.repeated, tally.not_authentic, tally.plain);
}

// Addresses of the gateway's media in the call that a peer agreed on last.
std::set<Endpoint> gateway_ends(const PeersView& view, const analysis::Report& report) {
  std::set<Endpoint> out;
  for (const PeerView& peer : view.peers) {
    if (peer.calls.empty()) continue;
    const auto& call = peer.calls.back();
    for (const auto* list : {&report.srtp, &report.rtp})
      for (const auto& stream : *list) {
        if (stream.call_id != call.call_id) continue;
        if (stream.destination == call.rtp) out.insert(stream.source);
        if (stream.source == call.rtp) out.insert(stream.destination); // the gateway may have sent nothing
      }
  }
  return out;
}

Endpoint rtcp_of(Endpoint rtp) {
  ++rtp.port;
  return rtp;
}

// Who was told no rollover counter begins with 0: a stream that only another one opens cannot be read by the
// gateway.
bool beyond_reach(const analysis::MediaStream& stream) {
  return stream.reason == analysis::media_reason::rollover_counter;
}

Tally seen_on_the_wire(const PeersView& view, const analysis::Report& report) {
  Tally out;
  const std::set<Endpoint> ends = gateway_ends(view, report);
  for (const auto& stream : report.srtp) {
    if (!ends.contains(stream.destination)) continue;
    (beyond_reach(stream) ? out.not_authentic : out.packets) += stream.authenticated;
    out.repeated += stream.duplicates;
    out.not_authentic += stream.failed;
    out.plain += stream.plain;
  }
  for (const auto& stream : report.rtp)
    if (ends.contains(stream.destination)) out.packets += stream.packets;
  for (const auto& stream : report.rtcp)
    for (const Endpoint& end : ends) {
      if (stream.destination != rtcp_of(end) && stream.destination != end) continue; // RFC 5761
      out.reports += stream.secured ? stream.authenticated : stream.packets;
      out.not_authentic += stream.failed;
      out.plain += stream.plain;
    }
  return out;
}

// The capture shows nothing of what the gateway thinks of addresses, formats and lifetimes.
Tally counted_by_gateway(const ua::MediaCounters& counters) {
  const auto dropped = [&](std::initializer_list<MediaDrop> reasons) {
    std::uint64_t sum = 0;
    for (const MediaDrop why : reasons) sum += counters.dropped_for(why);
    return sum;
  };
  Tally out;
  out.packets = counters.rtp_accepted + dropped({MediaDrop::wrong_source, MediaDrop::unknown_payload_type,
                                                 MediaDrop::key_expired, MediaDrop::other_fork});
  out.reports = counters.rtcp_accepted;
  out.repeated = dropped({MediaDrop::replay});
  out.not_authentic = dropped({MediaDrop::authentication, MediaDrop::malformed, MediaDrop::unknown_mki});
  out.plain = dropped({MediaDrop::plain_on_secured});
  return out;
}

// What came before the keys may be anything to who has the keys.
bool agree(const Tally& counted, std::uint64_t before_keys, const Tally& seen) {
  std::uint64_t more = 0;
  for (const auto field :
       {&Tally::packets, &Tally::reports, &Tally::repeated, &Tally::not_authentic, &Tally::plain}) {
    if (counted.*field > seen.*field) return false;
    more += seen.*field - counted.*field;
  }
  return more == before_keys;
}

} // namespace

void check_gateway_counters(const script::Cell& cell, const PeersView& view, const analysis::Report& report,
                            std::vector<verdict::Finding>& out) {
  if (!view.gateway_media) return;
  const Tally counted = counted_by_gateway(*view.gateway_media), seen = seen_on_the_wire(view, report);
  if (agree(counted, view.gateway_media->dropped_for(MediaDrop::before_keys), seen)) return;
  verdict::Finding finding;
  finding.id = "wire-counters";
  finding.witness = verdict::Witness::wire;
  finding.text = "The gateway counted other packets than the capture shows.";
  finding.expected = describe(seen);
  finding.actual = describe(counted);
  finding.where = cell.at;
  out.push_back(std::move(finding));
}

} // namespace sipvet::runner
