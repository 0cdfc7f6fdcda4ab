#include "frames/plain_packet.hpp"

#include "frames/decode.hpp"
#include "frames/ip_layer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

namespace sipvet::frames {
namespace {

// As they stand on the wire.
struct EthernetHeader {
  std::array<std::uint8_t, 12> addresses;
  std::array<std::uint8_t, 2> ethertype;
};
struct CookedHeader { // of Linux
  std::array<std::uint8_t, 14> packet_type_and_address;
  std::array<std::uint8_t, 2> protocol;
};
struct IpHeader {
  std::uint8_t version_and_length;
  std::uint8_t type_of_service;
  std::array<std::uint8_t, 2> total_length;
  std::array<std::uint8_t, 2> identification;
  std::array<std::uint8_t, 2> fragment;
  std::uint8_t time_to_live;
  std::uint8_t protocol;
  std::array<std::uint8_t, 2> checksum;
  std::array<std::uint8_t, 4> source;
  std::array<std::uint8_t, 4> destination;
};
struct TcpHeader {
  std::array<std::uint8_t, 2> source_port;
  std::array<std::uint8_t, 2> destination_port;
  std::array<std::uint8_t, 4> sequence;
  std::array<std::uint8_t, 4> acknowledgment;
  std::uint8_t data_offset;
  std::uint8_t flags;
  std::array<std::uint8_t, 6> window_and_more;
};
struct UdpHeader {
  std::array<std::uint8_t, 2> source_port;
  std::array<std::uint8_t, 2> destination_port;
  std::array<std::uint8_t, 2> length;
  std::array<std::uint8_t, 2> checksum;
};
static_assert(sizeof(EthernetHeader) == 14 && sizeof(CookedHeader) == 16 && sizeof(IpHeader) == 20 &&
              sizeof(TcpHeader) == 20 && sizeof(UdpHeader) == 8);

// Takes it from the front of `octets`; false when that is too short.
template <typename Header>
bool take(ByteView& octets, Header& header) {
  if (octets.size() < sizeof header) return false;
  std::memcpy(&header, octets.data(), sizeof header);
  octets = octets.subspan(sizeof header);
  return true;
}

std::uint16_t number(const std::array<std::uint8_t, 2>& octets) {
  return static_cast<std::uint16_t>(octets[0] << 8 | octets[1]);
}
std::uint32_t number(const std::array<std::uint8_t, 4>& octets) {
  return std::uint32_t{octets[0]} << 24 | std::uint32_t{octets[1]} << 16 | std::uint32_t{octets[2]} << 8 |
         octets[3];
}

std::optional<Packet> plain_tcp(const Endpoint& source, const Endpoint& destination, ByteView payload) {
  TcpHeader header;
  if (!take(payload, header)) return std::nullopt;
  const std::size_t options = (header.data_offset >> 4) * 4u - sizeof header; // wraps when it is too small
  if (options > payload.size()) return std::nullopt;
  Segment segment;
  segment.source = source;
  segment.destination = destination;
  segment.source.port = number(header.source_port);
  segment.destination.port = number(header.destination_port);
  segment.sequence = number(header.sequence);
  segment.acknowledgment = number(header.acknowledgment);
  segment.fin = (header.flags & 0x01) != 0;
  segment.syn = (header.flags & 0x02) != 0;
  segment.rst = (header.flags & 0x04) != 0;
  segment.ack = (header.flags & 0x10) != 0;
  segment.payload = payload.subspan(options);
  return segment;
}

std::optional<Packet> plain_udp(const Endpoint& source, const Endpoint& destination, ByteView payload) {
  UdpHeader header;
  if (!take(payload, header)) return std::nullopt;
  const std::size_t octets = number(header.length) - sizeof header; // wraps when it is too small
  if (octets > payload.size()) return std::nullopt;
  Datagram datagram{source, destination, payload.first(octets)};
  datagram.source.port = number(header.source_port);
  datagram.destination.port = number(header.destination_port);
  return datagram;
}

std::optional<Packet> plain_ip(ByteView packet) {
  IpHeader header;
  if (!take(packet, header)) return std::nullopt;
  const std::size_t octets = number(header.total_length) - sizeof header; // wraps when it is too small
  if (header.version_and_length != 0x45 || octets > packet.size() || (number(header.fragment) & 0x3FFF) != 0)
    return std::nullopt;
  Endpoint source, destination;
  std::ranges::copy(header.source, source.ip.octets.begin());
  std::ranges::copy(header.destination, destination.ip.octets.begin());
  if (header.protocol == protocol::tcp) return plain_tcp(source, destination, packet.first(octets));
  if (header.protocol == protocol::udp) return plain_udp(source, destination, packet.first(octets));
  return std::nullopt;
}

} // namespace

std::optional<Packet> plain_packet(std::uint32_t link_type, ByteView frame) {
  constexpr std::uint16_t ipv4 = 0x0800;
  EthernetHeader ethernet;
  CookedHeader cooked;
  switch (link_type) {
  case link::ethernet:
    if (!take(frame, ethernet) || number(ethernet.ethertype) != ipv4) return std::nullopt;
    return plain_ip(frame);
  case link::linux_cooked:
    if (!take(frame, cooked) || number(cooked.protocol) != ipv4) return std::nullopt;
    return plain_ip(frame);
  case link::raw:
    return plain_ip(frame);
  default:
    return std::nullopt;
  }
}

} // namespace sipvet::frames
