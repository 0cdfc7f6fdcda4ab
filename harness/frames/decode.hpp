// From a captured frame to the TCP segment or UDP datagram in it, through link layer, tags and labels, IP,
// fragments and tunnels.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "frames/packet.hpp"

#include <memory>

namespace sipvet::frames {

// Link types that decode() reads, by their number in the registry of link-layer header types for pcap files.
namespace link {
inline constexpr std::uint32_t null = 0; // BSD loopback, address family in the byte order of the host
inline constexpr std::uint32_t ethernet = 1;
inline constexpr std::uint32_t ppp = 9;
inline constexpr std::uint32_t raw_bsd = 12;     // DLT_RAW on most systems
inline constexpr std::uint32_t raw_openbsd = 14; // DLT_RAW on OpenBSD
inline constexpr std::uint32_t ppp_hdlc = 50;
inline constexpr std::uint32_t ppp_ether = 51; // PPPoE without the Ethernet header
inline constexpr std::uint32_t atm_llc = 100;  // RFC 2684
inline constexpr std::uint32_t raw = 101;
inline constexpr std::uint32_t cisco_hdlc = 104;
inline constexpr std::uint32_t wifi = 105;
inline constexpr std::uint32_t frame_relay = 107;
inline constexpr std::uint32_t loop = 108; // OpenBSD loopback, network byte order
inline constexpr std::uint32_t enc = 109;  // OpenBSD IPsec, decrypted
inline constexpr std::uint32_t linux_cooked = 113;
inline constexpr std::uint32_t wifi_prism = 119;
inline constexpr std::uint32_t wifi_radiotap = 127;
inline constexpr std::uint32_t ip_over_firewire = 138;
inline constexpr std::uint32_t wifi_avs = 163;
inline constexpr std::uint32_t ppp_pppd = 166;
inline constexpr std::uint32_t ppi = 192;
inline constexpr std::uint32_t ppp_with_direction = 204;
inline constexpr std::uint32_t cisco_hdlc_with_direction = 205;
inline constexpr std::uint32_t frame_relay_with_direction = 206;
inline constexpr std::uint32_t mpls = 219;
inline constexpr std::uint32_t ipv4 = 228;
inline constexpr std::uint32_t ipv6 = 229;
inline constexpr std::uint32_t nflog = 239;
inline constexpr std::uint32_t ip_over_infiniband = 242;
inline constexpr std::uint32_t pktap = 258;
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
