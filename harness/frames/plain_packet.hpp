// Nearly every packet of a capture, read without a look at what else might be there: TCP or UDP in IPv4,
// without options or fragments, in Ethernet.
#pragma once

#include "base/bytes.hpp"
#include "frames/packet.hpp"

#include <cstdint>
#include <optional>

namespace sipvet::frames {

// Nothing for any other packet, good or bad, which is for Decoder to read layer by layer.
std::optional<Packet> plain_packet(std::uint32_t link_type, ByteView frame);

} // namespace sipvet::frames
