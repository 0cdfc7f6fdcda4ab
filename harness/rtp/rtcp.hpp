// RTCP packets (RFC 3550 §6): sender and receiver reports, source descriptions, goodbyes, in compound
// datagrams.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace sipvet::rtp {

struct ReportBlock { // §6.4.1
  std::uint32_t ssrc = 0;
  std::uint8_t fraction_lost = 0;        // of 256, since the last report
  std::int32_t cumulative_lost = 0;      // 24 bits, signed: duplicates make it negative
  std::uint32_t highest_sequence = 0;    // extended by the number of cycles
  std::uint32_t jitter = 0;              // timestamp units
  std::uint32_t last_sr = 0;             // the middle 32 bits of the last SR's NTP time
  std::uint32_t delay_since_last_sr = 0; // 1/65536 s
  bool operator==(const ReportBlock&) const = default;
};

struct SenderReport {
  std::uint32_t ssrc = 0;
  std::uint64_t ntp_time = 0; // seconds since 1900 in the upper half
  std::uint32_t rtp_timestamp = 0;
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;        // of payload
  std::vector<ReportBlock> blocks; // at most 31
  Bytes profile_extension;
  bool operator==(const SenderReport&) const = default;
};

struct ReceiverReport {
  std::uint32_t ssrc = 0;
  std::vector<ReportBlock> blocks; // at most 31
  Bytes profile_extension;
  bool operator==(const ReceiverReport&) const = default;
};

struct SdesItem { // §6.5; type 1 is CNAME
  std::uint8_t type = 1;
  std::string text; // at most 255 octets
  bool operator==(const SdesItem&) const = default;
};
struct SdesChunk {
  std::uint32_t ssrc = 0;
  std::vector<SdesItem> items;
  bool operator==(const SdesChunk&) const = default;
};
struct SourceDescription {
  std::vector<SdesChunk> chunks; // at most 31
  bool operator==(const SourceDescription&) const = default;
};

struct Goodbye {                    // §6.6
  std::vector<std::uint32_t> ssrcs; // at most 31
  std::optional<std::string> reason;
  bool operator==(const Goodbye&) const = default;
};

struct OtherRtcp {        // APP, feedback and what is not known: kept as it is
  std::uint8_t count = 0; // the 5 bits beside the version
  std::uint8_t type = 0;
  Bytes body; // whole words
  bool operator==(const OtherRtcp&) const = default;
};

using RtcpPacket = std::variant<SenderReport, ReceiverReport, SourceDescription, Goodbye, OtherRtcp>;

// The packets of a datagram in order; padding of the last one is dropped.
Result<std::vector<RtcpPacket>> parse_rtcp(ByteView datagram);
Bytes serialize(std::span<const RtcpPacket> packets);

// Whether a compound datagram keeps the rules of §6.1: a report first, and a CNAME.
Result<void> check_compound(std::span<const RtcpPacket> packets);

// The SSRC of the sender: octets 4 to 7, which SRTCP leaves in the clear (RFC 3711 §3.4).
Result<std::uint32_t> rtcp_sender_ssrc(ByteView datagram);

} // namespace sipvet::rtp
