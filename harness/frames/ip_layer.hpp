// IPv4 and IPv6 headers, extension headers and fragment fields included.
#pragma once

#include "base/endpoint.hpp"
#include "base/reader.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>

namespace sipvet::frames {

// IANA protocol numbers.
namespace protocol {
inline constexpr std::uint8_t tcp = 6;
inline constexpr std::uint8_t udp = 17;
} // namespace protocol

struct FragmentField {
  std::uint32_t identification = 0;
  std::size_t offset_octets = 0;
  bool more = false; // further fragments follow
};

struct IpPacket {
  IpAddress source;
  IpAddress destination;
  std::uint8_t protocol = 0; // of `payload`; in IPv6 the header after the last extension header that was read
  Reader payload{ByteView{}};
  std::optional<FragmentField> fragment; // only when this is not the whole datagram
};

// Without the padding that the link layer may have put behind the packet.
Result<IpPacket> parse_ipv4(Reader& frame);
// Reads extension headers up to the transport header or the fragment header.
Result<IpPacket> parse_ipv6(Reader& frame);
// Goes past the extension headers in front of `payload`; a packet put together from fragments may begin with
// some. Stops at a fragment header's content when there is one, and puts it into the result.
Result<std::optional<FragmentField>> skip_extension_headers(std::uint8_t& protocol, Reader& payload);

} // namespace sipvet::frames
