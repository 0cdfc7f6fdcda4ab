#include "frames/encapsulation.hpp"

#include <array>
#include <utility>

namespace sipvet::frames {
namespace {

// Two VLAN tags, PPPoE, PPP, three labels and an Ethernet inside them are ten.
constexpr int max_layers = 24;

// Below, the field is a length, and LLC follows (IEEE 802.3 §3.2.6).
constexpr std::uint16_t first_ethertype = 0x0600;

constexpr std::array<std::pair<std::uint16_t, Layer>, 11> ethertypes{{
    {0x0800, Layer::ipv4},
    {0x86DD, Layer::ipv6},
    {0x8100, Layer::vlan}, // IEEE 802.1Q
    {0x88A8, Layer::vlan}, // IEEE 802.1ad, QinQ
    {0x9100, Layer::vlan}, // what was used for QinQ before it
    {0x9200, Layer::vlan},
    {0x8847, Layer::mpls},
    {0x8848, Layer::mpls},
    {0x8864, Layer::pppoe}, // RFC 2516 §4: the session stage
    {0x880B, Layer::ppp},   // in GRE
    {0x6558, Layer::ethernet},
}};

Layer by_version(Reader packet) {
  const auto first = packet.u8("IP version");
  if (first && *first >> 4 == 4) return Layer::ipv4;
  if (first && *first >> 4 == 6) return Layer::ipv6;
  return Layer::other;
}

Result<Layer> ethernet(Reader& frame) {
  SIPVET_CHECK(frame.skip(12, "Ethernet addresses"));
  return Layer::ethertype;
}

Result<Layer> ethertype(Reader& frame) {
  SIPVET_TRY(const std::uint16_t type, frame.u16("EtherType"));
  return layer_of_ethertype(type);
}

Result<Layer> vlan(Reader& frame) {
  SIPVET_CHECK(frame.skip(2, "VLAN tag"));
  return Layer::ethertype;
}

// RFC 3032 §2.1: labels up to the one with the bottom bit. What follows is not said: IP shows itself by its
// version, and a pseudowire's control word by its zero (RFC 4385 §3); Ethernet is what such wires carry.
Result<Layer> mpls(Reader& frame) {
  SIPVET_TRY(const std::uint32_t label, frame.u32("MPLS label"));
  if ((label & 0x100) == 0) return Layer::mpls;
  const Layer next = by_version(frame);
  Reader look = frame;
  const auto first = look.u8("control word");
  if (next != Layer::other || !first || *first >> 4 != 0) return next;
  SIPVET_CHECK(frame.skip(4, "pseudowire control word"));
  return Layer::ethernet;
}

Result<Layer> pppoe(Reader& frame) {
  SIPVET_CHECK(frame.skip(6, "PPPoE header"));
  return Layer::ppp;
}

// RFC 1661 §2, RFC 1662 §3.1: address and control may be left out, and a protocol below 256 may take one
// octet.
Result<Layer> ppp(Reader& frame) {
  SIPVET_TRY(std::uint16_t protocol, frame.u8("PPP protocol"));
  if (protocol == 0xFF) {
    SIPVET_CHECK(frame.skip(1, "PPP control"));
    SIPVET_TRY(protocol, frame.u8("PPP protocol"));
  }
  if ((protocol & 1) == 0) {
    SIPVET_TRY(const std::uint8_t low, frame.u8("PPP protocol"));
    protocol = static_cast<std::uint16_t>(protocol << 8 | low);
  }
  switch (protocol) {
  case 0x0021:
    return Layer::ipv4;
  case 0x0057:
    return Layer::ipv6;
  case 0x0281:
  case 0x0283:
    return Layer::mpls;
  default:
    return Layer::other;
  }
}

// RFC 1042: SNAP with an organisation of zeros. Others have EtherTypes there as well, where these mean IP.
Result<Layer> llc(Reader& frame) {
  SIPVET_TRY(const std::uint32_t header, frame.u24("LLC header"));
  if (header != 0xAAAA03) return Layer::other;
  SIPVET_CHECK(frame.skip(3, "SNAP organisation"));
  SIPVET_TRY(const std::uint16_t type, frame.u16("SNAP protocol"));
  return type < first_ethertype ? Layer::other : layer_of_ethertype(type);
}

Result<Layer> step(Layer layer, Reader& frame) {
  switch (layer) {
  case Layer::ip:
    return by_version(frame);
  case Layer::ethernet:
    return ethernet(frame);
  case Layer::ethertype:
    return ethertype(frame);
  case Layer::vlan:
    return vlan(frame);
  case Layer::mpls:
    return mpls(frame);
  case Layer::pppoe:
    return pppoe(frame);
  case Layer::ppp:
    return ppp(frame);
  case Layer::llc:
    return llc(frame);
  default:
    return layer;
  }
}

} // namespace

Layer layer_of_ethertype(std::uint16_t type) {
  if (type < first_ethertype) return Layer::llc;
  for (const auto& [known, layer] : ethertypes)
    if (known == type) return layer;
  return Layer::other;
}

Result<Carried> reach_ip(Layer layer, Reader& frame) {
  for (int i = 0; i < max_layers; ++i) {
    if (layer == Layer::ipv4) return Carried::ipv4;
    if (layer == Layer::ipv6) return Carried::ipv6;
    if (layer == Layer::other) break;
    SIPVET_TRY(layer, step(layer, frame));
  }
  return Carried::other;
}

} // namespace sipvet::frames
