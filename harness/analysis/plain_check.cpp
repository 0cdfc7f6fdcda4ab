#include "analysis/plain_check.hpp"

#include "rtp/packet.hpp"

#include <array>
#include <cstdint>

namespace sipvet::analysis {
namespace {

constexpr std::uint8_t pcmu = 0, pcma = 8; // RFC 3551 table 4
constexpr std::size_t least_votes = 2;
// Random octets in blocks of 4 KiB miss only a few of the 256 values and repeat none often.
constexpr std::size_t sample_octets = 4096;
constexpr std::size_t least_sample_octets = 512;

struct Clocked {
  std::uint16_t sequence;
  std::uint32_t timestamp;
  std::size_t payload_octets;
};

std::optional<Clocked> clocked(ByteView packet) {
  if (!rtp::looks_like_rtp(packet)) return std::nullopt;
  const std::uint8_t type = packet[1] & 0x7f;
  if (type != pcmu && type != pcma) return std::nullopt;
  const auto sequence = static_cast<std::uint16_t>(packet[2] << 8 | packet[3]);
  const auto timestamp = static_cast<std::uint32_t>(packet[4]) << 24 |
                         static_cast<std::uint32_t>(packet[5]) << 16 |
                         static_cast<std::uint32_t>(packet[6]) << 8 | packet[7];
  return Clocked{sequence, timestamp, payload_of(packet, false).size()};
}

Looks by_clock(std::span<const Bytes> packets) {
  std::size_t plain = 0, longer = 0;
  std::optional<Clocked> before;
  for (const auto& packet : packets) {
    const auto now = clocked(packet);
    if (now && before && static_cast<std::uint16_t>(now->sequence - before->sequence) == 1) {
      const auto ticks = now->timestamp - before->timestamp;
      if (before->payload_octets == ticks) ++plain;
      // A tag of 4 to 16 octets, and an MKI of a few.
      if (before->payload_octets >= ticks + 4 && before->payload_octets <= ticks + 32) ++longer;
    }
    before = now;
  }
  if (plain >= least_votes && plain > longer) return Looks::plain;
  if (longer >= least_votes && longer > plain) return Looks::encrypted;
  return Looks::unclear;
}

// The index of coincidence: how often two octets drawn from the sample are the same. 1/256 for ciphertext.
Looks by_disorder(std::span<const Bytes> packets) {
  std::array<std::uint64_t, 256> counts{};
  std::uint64_t total = 0;
  for (const auto& packet : packets) {
    for (const auto octet : payload_of(packet, false)) ++counts[octet], ++total;
    if (total >= sample_octets) break;
  }
  if (total < least_sample_octets) return Looks::unclear;
  double pairs = 0;
  for (const auto count : counts) pairs += static_cast<double>(count) * (static_cast<double>(count) - 1);
  const double coincidence = pairs / (static_cast<double>(total) * static_cast<double>(total - 1));
  return coincidence > 3.0 / 256 ? Looks::plain : Looks::unclear;
}

} // namespace

ByteView payload_of(ByteView packet, bool padding_readable) {
  const auto header = rtp::header_octets(packet);
  if (!header || *header > packet.size()) return {};
  auto payload = packet.subspan(*header);
  const bool padded = (packet[0] & 0x20) != 0;
  if (!padding_readable || !padded || payload.empty()) return payload;
  const std::size_t padding = payload.back(); // RFC 3550 §5.1: counts itself
  return padding == 0 || padding > payload.size() ? payload : payload.first(payload.size() - padding);
}

Looks looks_plain(std::span<const Bytes> packets) {
  const auto clock = by_clock(packets);
  return clock != Looks::unclear ? clock : by_disorder(packets);
}

} // namespace sipvet::analysis
