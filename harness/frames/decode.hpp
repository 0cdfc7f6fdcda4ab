// From a captured frame to the TCP segment or UDP datagram in it, through link layer, VLAN tags, IP and
// fragments.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "frames/packet.hpp"

#include <memory>

namespace sipvet::frames {

// Link types that decode() reads, by their number in the registry of link-layer header types for pcap files.
namespace link {
inline constexpr std::uint32_t null =
    0; // BSD loopback, address family in the byte order of the capturing host
inline constexpr std::uint32_t ethernet = 1;
inline constexpr std::uint32_t raw_bsd = 12;     // DLT_RAW on most systems
inline constexpr std::uint32_t raw_openbsd = 14; // DLT_RAW on OpenBSD
inline constexpr std::uint32_t raw = 101;
inline constexpr std::uint32_t loop = 108; // OpenBSD loopback, network byte order
inline constexpr std::uint32_t linux_cooked = 113;
inline constexpr std::uint32_t ipv4 = 228;
inline constexpr std::uint32_t ipv6 = 229;
inline constexpr std::uint32_t linux_cooked_v2 = 276;
} // namespace link

bool knows_link_type(std::uint32_t link_type);

// Keeps the fragments that wait for their rest, within bounds of number, octets and time; everything else is
// stateless.
class Decoder {
 public:
  Decoder();
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;

  // Fails, with the offset in the frame, on an unknown link type, a malformed header, and a packet whose own
  // lengths go beyond the frame (cut by the snap length of the capture). `time` is the frame's; it only ages
  // fragments.
  Result<Packet> decode(std::uint32_t link_type, ByteView frame, Instant time);

  // IP datagrams begun and not yet complete, and those given up (too old, too many, inconsistent).
  std::size_t incomplete_datagrams() const;
  std::size_t abandoned_datagrams() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::frames
