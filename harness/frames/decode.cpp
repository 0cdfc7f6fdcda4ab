#include "frames/decode.hpp"

#include "frames/fragments.hpp"
#include "frames/ip_layer.hpp"
#include "frames/link_layer.hpp"
#include "frames/plain_packet.hpp"
#include "frames/tunnels.hpp"

#include <utility>

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

// A tunnel in a tunnel in a tunnel is as much as anybody runs.
constexpr int max_ip_packets = 4;

} // namespace

struct Decoder::State {
  Fragments fragments;

  // What a whole IP payload holds: transport, or another IP packet.
  Result<Packet> payload(const IpPacket& ip, std::uint8_t protocol, Reader content, Instant time, int depth) {
    if (protocol == protocol::tcp) return parse_tcp(ip, content);
    if (protocol == protocol::udp) return parse_udp(ip, content);
    SIPVET_TRY(const Carried carried, enter_tunnel(protocol, content));
    if (carried == Carried::other) return Packet(Ignored{"an IP packet that carries neither TCP nor UDP"});
    return packet(carried, content, time, depth + 1);
  }

  Result<Packet> packet(Carried carried, Reader& frame, Instant time, int depth) {
    if (carried == Carried::other) return Packet(Ignored{"a frame that carries no IP packet"});
    if (depth == max_ip_packets) return Packet(Ignored{"an IP packet in too many others"});
    SIPVET_TRY(IpPacket ip, carried == Carried::ipv4 ? parse_ipv4(frame) : parse_ipv6(frame));
    if (ip.fragment) return fragment(ip, time, depth);
    return payload(ip, ip.protocol, ip.payload, time, depth);
  }

  Result<Packet> fragment(IpPacket& ip, Instant time, int depth) {
    const auto whole = fragments.add(ip, ip.payload.rest(), time);
    if (!whole) return Packet(Ignored{"a fragment whose datagram is not complete"});
    Reader content(whole->payload);
    std::uint8_t protocol = whole->protocol;
    if (ip.source.v6) {
      SIPVET_TRY(const auto again, skip_extension_headers(protocol, content));
      if (again) return Packet(Ignored{"a fragment within a fragment"});
    }
    return payload(ip, protocol, content, time, depth);
  }
};

Decoder::Decoder() : state_(std::make_unique<State>()) {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

Result<Packet> Decoder::decode(std::uint32_t link_type, ByteView frame, Instant time) {
  if (auto packet = plain_packet(link_type, frame)) return std::move(*packet);
  Reader reader(frame);
  SIPVET_TRY(const Carried carried, skip_link_header(link_type, reader));
  return state_->packet(carried, reader, time, 0);
}

std::size_t Decoder::incomplete_datagrams() const { return state_->fragments.incomplete(); }
std::size_t Decoder::abandoned_datagrams() const { return state_->fragments.abandoned(); }

} // namespace sipvet::frames
