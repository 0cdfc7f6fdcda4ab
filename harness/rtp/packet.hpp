// The RTP header (RFC 3550 §5.1). No crypto: for SRTP, `payload` is what follows the header, tag included.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sipvet::rtp {

struct Packet {
  bool padding = false;
  bool marker = false;
  std::uint8_t payload_type = 0; // 7 bits
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  std::vector<std::uint32_t> csrcs;               // at most 15
  std::optional<std::uint16_t> extension_profile; // the first 16 bits of a header extension (§5.3.1)
  Bytes extension;                                // its words
  Bytes payload;                                  // padding included when `padding` is set
};

Result<Packet> parse_packet(ByteView datagram);
Bytes serialize(const Packet& packet);

// Octets in front of the payload, header extension included, without copying anything.
Result<std::size_t> header_octets(ByteView datagram);
// RFC 5761 §4: a second octet of 192 to 223 is RTCP where both share a port.
bool looks_like_rtcp(ByteView datagram);
// Version 2, a length that holds its header, and not RTCP.
bool looks_like_rtp(ByteView datagram);

} // namespace sipvet::rtp
