#include "runner/wire_verdict.hpp"

#include "runner/connection_verdict.hpp"
#include "runner/media_verdict.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sipvet::runner {

namespace {

using analysis::MediaStream;
using analysis::Report;
using verdict::Finding;

Finding wire_finding(const script::Cell& cell, std::string id, std::string text, std::string expected,
                     std::string actual) {
  Finding out;
  out.id = std::move(id);
  out.witness = verdict::Witness::wire;
  out.text = std::move(text);
  out.expected = std::move(expected);
  out.actual = std::move(actual);
  out.where = cell.at;
  return out;
}

// One direction of one call as it should be on the wire.
struct ExpectedStream {
  std::string from, to; // names, for messages
  Endpoint peer_rtp;
  bool to_peer = false;
  std::string call_id;
  std::string media, suite;
  rtp::Voiceprint voiceprint;
  bool early = false; // of an early dialog, whose media need not be heard
};

bool is_stream(const MediaStream& stream, const ExpectedStream& wanted) {
  const Endpoint& end = wanted.to_peer ? stream.destination : stream.source;
  return end == wanted.peer_rtp && stream.call_id == wanted.call_id;
}

std::string describe(const MediaStream& stream) {
  const std::string kind =
      stream.secured ? fmt::format("SRTP {}", stream.suite.empty() ? "of unknown suite" : stream.suite)
                     : "plain RTP";
  std::string out = fmt::format("{}, {} packets", kind, stream.packets);
  if (stream.secured)
    out += fmt::format(", {} authenticated, {} failed", stream.authenticated, stream.failed);
  if (stream.plain > 0) out += fmt::format(", {} plain", stream.plain);
  out += stream.voiceprint ? fmt::format(", {} recognised", rtp::to_string(*stream.voiceprint))
                           : ", no voiceprint recognised";
  if (stream.reason) out += ", " + *stream.reason;
  return out;
}

std::string describe(const ExpectedStream& wanted) {
  const std::string kind =
      wanted.media == "srtp" ? fmt::format("SRTP {}, every packet authentic", wanted.suite) : "plain RTP";
  return fmt::format("{}, {} recognised", kind, rtp::to_string(wanted.voiceprint));
}

bool is_protected_as(const MediaStream& stream, const ExpectedStream& wanted) {
  const bool secured = wanted.media == "srtp";
  if (stream.secured != secured || stream.packets == 0) return false;
  if (!secured) return true;
  const bool every_packet = stream.failed == 0 && stream.plain == 0 && stream.authenticated > 0 &&
                            stream.authenticated + stream.duplicates >= stream.packets;
  return every_packet && iequals(stream.suite, wanted.suite);
}

bool is_as_expected(const MediaStream& stream, const ExpectedStream& wanted) {
  return is_protected_as(stream, wanted) && stream.voiceprint == wanted.voiceprint;
}

// A stream beside the one that was looked for, such as those of before a re-INVITE: too short to recognise
// its sound, perhaps, but not less protected than some agreement of the call, and nobody else's voice.
bool is_harmless(const MediaStream& stream, const std::vector<ExpectedStream>& agreed) {
  return std::any_of(agreed.begin(), agreed.end(), [&](const ExpectedStream& wanted) {
    return is_protected_as(stream, wanted) && (!stream.voiceprint || stream.voiceprint == wanted.voiceprint);
  });
}

std::vector<const MediaStream*> streams_of(const Report& report, const ExpectedStream& wanted) {
  std::vector<const MediaStream*> out;
  for (const auto* list : {&report.srtp, &report.rtp})
    for (const MediaStream& stream : *list)
      if (is_stream(stream, wanted)) out.push_back(&stream);
  return out;
}

// One direction of one call. `agreed` has what was agreed on in turn; the last of it must be there, and
// nothing that none of it allows.
void check_direction(const script::Cell& cell, const Report& report,
                     const std::vector<ExpectedStream>& agreed, WireVerdict& out) {
  const ExpectedStream& wanted = agreed.back();
  const auto found = streams_of(report, wanted);
  std::string seen;
  for (const MediaStream* stream : found) seen += (seen.empty() ? "" : " | ") + describe(*stream);
  if (seen.empty()) seen = "no media";
  std::string& observation = out.observations[fmt::format("{} > {}", wanted.from, wanted.to)];
  observation += (observation.empty() ? "" : "; ") + seen;
  const bool there = std::any_of(found.begin(), found.end(),
                                 [&](const MediaStream* s) { return is_as_expected(*s, wanted); });
  const bool alone =
      std::all_of(found.begin(), found.end(), [&](const MediaStream* s) { return is_harmless(*s, agreed); });
  if ((there || wanted.early) && alone) return;
  const std::string_view shows = there ? "shows other media than" : "does not show";
  out.findings.push_back(wire_finding(
      cell, "wire-media",
      fmt::format("The capture {} the media that {} should send to {}.", shows, wanted.from, wanted.to),
      describe(wanted), seen));
}

void check_call(const script::Cell& cell, const PeersView& view, const PeerView& peer,
                const std::string& call_id, const Report& report, WireVerdict& out) {
  std::vector<ExpectedStream> sent, received;
  for (const auto& call : peer.calls) {
    if (call.call_id != call_id) continue;
    sent.push_back({peer.name, "gateway", call.rtp, false, call_id, call.media, call.suite, peer.voiceprint,
                    call.early});
    received.push_back({"gateway", peer.name, call.rtp, true, call_id, call.media, call.suite,
                        view.gateway_voiceprint, call.early});
  }
  // What a peer sends that misbehaves is told by what the gateway made of it.
  if (!peer.misbehaves_in_media) check_direction(cell, report, sent, out);
  check_direction(cell, report, received, out);
}

void check_media(const script::Cell& cell, const PeersView& view, const Report& report, WireVerdict& out) {
  for (const PeerView& peer : view.peers) {
    std::set<std::string> done;
    for (const auto& call : peer.calls)
      if (done.insert(call.call_id).second) check_call(cell, view, peer, call.call_id, report, out);
  }
}

// Every message that a peer saw must be in the capture, to the octet.
void check_messages(const script::Cell& cell, const PeersView& view, const Report& report, WireVerdict& out) {
  std::multiset<std::string> wire;
  for (const analysis::SipMessage& message : report.sip.messages) wire.insert(message.text);
  for (const std::string& text : view.messages) {
    const auto match = wire.find(text);
    if (match != wire.end()) {
      wire.erase(match);
      continue;
    }
    out.findings.push_back(
        wire_finding(cell, "wire-message", "A SIP message that a peer saw is not in the decrypted capture.",
                     text.substr(0, text.find("\r\n")),
                     fmt::format("{} messages in the capture", report.sip.messages.size())));
  }
}

bool is_expected_finding(const script::Cell& cell, std::string_view id) {
  return std::any_of(cell.wire.begin(), cell.wire.end(), [&](const script::WireExpectation& wanted) {
    return wanted.subject == "finding" && wanted.argument.text == id;
  });
}

} // namespace

WireVerdict judge_wire(const script::Cell& cell, const PeersView& view, const Report& report) {
  WireVerdict out;
  for (Finding finding : report.findings) {
    if (finding.severity != verdict::Severity::error || is_expected_finding(cell, finding.id)) continue;
    finding.witness = verdict::Witness::wire;
    if (finding.where.file.empty()) finding.where = cell.at;
    out.findings.push_back(std::move(finding));
  }
  check_messages(cell, view, report, out);
  check_connections(cell, view, report, out.findings);
  if (view.media_proven) check_media(cell, view, report, out);
  check_gateway_counters(cell, view, report, out.findings);
  for (Finding& finding : check_expectations(cell, report)) out.findings.push_back(std::move(finding));
  return out;
}

} // namespace sipvet::runner
