#include "rtp/rtcp.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"

#include <algorithm>

namespace sipvet::rtp {
namespace {

constexpr unsigned version = 2;
constexpr std::uint8_t type_sr = 200, type_rr = 201, type_sdes = 202, type_bye = 203; // §12.1
constexpr std::uint8_t sdes_end = 0, sdes_cname = 1;                                  // §6.5
constexpr std::size_t max_count = 31;                                                 // 5 bits
constexpr std::size_t max_text_octets = 255;

Result<ReportBlock> read_block(Reader& in) {
  ReportBlock block;
  SIPVET_TRY(block.ssrc, in.u32("report block SSRC"));
  SIPVET_TRY(block.fraction_lost, in.u8("fraction lost"));
  SIPVET_TRY(const auto lost, in.u24("cumulative lost"));
  block.cumulative_lost = static_cast<std::int32_t>(lost) - (lost & 0x800000 ? 0x1000000 : 0);
  SIPVET_TRY(block.highest_sequence, in.u32("highest sequence number"));
  SIPVET_TRY(block.jitter, in.u32("jitter"));
  SIPVET_TRY(block.last_sr, in.u32("last SR"));
  SIPVET_TRY(block.delay_since_last_sr, in.u32("delay since last SR"));
  return block;
}

template <typename Report>
Result<RtcpPacket> read_blocks(Reader& in, std::uint8_t count, Report report) {
  for (unsigned i = 0; i < count; ++i) {
    SIPVET_TRY(const auto block, read_block(in));
    report.blocks.push_back(block);
  }
  report.profile_extension = to_bytes(in.rest());
  return RtcpPacket(std::move(report));
}

Result<RtcpPacket> read_sender_report(Reader& in, std::uint8_t count) {
  SenderReport report;
  SIPVET_TRY(report.ssrc, in.u32("sender SSRC"));
  SIPVET_TRY(report.ntp_time, in.u64("NTP timestamp"));
  SIPVET_TRY(report.rtp_timestamp, in.u32("RTP timestamp"));
  SIPVET_TRY(report.packets, in.u32("sender's packet count"));
  SIPVET_TRY(report.octets, in.u32("sender's octet count"));
  return read_blocks(in, count, std::move(report));
}

Result<RtcpPacket> read_receiver_report(Reader& in, std::uint8_t count) {
  ReceiverReport report;
  SIPVET_TRY(report.ssrc, in.u32("sender SSRC"));
  return read_blocks(in, count, std::move(report));
}

// Items end with a null octet, and more of them up to the next word (§6.5).
Result<SdesChunk> read_chunk(Reader& in, std::size_t start) {
  SdesChunk chunk;
  SIPVET_TRY(chunk.ssrc, in.u32("SDES SSRC"));
  for (;;) {
    SIPVET_TRY(const auto type, in.u8("SDES item type"));
    if (type == sdes_end) break;
    SIPVET_TRY(Reader text, in.sub_prefixed8("SDES item text"));
    chunk.items.push_back({type, std::string(as_text(text.rest()))});
  }
  SIPVET_CHECK(in.skip((4 - (in.offset() - start) % 4) % 4, "SDES chunk padding"));
  return chunk;
}

Result<RtcpPacket> read_description(Reader& in, std::uint8_t count) {
  SourceDescription description;
  const std::size_t start = in.offset();
  for (unsigned i = 0; i < count; ++i) {
    SIPVET_TRY(auto chunk, read_chunk(in, start));
    description.chunks.push_back(std::move(chunk));
  }
  SIPVET_CHECK(in.expect_end("SDES packet"));
  return RtcpPacket(std::move(description));
}

Result<RtcpPacket> read_goodbye(Reader& in, std::uint8_t count) {
  Goodbye goodbye;
  for (unsigned i = 0; i < count; ++i) {
    SIPVET_TRY(const auto ssrc, in.u32("BYE SSRC"));
    goodbye.ssrcs.push_back(ssrc);
  }
  if (!in.empty()) {
    SIPVET_TRY(Reader reason, in.sub_prefixed8("BYE reason"));
    goodbye.reason = std::string(as_text(reason.rest()));
  }
  return RtcpPacket(std::move(goodbye));
}

Result<RtcpPacket> read_body(Reader& in, std::uint8_t type, std::uint8_t count) {
  switch (type) {
  case type_sr:
    return read_sender_report(in, count);
  case type_rr:
    return read_receiver_report(in, count);
  case type_sdes:
    return read_description(in, count);
  case type_bye:
    return read_goodbye(in, count);
  default:
    return RtcpPacket(OtherRtcp{count, type, to_bytes(in.rest())});
  }
}

// A reader of the body without its padding, whose last octet counts it (§6.4.1).
Result<Reader> without_padding(Reader body) {
  const std::size_t at = body.offset();
  const ByteView octets = body.rest();
  const std::size_t padding = octets.empty() ? 0 : octets.back();
  if (padding == 0 || padding > octets.size() || padding % 4 != 0) {
    return fail("expected an RTCP padding count of whole words within the packet", at + octets.size());
  }
  return Reader(octets.first(octets.size() - padding), at);
}

Result<RtcpPacket> read_packet(Reader& in) {
  const std::size_t at = in.offset();
  SIPVET_TRY(const auto first, in.u8("RTCP version"));
  if (first >> 6 != version) return fail("expected RTCP version 2, found " + std::to_string(first >> 6), at);
  SIPVET_TRY(const auto type, in.u8("RTCP packet type"));
  SIPVET_TRY(const auto words, in.u16("RTCP length"));
  SIPVET_TRY(Reader body, in.sub(std::size_t{words} * 4, "RTCP packet"));
  if (first & 0x20) {
    if (!in.empty()) return fail("only the last packet of a compound may be padded", at);
    SIPVET_TRY(body, without_padding(body));
  }
  return read_body(body, type, first & 0x1F);
}

void write_header(Writer& out, std::size_t count, std::uint8_t type, std::size_t body_octets) {
  out.u8(static_cast<std::uint8_t>(version << 6 | (count & 0x1F))).u8(type);
  out.u16(static_cast<std::uint16_t>(body_octets / 4));
}

void write_block(Writer& out, const ReportBlock& block) {
  out.u32(block.ssrc).u8(block.fraction_lost);
  out.u24(static_cast<std::uint32_t>(block.cumulative_lost) & 0xFFFFFF);
  out.u32(block.highest_sequence).u32(block.jitter).u32(block.last_sr).u32(block.delay_since_last_sr);
}

void pad_to_word(Writer& out, std::size_t octets) { out.zeros((4 - octets % 4) % 4); }

std::string_view clipped(const std::string& text) {
  return std::string_view(text).substr(0, max_text_octets);
}

// Writes the body into a writer of its own, then the header with the length known.
template <typename WriteBody>
void write_packet(Writer& out, std::size_t count, std::uint8_t type, WriteBody write_body) {
  Writer body;
  write_body(body);
  pad_to_word(body, body.size());
  write_header(out, count, type, body.size());
  out.bytes(body.view());
}

template <typename Report>
void write_blocks(Writer& body, const Report& report, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) write_block(body, report.blocks[i]);
  body.bytes(report.profile_extension);
}

void write(Writer& out, const SenderReport& report) {
  const std::size_t count = std::min(report.blocks.size(), max_count);
  write_packet(out, count, type_sr, [&](Writer& body) {
    body.u32(report.ssrc)
        .u64(report.ntp_time)
        .u32(report.rtp_timestamp)
        .u32(report.packets)
        .u32(report.octets);
    write_blocks(body, report, count);
  });
}

void write(Writer& out, const ReceiverReport& report) {
  const std::size_t count = std::min(report.blocks.size(), max_count);
  write_packet(out, count, type_rr, [&](Writer& body) {
    body.u32(report.ssrc);
    write_blocks(body, report, count);
  });
}

void write(Writer& out, const SourceDescription& description) {
  const std::size_t count = std::min(description.chunks.size(), max_count);
  write_packet(out, count, type_sdes, [&](Writer& body) {
    for (std::size_t i = 0; i < count; ++i) {
      body.u32(description.chunks[i].ssrc);
      for (const auto& item : description.chunks[i].items) {
        const auto text = clipped(item.text);
        body.u8(item.type).u8(static_cast<std::uint8_t>(text.size())).bytes(as_bytes(text));
      }
      body.u8(sdes_end);
      pad_to_word(body, body.size());
    }
  });
}

void write(Writer& out, const Goodbye& goodbye) {
  const std::size_t count = std::min(goodbye.ssrcs.size(), max_count);
  write_packet(out, count, type_bye, [&](Writer& body) {
    for (std::size_t i = 0; i < count; ++i) body.u32(goodbye.ssrcs[i]);
    if (!goodbye.reason) return;
    const auto reason = clipped(*goodbye.reason);
    body.u8(static_cast<std::uint8_t>(reason.size())).bytes(as_bytes(reason));
  });
}

void write(Writer& out, const OtherRtcp& other) {
  write_packet(out, other.count, other.type, [&](Writer& body) { body.bytes(other.body); });
}

} // namespace

Result<std::vector<RtcpPacket>> parse_rtcp(ByteView datagram) {
  Reader in(datagram);
  std::vector<RtcpPacket> packets;
  do {
    SIPVET_TRY(auto packet, read_packet(in));
    packets.push_back(std::move(packet));
  } while (!in.empty());
  return packets;
}

Bytes serialize(std::span<const RtcpPacket> packets) {
  Writer out;
  for (const auto& packet : packets) {
    std::visit([&](const auto& kind) { write(out, kind); }, packet);
  }
  return out.take();
}

Result<void> check_compound(std::span<const RtcpPacket> packets) {
  if (packets.empty()) return fail("expected at least one RTCP packet");
  const auto& first = packets.front();
  if (!std::holds_alternative<SenderReport>(first) && !std::holds_alternative<ReceiverReport>(first)) {
    return fail("expected a sender or receiver report as the first packet of a compound");
  }
  for (const auto& packet : packets) {
    const auto* description = std::get_if<SourceDescription>(&packet);
    if (!description) continue;
    for (const auto& chunk : description->chunks) {
      if (std::any_of(chunk.items.begin(), chunk.items.end(),
                      [](const SdesItem& i) { return i.type == sdes_cname; })) {
        return {};
      }
    }
  }
  return fail("expected a source description with a CNAME in the compound");
}

Result<std::uint32_t> rtcp_sender_ssrc(ByteView datagram) {
  Reader in(datagram);
  SIPVET_CHECK(in.skip(4, "RTCP header"));
  return in.u32("RTCP sender SSRC");
}

} // namespace sipvet::rtp
