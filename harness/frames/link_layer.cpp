#include "frames/link_layer.hpp"

#include "frames/decode.hpp"
#include "frames/wireless.hpp"

#include <array>

namespace sipvet::frames {

namespace {

Result<Layer> linux_cooked(Reader& frame) {
  SIPVET_CHECK(frame.skip(14, "Linux cooked header"));
  return Layer::ethertype;
}

Result<Layer> linux_cooked_v2(Reader& frame) {
  SIPVET_TRY(const std::uint16_t protocol, frame.u16("Linux cooked v2 protocol"));
  SIPVET_CHECK(frame.skip(18, "Linux cooked v2 header"));
  return layer_of_ethertype(protocol);
}

// The address family is a number of the capturing system: AF_INET is 2 everywhere, AF_INET6 is not.
Layer by_family(std::uint32_t family) {
  switch (family) {
  case 2:
    return Layer::ipv4;
  case 10: // Linux
  case 23: // Windows
  case 24: // NetBSD, OpenBSD
  case 28: // FreeBSD
  case 30: // macOS
    return Layer::ip;
  default:
    return Layer::other;
  }
}

// In the byte order of the host that captured (null, enc) or of the network (loop). Families are small
// numbers, so the order shows itself: the wrong one has its only non-zero octet on top.
Result<Layer> bsd_loopback(Reader& frame) {
  SIPVET_TRY(std::uint32_t family, frame.u32("address family"));
  if ((family & 0xFFFF) == 0) family = ((family >> 24) & 0xFF) | ((family >> 8) & 0xFF00);
  return by_family(family);
}

Result<Layer> openbsd_enc(Reader& frame) {
  SIPVET_TRY(const Layer next, bsd_loopback(frame));
  SIPVET_CHECK(frame.skip(8, "OpenBSD enc header"));
  return next;
}

Result<Layer> raw_ip(Reader& frame) {
  if (frame.empty()) return fail("expected an IP packet in an empty frame", frame.offset());
  return Layer::ip;
}

Result<Layer> cisco_hdlc(Reader& frame) {
  SIPVET_CHECK(frame.skip(2, "HDLC address and control"));
  return Layer::ethertype;
}

// PPP in HDLC framing, or Cisco's (libpcap gives both this number).
Result<Layer> ppp_hdlc(Reader& frame) {
  Reader look = frame;
  SIPVET_TRY(const std::uint8_t address, look.u8("HDLC address"));
  return address == 0x0F || address == 0x8F ? cisco_hdlc(frame) : Result<Layer>(Layer::ppp);
}

// RFC 2427 §3 and §4.1, and Cisco's own form, which has an EtherType behind the address.
Result<Layer> frame_relay(Reader& frame) {
  for (std::uint8_t address = 0; (address & 1) == 0;) {
    SIPVET_TRY(address, frame.u8("Frame Relay address"));
  }
  Reader look = frame;
  SIPVET_TRY(const std::uint8_t control, look.u8("Frame Relay control"));
  if (control != 0x03) return Layer::ethertype;
  SIPVET_TRY(std::uint8_t protocol, look.u8("Frame Relay NLPID"));
  if (protocol == 0) { // padding to an even address
    SIPVET_TRY(protocol, look.u8("Frame Relay NLPID"));
  }
  frame = look;
  if (protocol == 0xCC) return Layer::ipv4;
  if (protocol == 0x8E) return Layer::ipv6;
  if (protocol != 0x80) return Layer::other;
  SIPVET_CHECK(frame.skip(3, "SNAP organisation"));
  return Layer::ethertype;
}

// libpcap puts one octet in front that says which way the frame went.
template <Result<Layer> (*rest)(Reader&)>
Result<Layer> with_direction(Reader& frame) {
  SIPVET_CHECK(frame.skip(1, "direction"));
  return rest(frame);
}

// RFC 4391 §6, behind the 40 octets of a global routing header.
Result<Layer> ip_over_infiniband(Reader& frame) {
  SIPVET_CHECK(frame.skip(40, "InfiniBand routing header"));
  SIPVET_TRY(const std::uint16_t protocol, frame.u16("IPoIB protocol"));
  SIPVET_CHECK(frame.skip(2, "IPoIB reserved octets"));
  return layer_of_ethertype(protocol);
}

Result<Layer> ip_over_firewire(Reader& frame) {
  SIPVET_CHECK(frame.skip(16, "FireWire addresses"));
  return Layer::ethertype;
}

// Family, version, resource, then values with type and length, in the byte order of the host; one is the
// packet.
Result<Layer> nflog(Reader& frame) {
  constexpr std::uint16_t payload = 9;
  SIPVET_CHECK(frame.skip(4, "NFLOG header"));
  for (;;) {
    SIPVET_TRY(const std::uint16_t octets, little_u16(frame, "NFLOG length"));
    SIPVET_TRY(const std::uint16_t type, little_u16(frame, "NFLOG type"));
    if (type == payload) return Layer::ip;
    if (octets < 4)
      return fail("NFLOG value of " + std::to_string(octets) + " octets is below 4", frame.offset());
    SIPVET_CHECK(frame.skip((octets + 3) / 4 * 4 - 4, "NFLOG value"));
  }
}

Result<Layer> ppi(Reader& frame);
Result<Layer> pktap(Reader& frame);
template <Layer layer>
Result<Layer> at_once(Reader&) {
  return layer;
}

struct LinkType {
  std::uint32_t number;
  Result<Layer> (*skip_header)(Reader&);
};

constexpr std::array link_types{
    LinkType{link::ethernet, at_once<Layer::ethernet>},
    LinkType{link::raw, raw_ip},
    LinkType{link::linux_cooked, linux_cooked},
    LinkType{link::linux_cooked_v2, linux_cooked_v2},
    LinkType{link::null, bsd_loopback},
    LinkType{link::loop, bsd_loopback},
    LinkType{link::raw_bsd, raw_ip},
    LinkType{link::raw_openbsd, raw_ip},
    LinkType{link::ipv4, at_once<Layer::ipv4>},
    LinkType{link::ipv6, at_once<Layer::ipv6>},
    LinkType{link::wifi, skip_wifi},
    LinkType{link::wifi_radiotap, skip_radiotap},
    LinkType{link::wifi_prism, skip_prism},
    LinkType{link::wifi_avs, skip_avs},
    LinkType{link::ppp, at_once<Layer::ppp>},
    LinkType{link::ppp_hdlc, ppp_hdlc},
    LinkType{link::ppp_ether, at_once<Layer::pppoe>},
    LinkType{link::ppp_pppd, with_direction<at_once<Layer::ppp>>},
    LinkType{link::ppp_with_direction, with_direction<at_once<Layer::ppp>>},
    LinkType{link::cisco_hdlc, cisco_hdlc},
    LinkType{link::cisco_hdlc_with_direction, with_direction<cisco_hdlc>},
    LinkType{link::frame_relay, frame_relay},
    LinkType{link::frame_relay_with_direction, with_direction<frame_relay>},
    LinkType{link::atm_llc, at_once<Layer::llc>},
    LinkType{link::enc, openbsd_enc},
    LinkType{link::mpls, at_once<Layer::mpls>},
    LinkType{link::ip_over_infiniband, ip_over_infiniband},
    LinkType{link::ip_over_firewire, ip_over_firewire},
    LinkType{link::nflog, nflog},
    LinkType{link::ppi, ppi},
    LinkType{link::pktap, pktap},
};

const LinkType* find(std::uint32_t number) {
  for (const LinkType& type : link_types)
    if (type.number == number) return &type;
  return nullptr;
}

// A header that names the link type of what it stands in front of, which may be none of its own kind.
Result<Layer> wrapped(std::uint32_t link_type, std::size_t header_octets, Reader& frame) {
  SIPVET_CHECK(frame.skip(header_octets, "wrapping header"));
  const LinkType* inner = find(link_type);
  if (inner == nullptr || inner->skip_header == ppi || inner->skip_header == pktap) return Layer::other;
  return inner->skip_header(frame);
}

// Per-Packet Information (CACE): version, flags, length, link type.
Result<Layer> ppi(Reader& frame) {
  SIPVET_CHECK(frame.skip(2, "PPI version and flags"));
  SIPVET_TRY(const std::uint16_t octets, little_u16(frame, "PPI length"));
  SIPVET_TRY(const std::uint32_t link_type, little_u32(frame, "PPI link type"));
  if (octets < 8)
    return fail("PPI header of " + std::to_string(octets) + " octets is below 8", frame.offset());
  return wrapped(link_type, octets - 8u, frame);
}

// Apple's: length, type of record, link type.
Result<Layer> pktap(Reader& frame) {
  SIPVET_TRY(const std::uint32_t octets, little_u32(frame, "PKTAP length"));
  SIPVET_CHECK(frame.skip(4, "PKTAP record type"));
  SIPVET_TRY(const std::uint32_t link_type, little_u32(frame, "PKTAP link type"));
  if (octets < 12)
    return fail("PKTAP header of " + std::to_string(octets) + " octets is below 12", frame.offset());
  return wrapped(link_type, octets - 12u, frame);
}

} // namespace

bool knows_link_type(std::uint32_t link_type) { return find(link_type) != nullptr; }

Result<Carried> skip_link_header(std::uint32_t link_type, Reader& frame) {
  const LinkType* type = find(link_type);
  if (type == nullptr)
    return fail("link type " + std::to_string(link_type) +
                    " is not one that carries IP as far as is known here",
                frame.offset());
  SIPVET_TRY(const Layer next, type->skip_header(frame));
  return reach_ip(next, frame);
}

} // namespace sipvet::frames
