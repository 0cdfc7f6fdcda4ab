#include "rtp/packet.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"

namespace sipvet::rtp {
namespace {

constexpr unsigned version = 2;
constexpr std::size_t fixed_header_octets = 12;
constexpr std::size_t max_csrcs = 15; // the count has 4 bits

Result<void> read_extension(Reader& in, Packet& packet) {
  SIPVET_TRY(packet.extension_profile, in.u16("extension profile"));
  SIPVET_TRY(const auto words, in.u16("extension length"));
  SIPVET_TRY(const auto octets, in.bytes(std::size_t{words} * 4, "header extension"));
  packet.extension = to_bytes(octets);
  return {};
}

// Everything in front of the payload; what is left in `in` is the payload.
Result<void> read_header(Reader& in, Packet& packet) {
  SIPVET_TRY(const auto first, in.u8("RTP version"));
  if (first >> 6 != version) return fail("expected RTP version 2, found " + std::to_string(first >> 6), 0);
  packet.padding = (first & 0x20) != 0;
  SIPVET_TRY(const auto second, in.u8("RTP payload type"));
  packet.marker = (second & 0x80) != 0;
  packet.payload_type = second & 0x7F;
  SIPVET_TRY(packet.sequence, in.u16("RTP sequence number"));
  SIPVET_TRY(packet.timestamp, in.u32("RTP timestamp"));
  SIPVET_TRY(packet.ssrc, in.u32("RTP SSRC"));
  for (unsigned i = 0; i < (first & 0x0Fu); ++i) {
    SIPVET_TRY(const auto csrc, in.u32("RTP CSRC"));
    packet.csrcs.push_back(csrc);
  }
  if (first & 0x10) SIPVET_CHECK(read_extension(in, packet));
  return {};
}

} // namespace

Result<Packet> parse_packet(ByteView datagram) {
  Reader in(datagram);
  Packet packet;
  SIPVET_CHECK(read_header(in, packet));
  packet.payload = to_bytes(in.rest());
  return packet;
}

Bytes serialize(const Packet& packet) {
  const std::size_t csrcs = std::min(packet.csrcs.size(), max_csrcs);
  Writer out;
  out.u8(static_cast<std::uint8_t>(version << 6 | (packet.padding ? 0x20u : 0u) |
                                   (packet.extension_profile ? 0x10u : 0u) | csrcs));
  out.u8(static_cast<std::uint8_t>((packet.marker ? 0x80u : 0u) | (packet.payload_type & 0x7Fu)));
  out.u16(packet.sequence).u32(packet.timestamp).u32(packet.ssrc);
  for (std::size_t i = 0; i < csrcs; ++i) out.u32(packet.csrcs[i]);
  if (packet.extension_profile) {
    const std::size_t words = (packet.extension.size() + 3) / 4;
    out.u16(*packet.extension_profile).u16(static_cast<std::uint16_t>(words)).bytes(packet.extension);
    out.zeros(words * 4 - packet.extension.size());
  }
  out.bytes(packet.payload);
  return out.take();
}

Result<std::size_t> header_octets(ByteView datagram) {
  Reader in(datagram);
  SIPVET_TRY(const auto first, in.u8("RTP version"));
  if (first >> 6 != version) return fail("expected RTP version 2, found " + std::to_string(first >> 6), 0);
  SIPVET_CHECK(in.skip(fixed_header_octets - 1, "RTP header"));
  SIPVET_CHECK(in.skip(4 * (first & 0x0Fu), "RTP CSRCs"));
  if (first & 0x10) {
    SIPVET_CHECK(in.u16("extension profile"));
    SIPVET_TRY(const auto words, in.u16("extension length"));
    SIPVET_CHECK(in.skip(std::size_t{words} * 4, "header extension"));
  }
  return in.offset();
}

bool looks_like_rtcp(ByteView datagram) {
  // 8 octets: the shortest packet with the SSRC of its sender.
  return datagram.size() >= 8 && datagram[0] >> 6 == version && datagram[1] >= 192 && datagram[1] <= 223;
}

bool looks_like_rtp(ByteView datagram) {
  return !looks_like_rtcp(datagram) && header_octets(datagram).has_value();
}

} // namespace sipvet::rtp
