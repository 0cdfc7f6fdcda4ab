#include "frames/decode.hpp"

#include "frames/fragments.hpp"
#include "frames/ip_layer.hpp"
#include "frames/link_layer.hpp"

namespace sipvet::frames {

namespace {

// RFC 9293 §3.1.
Result<Packet> parse_tcp(const IpPacket& ip, Reader payload) {
  const std::size_t start = payload.offset();
  Segment segment;
  SIPVET_TRY(const std::uint16_t source_port, payload.u16("TCP source port"));
  SIPVET_TRY(const std::uint16_t destination_port, payload.u16("TCP destination port"));
  SIPVET_TRY(segment.sequence, payload.u32("TCP sequence number"));
  SIPVET_TRY(segment.acknowledgment, payload.u32("TCP acknowledgment number"));
  SIPVET_TRY(const std::uint16_t offset_and_flags, payload.u16("TCP data offset"));
  SIPVET_CHECK(payload.skip(6, "TCP window, checksum and urgent pointer"));
  const std::size_t header_octets = (offset_and_flags >> 12) * 4u;
  if (header_octets < 20)
    return fail("TCP header length of " + std::to_string(header_octets) + " octets is below 20", start + 12);
  SIPVET_CHECK(payload.skip(header_octets - 20, "TCP options"));
  segment.source = {ip.source, source_port};
  segment.destination = {ip.destination, destination_port};
  segment.fin = (offset_and_flags & 0x01) != 0;
  segment.syn = (offset_and_flags & 0x02) != 0;
  segment.rst = (offset_and_flags & 0x04) != 0;
  segment.ack = (offset_and_flags & 0x10) != 0;
  segment.payload = payload.rest();
  return Packet(segment);
}

// RFC 768.
Result<Packet> parse_udp(const IpPacket& ip, Reader payload) {
  const std::size_t start = payload.offset();
  const std::size_t there = payload.remaining();
  SIPVET_TRY(const std::uint16_t source_port, payload.u16("UDP source port"));
  SIPVET_TRY(const std::uint16_t destination_port, payload.u16("UDP destination port"));
  SIPVET_TRY(std::size_t octets, payload.u16("UDP length"));
  SIPVET_CHECK(payload.skip(2, "UDP checksum"));
  if (octets == 0) octets = there; // RFC 2675 §4
  if (octets < 8) return fail("UDP length of " + std::to_string(octets) + " octets is below 8", start + 4);
  if (octets > there)
    return fail("UDP datagram of " + std::to_string(octets) + " octets in an IP packet that carries " +
                    std::to_string(there),
                start + 4);
  SIPVET_TRY(const ByteView content, payload.bytes(octets - 8, "UDP payload"));
  return Packet(Datagram{{ip.source, source_port}, {ip.destination, destination_port}, content});
}

Result<Packet> parse_transport(const IpPacket& ip, std::uint8_t protocol, const Reader& payload) {
  if (protocol == protocol::tcp) return parse_tcp(ip, payload);
  if (protocol == protocol::udp) return parse_udp(ip, payload);
  return Packet(Ignored{"an IP packet that carries neither TCP nor UDP"});
}

} // namespace

struct Decoder::State {
  Fragments fragments;

  Result<Packet> fragment(IpPacket& ip, Instant time) {
    const auto whole = fragments.add(ip, ip.payload.rest(), time);
    if (!whole) return Packet(Ignored{"a fragment whose datagram is not complete"});
    Reader payload(whole->payload);
    std::uint8_t protocol = whole->protocol;
    if (ip.source.v6) {
      SIPVET_TRY(const auto again, skip_extension_headers(protocol, payload));
      if (again) return Packet(Ignored{"a fragment within a fragment"});
    }
    return parse_transport(ip, protocol, payload);
  }
};

Decoder::Decoder() : state_(std::make_unique<State>()) {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

Result<Packet> Decoder::decode(std::uint32_t link_type, ByteView frame, Instant time) {
  Reader reader(frame);
  SIPVET_TRY(const Carried carried, skip_link_header(link_type, reader));
  if (carried == Carried::other) return Packet(Ignored{"a frame that carries no IP packet"});
  SIPVET_TRY(IpPacket ip, carried == Carried::ipv4 ? parse_ipv4(reader) : parse_ipv6(reader));
  if (ip.fragment) return state_->fragment(ip, time);
  return parse_transport(ip, ip.protocol, ip.payload);
}

std::size_t Decoder::incomplete_datagrams() const { return state_->fragments.incomplete(); }
std::size_t Decoder::abandoned_datagrams() const { return state_->fragments.abandoned(); }

} // namespace sipvet::frames
