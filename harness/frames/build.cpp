#include "frames/build.hpp"

#include "base/writer.hpp"

#include <algorithm>

namespace sipvet::frames {

namespace {

constexpr std::uint8_t tcp_protocol = 6;
constexpr std::uint8_t udp_protocol = 17;
constexpr std::uint8_t hop_limit = 64; // what hosts send with by default
constexpr std::size_t max_packet_octets = 65'535;

ByteView octets_of(const IpAddress& address) { return ByteView(address.octets).first(address.v6 ? 16 : 4); }

// RFC 9293 §3.1 and RFC 8200 §8.1: addresses, protocol and length in front of the transport header.
std::uint32_t pseudo_header(const Endpoint& source, const Endpoint& destination, std::uint8_t protocol,
                            std::size_t transport_octets) {
  std::uint32_t sum = checksum_add(0, octets_of(source.ip));
  sum = checksum_add(sum, octets_of(destination.ip));
  Writer rest;
  rest.u32(static_cast<std::uint32_t>(transport_octets)).u32(protocol);
  return checksum_add(sum, rest.view());
}

void append_ipv4_header(Bytes& out, const Endpoint& source, const Endpoint& destination,
                        std::uint8_t protocol, std::size_t transport_octets) {
  const auto header = [&](std::uint16_t checksum) {
    Writer writer;
    writer.u8(0x45).u8(0).u16(static_cast<std::uint16_t>(20 + transport_octets));
    writer.u16(0).u16(0x4000); // RFC 6864 §4.1: with "don't fragment" the identification means nothing
    writer.u8(hop_limit).u8(protocol).u16(checksum);
    writer.bytes(octets_of(source.ip)).bytes(octets_of(destination.ip));
    return writer.take();
  };
  append(out, header(checksum_finish(checksum_add(0, header(0)))));
}

void append_ipv6_header(Bytes& out, const Endpoint& source, const Endpoint& destination,
                        std::uint8_t protocol, std::size_t transport_octets) {
  Writer writer;
  writer.u32(0x6000'0000).u16(static_cast<std::uint16_t>(transport_octets)).u8(protocol).u8(hop_limit);
  writer.bytes(octets_of(source.ip)).bytes(octets_of(destination.ip));
  append(out, writer.view());
}

Result<void> append_ip_header(Bytes& out, const Endpoint& source, const Endpoint& destination,
                              std::uint8_t protocol, std::size_t transport_octets) {
  if (source.ip.v6 != destination.ip.v6)
    return fail("a packet from " + to_string(source) + " to " + to_string(destination) +
                " mixes IPv4 and IPv6");
  const std::size_t header_octets =
      source.ip.v6 ? 0 : 20; // the length field of IPv6 does not count its header
  if (header_octets + transport_octets > max_packet_octets)
    return fail("a payload of " + std::to_string(transport_octets) + " octets does not fit an IP packet");
  if (source.ip.v6)
    append_ipv6_header(out, source, destination, protocol, transport_octets);
  else
    append_ipv4_header(out, source, destination, protocol, transport_octets);
  return {};
}

Bytes tcp_header(const Segment& segment, std::uint16_t window, std::uint16_t checksum) {
  const int flags = (segment.fin ? 0x01 : 0) | (segment.syn ? 0x02 : 0) | (segment.rst ? 0x04 : 0) |
                    (segment.payload.empty() ? 0 : 0x08) | (segment.ack ? 0x10 : 0);
  Writer writer;
  writer.u16(segment.source.port).u16(segment.destination.port);
  writer.u32(segment.sequence).u32(segment.ack ? segment.acknowledgment : 0);
  writer.u8(5 << 4).u8(static_cast<std::uint8_t>(flags)).u16(window).u16(checksum).u16(0);
  return writer.take();
}

Bytes udp_header(const Datagram& datagram, std::uint16_t checksum) {
  Writer writer;
  writer.u16(datagram.source.port).u16(datagram.destination.port);
  writer.u16(static_cast<std::uint16_t>(8 + datagram.payload.size())).u16(checksum);
  return writer.take();
}

} // namespace

std::uint32_t checksum_add(std::uint32_t sum, ByteView octets) {
  std::uint64_t wide = sum;
  std::size_t at = 0;
  for (; at + 1 < octets.size(); at += 2) wide += (std::uint32_t{octets[at]} << 8) | octets[at + 1];
  if (at < octets.size()) wide += std::uint32_t{octets[at]} << 8;
  while (wide >> 16 != 0) wide = (wide & 0xFFFF) + (wide >> 16);
  return static_cast<std::uint32_t>(wide);
}

std::uint16_t checksum_finish(std::uint32_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

Result<void> append_packet(Bytes& out, const Segment& segment, std::uint16_t window) {
  const std::size_t octets = 20 + segment.payload.size();
  SIPVET_CHECK(append_ip_header(out, segment.source, segment.destination, tcp_protocol, octets));
  std::uint32_t sum = pseudo_header(segment.source, segment.destination, tcp_protocol, octets);
  sum = checksum_add(sum, tcp_header(segment, window, 0));
  append(out, tcp_header(segment, window, checksum_finish(checksum_add(sum, segment.payload))));
  append(out, segment.payload);
  return {};
}

Result<void> append_packet(Bytes& out, const Datagram& datagram) {
  const std::size_t octets = 8 + datagram.payload.size();
  SIPVET_CHECK(append_ip_header(out, datagram.source, datagram.destination, udp_protocol, octets));
  std::uint32_t sum = pseudo_header(datagram.source, datagram.destination, udp_protocol, octets);
  sum = checksum_add(sum, udp_header(datagram, 0));
  const std::uint16_t checksum = checksum_finish(checksum_add(sum, datagram.payload));
  append(out, udp_header(datagram, checksum == 0 ? 0xFFFF : checksum)); // RFC 768: 0 would say "no checksum"
  append(out, datagram.payload);
  return {};
}

} // namespace sipvet::frames
