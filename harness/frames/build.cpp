#include "frames/build.hpp"

#include <tins/ip.h>
#include <tins/ipv6.h>
#include <tins/loopback.h>
#include <tins/rawpdu.h>
#include <tins/tcp.h>
#include <tins/udp.h>

#include <exception>

namespace sipvet::frames {

namespace {

constexpr std::uint8_t hop_limit = 64; // what hosts send with by default
constexpr std::size_t max_packet_octets = 65'535;
constexpr std::size_t tcp_header_octets = 20, udp_header_octets = 8, ipv4_header_octets = 20;

Tins::IP ipv4_header(const IpAddress& source, const IpAddress& destination) {
  Tins::IP header(Tins::IPv4Address(to_string(destination)), Tins::IPv4Address(to_string(source)));
  header.ttl(hop_limit);
  header.id(0); // RFC 6864 §4.1: with "don't fragment" the identification means nothing
  header.flags(Tins::IP::DONT_FRAGMENT);
  return header;
}

Tins::IPv6 ipv6_header(const IpAddress& source, const IpAddress& destination) {
  Tins::IPv6 header(Tins::IPv6Address(to_string(destination)), Tins::IPv6Address(to_string(source)));
  header.hop_limit(hop_limit);
  return header;
}

Result<void> check(const Endpoint& source, const Endpoint& destination, std::size_t transport_octets,
                   std::size_t payload_octets) {
  if (source.ip.v6 != destination.ip.v6)
    return fail("a packet from " + to_string(source) + " to " + to_string(destination) +
                " mixes IPv4 and IPv6");
  // The length field of IPv6 does not count its header.
  const std::size_t header_octets = source.ip.v6 ? 0 : ipv4_header_octets;
  if (header_octets + transport_octets + payload_octets > max_packet_octets)
    return fail("a payload of " + std::to_string(payload_octets) + " octets does not fit an IP packet");
  return {};
}

// Below a link layer, of which nothing is kept: libtins puts this machine's address in the place of an
// unspecified source otherwise.
constexpr std::size_t loopback_header_octets = 4;

Result<void> append_ip(Bytes& out, const IpAddress& source, const IpAddress& destination,
                       const Tins::PDU& transport) {
  try {
    Tins::Loopback link;
    link.inner_pdu(source.v6 ? static_cast<Tins::PDU*>((ipv6_header(source, destination) / transport).clone())
                             : (ipv4_header(source, destination) / transport).clone());
    append(out, ByteView(link.serialize()).subspan(loopback_header_octets));
  } catch (const std::exception& error) {
    return fail(std::string("a packet cannot be written: ") + error.what());
  }
  return {};
}

Tins::RawPDU payload_of(ByteView octets) {
  return Tins::RawPDU(octets.data(), static_cast<std::uint32_t>(octets.size()));
}

} // namespace

Result<void> append_packet(Bytes& out, const Segment& segment, std::uint16_t window) {
  SIPVET_CHECK(check(segment.source, segment.destination, tcp_header_octets, segment.payload.size()));
  Tins::TCP tcp(segment.destination.port, segment.source.port);
  tcp.seq(segment.sequence);
  tcp.ack_seq(segment.ack ? segment.acknowledgment : 0);
  tcp.window(window);
  tcp.set_flag(Tins::TCP::FIN, segment.fin);
  tcp.set_flag(Tins::TCP::SYN, segment.syn);
  tcp.set_flag(Tins::TCP::RST, segment.rst);
  tcp.set_flag(Tins::TCP::ACK, segment.ack);
  tcp.set_flag(Tins::TCP::PSH, !segment.payload.empty());
  if (!segment.payload.empty()) tcp /= payload_of(segment.payload);
  return append_ip(out, segment.source.ip, segment.destination.ip, tcp);
}

Result<void> append_packet(Bytes& out, const Datagram& datagram) {
  SIPVET_CHECK(check(datagram.source, datagram.destination, udp_header_octets, datagram.payload.size()));
  Tins::UDP udp(datagram.destination.port, datagram.source.port);
  if (!datagram.payload.empty()) udp /= payload_of(datagram.payload);
  return append_ip(out, datagram.source.ip, datagram.destination.ip, udp);
}

} // namespace sipvet::frames
