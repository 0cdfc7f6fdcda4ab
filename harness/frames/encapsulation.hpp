// What may stand between a link header and an IP packet, and again inside tunnels: VLAN tags, MPLS labels,
// PPPoE, PPP, LLC, Ethernet itself.
#pragma once

#include "base/reader.hpp"
#include "base/result.hpp"

#include <cstdint>

namespace sipvet::frames {

// What comes next in a frame.
enum class Layer {
  ipv4,
  ipv6,
  ip, // either, as its version says
  ethernet,
  ethertype, // two octets of it, and what it names
  vlan,
  mpls,
  pppoe,
  ppp,
  llc,
  other,
};

enum class Carried { ipv4, ipv6, other };

Layer layer_of_ethertype(std::uint16_t ethertype);

// Goes past layers up to the IP packet. Frames with absurdly many carry something else.
Result<Carried> reach_ip(Layer layer, Reader& frame);

} // namespace sipvet::frames
