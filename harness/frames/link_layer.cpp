#include "frames/link_layer.hpp"

#include "frames/decode.hpp"

#include <array>

namespace sipvet::frames {

namespace {

constexpr std::uint16_t ethertype_ipv4 = 0x0800;
constexpr std::uint16_t ethertype_ipv6 = 0x86DD;

// IEEE 802.1Q, 802.1ad (QinQ) and the number that was used for QinQ before it.
bool is_vlan_tag(std::uint16_t ethertype) {
  return ethertype == 0x8100 || ethertype == 0x88A8 || ethertype == 0x9100;
}

Result<Carried> after_ethertype(std::uint16_t ethertype, Reader& frame) {
  while (is_vlan_tag(ethertype)) {
    SIPVET_CHECK(frame.skip(2, "VLAN tag"));
    SIPVET_TRY(ethertype, frame.u16("EtherType after a VLAN tag"));
  }
  if (ethertype == ethertype_ipv4) return Carried::ipv4;
  if (ethertype == ethertype_ipv6) return Carried::ipv6;
  return Carried::other;
}

Result<Carried> ethernet(Reader& frame) {
  SIPVET_CHECK(frame.skip(12, "Ethernet addresses"));
  SIPVET_TRY(const std::uint16_t ethertype, frame.u16("EtherType"));
  return after_ethertype(ethertype, frame);
}

Result<Carried> linux_cooked(Reader& frame) {
  SIPVET_CHECK(frame.skip(14, "Linux cooked header"));
  SIPVET_TRY(const std::uint16_t protocol, frame.u16("Linux cooked protocol"));
  return after_ethertype(protocol, frame);
}

Result<Carried> linux_cooked_v2(Reader& frame) {
  SIPVET_TRY(const std::uint16_t protocol, frame.u16("Linux cooked v2 protocol"));
  SIPVET_CHECK(frame.skip(18, "Linux cooked v2 header"));
  return after_ethertype(protocol, frame);
}

Carried by_version(const Reader& packet) {
  Reader look = packet;
  const auto first = look.u8("IP version");
  if (first && *first >> 4 == 4) return Carried::ipv4;
  if (first && *first >> 4 == 6) return Carried::ipv6;
  return Carried::other;
}

// The address family is a number of the capturing system: AF_INET is 2 everywhere, AF_INET6 is not.
Carried by_family(std::uint32_t family, const Reader& packet) {
  switch (family) {
  case 2:
    return Carried::ipv4;
  case 10: // Linux
  case 23: // Windows
  case 24: // NetBSD, OpenBSD
  case 28: // FreeBSD
  case 30: // macOS
    return by_version(packet) == Carried::ipv6 ? Carried::ipv6 : Carried::other;
  default:
    return Carried::other;
  }
}

// In the byte order of the host that captured (null) or of the network (loop). Families are small numbers, so
// the order shows itself: the wrong one has its only non-zero octet on top.
Result<Carried> bsd_loopback(Reader& frame) {
  SIPVET_TRY(std::uint32_t family, frame.u32("address family"));
  if ((family & 0xFFFF) == 0) family = ((family >> 24) & 0xFF) | ((family >> 8) & 0xFF00);
  return by_family(family, frame);
}

Result<Carried> raw_ip(Reader& frame) {
  if (frame.empty()) return fail("expected an IP packet in an empty frame", frame.offset());
  return by_version(frame);
}

Result<Carried> known(Carried what) { return what; }

struct LinkType {
  std::uint32_t number;
  Result<Carried> (*skip_header)(Reader&);
};

constexpr std::array link_types{
    LinkType{link::ethernet, ethernet},
    LinkType{link::raw, raw_ip},
    LinkType{link::linux_cooked, linux_cooked},
    LinkType{link::linux_cooked_v2, linux_cooked_v2},
    LinkType{link::null, bsd_loopback},
    LinkType{link::loop, bsd_loopback},
    LinkType{link::raw_bsd, raw_ip},
    LinkType{link::raw_openbsd, raw_ip},
    LinkType{link::ipv4, [](Reader&) { return known(Carried::ipv4); }},
    LinkType{link::ipv6, [](Reader&) { return known(Carried::ipv6); }},
};

} // namespace

bool knows_link_type(std::uint32_t link_type) {
  for (const LinkType& type : link_types)
    if (type.number == link_type) return true;
  return false;
}

Result<Carried> skip_link_header(std::uint32_t link_type, Reader& frame) {
  for (const LinkType& type : link_types)
    if (type.number == link_type) return type.skip_header(frame);
  return fail("link type " + std::to_string(link_type) +
                  " is not read here (Ethernet, Linux cooked, raw IP and BSD loopback are)",
              frame.offset());
}

} // namespace sipvet::frames
