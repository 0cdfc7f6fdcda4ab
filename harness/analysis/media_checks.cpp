#include "analysis/media_checks.hpp"

#include "analysis/media_reason.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace sipvet::analysis {
namespace {

// Receivers hold back 20 to 60 ms of audio; beyond this, packets come too late for them.
constexpr double most_jitter_ms = 30;

std::string name(const MediaStream& stream) {
  return fmt::format("SSRC 0x{:08x} from {} to {}", stream.ssrc, to_string(stream.source),
                     to_string(stream.destination));
}

void check_fit(const MediaStream& stream, Fit fit, const MediaMap& map, FindingList& findings) {
  const auto frame = stream.first_frame;
  const auto matches = map.find(stream.source, stream.destination);
  const std::string negotiated = matches.empty() ? "" : matches.front().leg->suite;
  switch (fit) {
  case Fit::expected:
    return;
  case Fit::other_line:
    return findings.error(
        "media-suite-mismatch", frame,
        fmt::format("{} is protected with {}, by another crypto line than the one that was answered",
                    name(stream), stream.suite),
        "send with the key of the answered line (RFC 4568 §5.1.2)");
  case Fit::other_suite:
    return findings.error(
        "media-suite-mismatch", frame,
        fmt::format("{} is protected with {}, but {} was negotiated", name(stream), stream.suite, negotiated),
        "use the tag length of the negotiated suite (RFC 4568 §6.2)");
  case Fit::without_mki:
    return findings.error("media-suite-mismatch", frame,
                          fmt::format("{} carries no MKI, but one was negotiated", name(stream)),
                          "send the MKI with every packet (RFC 4568 §6.1), or negotiate none");
  case Fit::other_mki:
    return findings.error("media-suite-mismatch", frame,
                          fmt::format("{} carries an MKI that was not negotiated", name(stream)),
                          "send the MKI of the answered line, or none (RFC 4568 §6.1)");
  case Fit::other_direction:
    return findings.error(
        "srtp-wrong-direction-key", frame,
        fmt::format("{} is protected with the key that its receiver sends with", name(stream)),
        "each side sends with the key in its own description (RFC 4568 §7.1.1)");
  case Fit::other_call:
    return findings.error(
        "srtp-wrong-direction-key", frame,
        fmt::format("{} is protected with a key that was negotiated for other addresses", name(stream)),
        "send with the key of the call that the packets belong to");
  }
}

void check_unreadable(const MediaStream& stream, FindingList& findings) {
  const auto frame = stream.first_frame;
  if (stream.reason == media_reason::no_key)
    findings.warning("srtp-no-key", frame,
                     fmt::format("There is no key for {} ({} packets)", name(stream), stream.packets),
                     "decrypt the signalling that carried it, or give the key with --srtp-key");
  else if (stream.failed > 0)
    findings.error(
        "srtp-authentication-failed", stream.first_failed_frame.value_or(frame),
        fmt::format("{} of {} packets of {} are not authentic", stream.failed, stream.packets, name(stream)),
        "compare the key, suite and rollover counter of sender and receiver");
}

void check_lifetime(const MediaStream& stream, const MediaMap& map, FindingList& findings) {
  const auto matches = map.find(stream.source, stream.destination);
  if (matches.empty() || stream.key_source != "sdes") return;
  const auto lifetime = matches.front().sender().lifetime_packets;
  if (lifetime && stream.authenticated > *lifetime)
    findings.note("srtp-key-lifetime", stream.first_frame,
                  fmt::format("{} has {} packets under one key, whose line allows {}", name(stream),
                              stream.authenticated, *lifetime));
}

} // namespace

void check_stream(const MediaStream& stream, std::optional<Fit> fit, const MediaMap& map,
                  FindingList& findings) {
  if (fit) check_fit(stream, *fit, map, findings);
  if (stream.plain > 0)
    findings.error("plain-media-on-secured-leg", stream.first_plain_frame.value_or(stream.first_frame),
                   fmt::format("{} of {} packets of {} are not encrypted, although SRTP was negotiated",
                               stream.plain, stream.packets, name(stream)),
                   "send SRTP from the first packet on, and drop what is not authentic");
  if (stream.secured) check_unreadable(stream, findings);
  if (stream.reason == media_reason::rollover_counter)
    findings.note(
        "srtp-wrong-roc", stream.first_frame,
        fmt::format("{} begins at rollover counter {}, although its key was given away in this capture{}",
                    name(stream), stream.rollover_counter,
                    stream.rollover_counter == 0 ? " with another one" : ""));
  check_lifetime(stream, map, findings);
}

void report_unnegotiated(const MediaStream& stream, FindingList& findings) {
  findings.warning(
      "srtp-on-plain-leg", stream.first_frame,
      fmt::format("{} is SRTP{}, although offer and answer settled on plain RTP", name(stream),
                  stream.key_source.empty() ? "" : " under a key that was offered and not taken"),
      "send SRTP only when the answer agreed to it: a receiver of plain RTP hears noise (RFC 4568 §5.1.2)");
}

void check_arrival(const MediaStream& stream, FindingList& findings) {
  if (stream.lost > 0)
    findings.note("media-lost", stream.first_frame,
                  fmt::format("{} packets of {} are missing ({} were captured), in {} gaps of {} at most",
                              stream.lost, name(stream), stream.packets, stream.gaps, stream.longest_gap));
  if (stream.max_jitter_ms > most_jitter_ms)
    findings.note(
        "media-jitter", stream.first_frame,
        fmt::format("The packets of {} have a jitter of {:.1f} ms on average and {:.1f} ms at worst",
                    name(stream), stream.mean_jitter_ms, stream.max_jitter_ms));
  if (stream.replayed > 0)
    findings.note("media-replayed", stream.first_replayed_frame.value_or(stream.first_frame),
                  fmt::format("{} packets of {} came a second time", stream.replayed, name(stream)));
}

void check_addresses(const MediaStream& stream, const std::optional<MediaMap::Match>& leg,
                     const Report& report, const MediaMap& map, FindingList& findings) {
  if (map.legs().empty()) return;
  if (!leg) {
    const bool hidden = std::ranges::any_of(
        report.tls, [](const TlsConnection& connection) { return connection.reason.has_value(); });
    if (!hidden)
      findings.note("media-address-unknown", stream.first_frame,
                    fmt::format("{}: no description names either address", name(stream)));
    return;
  }
  if (leg->both_addresses || !leg->leg->answered) return;
  const auto& said = leg->sender().rtp;
  const bool source_known = said == stream.source || leg->sender().rtcp == stream.source;
  findings.note("media-address-unknown", stream.first_frame,
                source_known ? fmt::format("{} goes elsewhere than its receiver's description says ({})",
                                           name(stream), to_string(leg->receiver().rtp))
                             : fmt::format("{} comes from elsewhere than its sender's description says ({})",
                                           name(stream), to_string(said)));
}

void check_rtcp(const RtcpStream& stream, FindingList& findings) {
  if (stream.plain > 0)
    findings.warning("plain-rtcp-on-secured-leg", stream.first_frame,
                     fmt::format("{} of {} RTCP packets of SSRC 0x{:08x} from {} are not encrypted",
                                 stream.plain, stream.packets, stream.ssrc, to_string(stream.source)),
                     "protect RTCP as well, or negotiate UNENCRYPTED_SRTCP (RFC 4568 §6.3.2)");
  if (stream.failed > 0 && !stream.key_source.empty())
    findings.error(
        "srtp-authentication-failed", stream.first_frame,
        fmt::format("{} of {} SRTCP packets of SSRC 0x{:08x} from {} are not authentic", stream.failed,
                    stream.packets, stream.ssrc, to_string(stream.source)),
        "compare the key and the tag of sender and receiver: SRTCP always has 80 bits (RFC 4568 §6.2)");
}

void check_directions(const Report& report, const MediaMap& map, FindingList& findings) {
  std::unordered_set<Endpoint> destinations;
  for (const auto* list : {&report.srtp, &report.rtp})
    for (const auto& stream : *list) destinations.insert(stream.destination);
  const auto heard = [&](const Endpoint& destination) { return destinations.contains(destination); };
  for (const auto& leg : map.legs()) {
    if (!leg.answered || leg.offerer.rtp.port == 0 || leg.answerer.rtp.port == 0) continue;
    if (!leg.offerer.sends || !leg.answerer.sends) continue;
    const bool to_offerer = heard(leg.offerer.rtp), to_answerer = heard(leg.answerer.rtp);
    if (to_offerer == to_answerer) continue;
    const auto& silent = to_offerer ? leg.answerer : leg.offerer;
    findings.warning("one-way-media", leg.frame,
                     fmt::format("Media was promised both ways, but none came to {}", to_string(silent.rtp)),
                     "check what blocks this direction: an address behind NAT, a firewall, a refused key");
  }
}

} // namespace sipvet::analysis
