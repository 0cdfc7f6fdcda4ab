#include "frames/ip_layer.hpp"

#include <algorithm>

namespace sipvet::frames {

namespace {

constexpr std::size_t ipv4_header_octets = 20;
constexpr std::size_t ipv6_header_octets = 40;

IpAddress address(ByteView octets) {
  IpAddress result;
  result.v6 = octets.size() == 16;
  std::copy(octets.begin(), octets.end(), result.octets.begin());
  return result;
}

Error cut(const char* what, std::size_t expected, std::size_t there, std::size_t offset) {
  return fail(std::string(what) + " of " + std::to_string(expected) + " octets is cut: the frame holds " +
                  std::to_string(there) + " of them",
              offset);
}

// RFC 8200 §4.5, RFC 791 §3.1: all fragments but the last carry a multiple of 8 octets, and no datagram is
// longer than its 16-bit length can say.
Result<void> check_fragment(const FragmentField& fragment, const Reader& payload) {
  if (fragment.more && payload.remaining() % 8 != 0)
    return fail("fragment in the middle of a datagram has a length that is no multiple of 8",
                payload.offset());
  if (fragment.offset_octets + payload.remaining() > 65'535)
    return fail("fragment reaches beyond the 65535 octets of a datagram", payload.offset());
  return {};
}

bool is_extension(std::uint8_t protocol) {
  switch (protocol) {
  case 0:   // hop-by-hop options
  case 43:  // routing
  case 51:  // authentication header
  case 60:  // destination options
  case 135: // mobility
  case 139: // host identity protocol
  case 140: // shim6
    return true;
  default:
    return false;
  }
}

constexpr std::uint8_t fragment_header = 44;

Result<FragmentField> parse_fragment_header(std::uint8_t& protocol, Reader& payload) {
  SIPVET_TRY(protocol, payload.u8("IPv6 fragment next header"));
  SIPVET_CHECK(payload.skip(1, "IPv6 fragment reserved octet"));
  SIPVET_TRY(const std::uint16_t field, payload.u16("IPv6 fragment offset"));
  SIPVET_TRY(const std::uint32_t identification, payload.u32("IPv6 fragment identification"));
  const FragmentField fragment{identification, static_cast<std::size_t>(field & 0xFFF8), (field & 1) != 0};
  SIPVET_CHECK(check_fragment(fragment, payload));
  return fragment;
}

} // namespace

Result<IpPacket> parse_ipv4(Reader& frame) {
  const std::size_t start = frame.offset();
  const std::size_t there = frame.remaining();
  SIPVET_TRY(const std::uint8_t first, frame.u8("IPv4 version"));
  if (first >> 4 != 4) return fail("expected IP version 4, found " + std::to_string(first >> 4), start);
  const std::size_t header_octets = (first & 0x0Fu) * 4u;
  if (header_octets < ipv4_header_octets)
    return fail("IPv4 header length of " + std::to_string(header_octets) + " octets is below 20", start);
  SIPVET_CHECK(frame.skip(1, "IPv4 type of service"));
  SIPVET_TRY(std::size_t total_octets, frame.u16("IPv4 total length"));
  // A host that leaves segmentation to its network card may hand over packets of more than 65535 octets,
  // length 0.
  if (total_octets == 0) total_octets = there;
  if (total_octets < header_octets) return fail("IPv4 total length is shorter than its header", start + 2);
  if (total_octets > there) return cut("IPv4 packet", total_octets, there, start);

  SIPVET_TRY(const std::uint16_t identification, frame.u16("IPv4 identification"));
  SIPVET_TRY(const std::uint16_t fragment, frame.u16("IPv4 fragment offset"));
  SIPVET_CHECK(frame.skip(1, "IPv4 time to live"));
  IpPacket packet;
  SIPVET_TRY(packet.protocol, frame.u8("IPv4 protocol"));
  SIPVET_CHECK(frame.skip(2, "IPv4 header checksum"));
  SIPVET_TRY(const ByteView source, frame.bytes(4, "IPv4 source address"));
  SIPVET_TRY(const ByteView destination, frame.bytes(4, "IPv4 destination address"));
  packet.source = address(source);
  packet.destination = address(destination);
  SIPVET_CHECK(frame.skip(header_octets - ipv4_header_octets, "IPv4 options"));
  SIPVET_TRY(packet.payload, frame.sub(total_octets - header_octets, "IPv4 payload"));

  const bool more = (fragment & 0x2000) != 0;
  const std::size_t offset_octets = (fragment & 0x1FFFu) * 8u;
  if (more || offset_octets != 0) {
    packet.fragment = FragmentField{identification, offset_octets, more};
    SIPVET_CHECK(check_fragment(*packet.fragment, packet.payload));
  }
  return packet;
}

Result<std::optional<FragmentField>> skip_extension_headers(std::uint8_t& protocol, Reader& payload) {
  while (is_extension(protocol)) {
    const bool authentication = protocol == 51;
    SIPVET_TRY(protocol, payload.u8("IPv6 next header"));
    SIPVET_TRY(const std::size_t length, payload.u8("IPv6 extension header length"));
    // RFC 8200 §4.2: units of 8 octets, the first not counted. RFC 4302 §2.2: units of 4, the first two not
    // counted.
    const std::size_t octets = authentication ? (length + 2) * 4 : (length + 1) * 8;
    SIPVET_CHECK(payload.skip(octets - 2, "IPv6 extension header"));
  }
  if (protocol != fragment_header) return std::optional<FragmentField>();
  SIPVET_TRY(const FragmentField fragment, parse_fragment_header(protocol, payload));
  return std::optional<FragmentField>(fragment);
}

Result<IpPacket> parse_ipv6(Reader& frame) {
  const std::size_t start = frame.offset();
  SIPVET_TRY(const std::uint32_t first, frame.u32("IPv6 version and flow label"));
  if (first >> 28 != 6) return fail("expected IP version 6, found " + std::to_string(first >> 28), start);
  SIPVET_TRY(std::size_t payload_octets, frame.u16("IPv6 payload length"));
  IpPacket packet;
  SIPVET_TRY(packet.protocol, frame.u8("IPv6 next header"));
  SIPVET_CHECK(frame.skip(1, "IPv6 hop limit"));
  SIPVET_TRY(const ByteView source, frame.bytes(16, "IPv6 source address"));
  SIPVET_TRY(const ByteView destination, frame.bytes(16, "IPv6 destination address"));
  packet.source = address(source);
  packet.destination = address(destination);
  if (payload_octets == 0)
    payload_octets = frame.remaining(); // jumbogram, or segmentation left to the network card
  if (payload_octets > frame.remaining())
    return cut("IPv6 packet", ipv6_header_octets + payload_octets, ipv6_header_octets + frame.remaining(),
               start);
  SIPVET_TRY(packet.payload, frame.sub(payload_octets, "IPv6 payload"));
  SIPVET_TRY(packet.fragment, skip_extension_headers(packet.protocol, packet.payload));
  // RFC 6946: a fragment that is the whole datagram stands for itself.
  if (packet.fragment && packet.fragment->offset_octets == 0 && !packet.fragment->more) {
    packet.fragment.reset();
    SIPVET_TRY(packet.fragment, skip_extension_headers(packet.protocol, packet.payload));
  }
  return packet;
}

} // namespace sipvet::frames
