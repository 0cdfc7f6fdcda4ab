// Writes IP packets with a TCP segment or a UDP datagram in them, checksums included, as link type 101 (raw
// IP) holds them.
#pragma once

#include "frames/packet.hpp"

#include "base/result.hpp"

namespace sipvet::frames {

// Appends the packet to `out`. IPv4 or IPv6 by the addresses; fails when the two differ in family or the
// payload does not fit an IP packet. TCP carries no options, so a SYN announces neither window scale nor
// segment size.
Result<void> append_packet(Bytes& out, const Segment& segment, std::uint16_t window = 65'535);
Result<void> append_packet(Bytes& out, const Datagram& datagram);

} // namespace sipvet::frames
