#include "frames/tunnels.hpp"

namespace sipvet::frames {
namespace {

// RFC 2784, RFC 2890, and for version 1 (PPTP) RFC 2637 §4.1.
Result<Layer> gre(Reader& payload) {
  constexpr std::uint16_t has_checksum = 0x8000, has_routing = 0x4000, has_key = 0x2000,
                          has_sequence = 0x1000, has_acknowledgment = 0x0080, version_bits = 0x0007;
  constexpr std::uint16_t erspan_1_2 = 0x88BE;
  SIPVET_TRY(const std::uint16_t flags, payload.u16("GRE flags"));
  SIPVET_TRY(const std::uint16_t protocol, payload.u16("GRE protocol"));
  const auto version = flags & version_bits;
  if (version > 1 || (version == 0 && (flags & has_routing) != 0)) return Layer::other;
  std::size_t octets = 0;
  if ((flags & has_checksum) != 0) octets += 4;
  if ((flags & has_key) != 0) octets += 4;
  if ((flags & has_sequence) != 0) octets += 4;
  if (version == 1 && (flags & has_acknowledgment) != 0) octets += 4;
  SIPVET_CHECK(payload.skip(octets, "GRE options"));
  // A mirrored Ethernet port: with a sequence number comes a header of its own.
  if (protocol == erspan_1_2) {
    if ((flags & has_sequence) != 0) SIPVET_CHECK(payload.skip(8, "ERSPAN header"));
    return Layer::ethernet;
  }
  return layer_of_ethertype(protocol);
}

Result<Layer> layer_behind(std::uint8_t protocol, Reader& payload) {
  switch (protocol) {
  case 4: // RFC 2003
    return Layer::ipv4;
  case 41: // RFC 4213 §3
    return Layer::ipv6;
  case 47:
    return gre(payload);
  case 97: // RFC 3378
    SIPVET_CHECK(payload.skip(2, "EtherIP header"));
    return Layer::ethernet;
  case 137: // RFC 4023 §3
    return Layer::mpls;
  default:
    return Layer::other;
  }
}

} // namespace

Result<Carried> enter_tunnel(std::uint8_t protocol, Reader& payload) {
  SIPVET_TRY(const Layer next, layer_behind(protocol, payload));
  return reach_ip(next, payload);
}

} // namespace sipvet::frames
