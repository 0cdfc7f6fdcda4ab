// Reads pcapng files (draft-ietf-opsawg-pcapng).
#include "base/text.hpp"
#include "io/capture_format.hpp"
#include "io/pcapng_time.hpp"

#include <algorithm>

namespace sipvet::io {

namespace {

namespace block {
constexpr std::uint32_t section_header = 0x0A0D0D0A;
constexpr std::uint32_t interface_description = 1;
constexpr std::uint32_t packet = 2; // obsolete
constexpr std::uint32_t simple_packet = 3;
constexpr std::uint32_t enhanced_packet = 6;
constexpr std::uint32_t decryption_secrets = 10;
} // namespace block

constexpr std::uint32_t byte_order_magic = 0x1A2B3C4D;
constexpr std::uint32_t tls_key_log = 0x544C534B;
constexpr std::uint16_t option_end = 0;
constexpr std::uint16_t option_tsresol = 9;
constexpr std::uint16_t option_tsoffset = 14;

// Type, total length, and the total length again at the end.
constexpr std::uint32_t block_frame_octets = 12;
// A frame with its fields and generous options (comments, hashes).
constexpr std::uint32_t max_packet_block_octets = max_frame_octets + 65'536;
// Key logs of very long captures have some 100,000 lines of 200 octets.
constexpr std::uint32_t max_other_block_octets = 64 * 1024 * 1024;
// Each block that describes one is small; hosts have a few hundred.
constexpr std::size_t max_interfaces = 65'536;

struct Interface {
  std::uint32_t link_type = 0;
  std::uint32_t snap_octets = 0; // 0: no limit
  TickLength tick;
  std::int64_t offset_seconds = 0;
};

struct BlockHead {
  std::uint32_t type = 0;
  std::uint32_t total_octets = 0;
};

bool is_read(std::uint32_t type) {
  return type == block::section_header || type == block::interface_description || type == block::packet ||
         type == block::simple_packet || type == block::enhanced_packet || type == block::decryption_secrets;
}

bool is_packet(std::uint32_t type) {
  return type == block::packet || type == block::simple_packet || type == block::enhanced_packet;
}

class PcapngFile final : public CaptureFormat {
 public:
  explicit PcapngFile(ByteSource source) : source_(std::move(source)) {}

  Result<std::optional<CapturedFrame>> next() override {
    for (;;) {
      SIPVET_TRY(const std::optional<BlockHead> head, read_head());
      if (!head) return std::optional<CapturedFrame>();
      if (!is_read(head->type)) {
        SIPVET_CHECK(skip_block(*head));
        continue;
      }
      SIPVET_TRY(FieldReader body, read_body(*head));
      if (is_packet(head->type)) {
        SIPVET_TRY(CapturedFrame frame, read_packet(head->type, body));
        frame.kept = source_.keep();
        return std::optional(std::move(frame));
      }
      SIPVET_CHECK(read_description(head->type, body));
    }
  }

  std::uint64_t offset() const override { return source_.offset(); }

 private:
  // Learns the byte order of a section from its header.
  Result<void> read_byte_order(ByteView start) {
    FieldReader big(start, false, source_.offset());
    SIPVET_CHECK(big.bytes(8, "section header"));
    SIPVET_TRY(const std::uint32_t magic, big.u32("byte-order magic"));
    if (magic != byte_order_magic && magic != 0x4D3C2B1A)
      return fail("the byte-order magic of a section is neither 1a2b3c4d nor 4d3c2b1a", source_.offset() + 8);
    little_endian_ = magic != byte_order_magic;
    return {};
  }

  Result<std::optional<BlockHead>> read_head() {
    SIPVET_TRY(const ByteView start, source_.peek(block_frame_octets));
    if (start.empty()) return std::optional<BlockHead>();
    if (start.size() < block_frame_octets)
      return fail("the file ends within the head of a block", source_.offset());
    if (as_text(start.first(4)) == "\x0A\x0D\x0D\x0A") SIPVET_CHECK(read_byte_order(start));
    FieldReader fields(start, little_endian_, source_.offset());
    BlockHead head;
    SIPVET_TRY(head.type, fields.u32("block type"));
    SIPVET_TRY(head.total_octets, fields.u32("block length"));
    if (head.total_octets < block_frame_octets || head.total_octets % 4 != 0)
      return fail("a block of " + std::to_string(head.total_octets) +
                      " octets (expected at least 12 and a multiple of 4)",
                  source_.offset() + 4);
    return std::optional(head);
  }

  Error cut(const BlockHead& head, std::uint64_t begin) {
    return fail("the file ends within a block of type " + std::to_string(head.type) + " and " +
                    std::to_string(head.total_octets) + " octets",
                begin);
  }

  Result<void> check_end(const BlockHead& head, ByteView last, std::uint64_t at) {
    FieldReader fields(last, little_endian_, at);
    SIPVET_TRY(const std::uint32_t again, fields.u32("block length at the end of a block"));
    if (again == head.total_octets) return {};
    return fail("a block begins with a length of " + std::to_string(head.total_octets) +
                    " octets and ends with " + std::to_string(again),
                at);
  }

  Result<void> skip_block(const BlockHead& head) {
    const std::uint64_t begin = source_.offset();
    SIPVET_TRY(const bool there, source_.skip(head.total_octets - 4));
    SIPVET_TRY(const ByteView last, source_.peek(4));
    if (!there || last.size() < 4) return cut(head, begin);
    SIPVET_CHECK(check_end(head, last, source_.offset()));
    source_.consume(4);
    return {};
  }

  Result<FieldReader> read_body(const BlockHead& head) {
    const std::uint64_t begin = source_.offset();
    const std::uint32_t limit = is_packet(head.type) ? max_packet_block_octets : max_other_block_octets;
    if (head.total_octets > limit)
      return fail("a block of type " + std::to_string(head.type) + " and " +
                      std::to_string(head.total_octets) + " octets is beyond " + std::to_string(limit),
                  begin + 4);
    SIPVET_TRY(const ByteView octets, source_.peek(head.total_octets));
    if (octets.size() < head.total_octets) return cut(head, begin);
    SIPVET_CHECK(check_end(head, octets.last(4), begin + head.total_octets - 4));
    source_.consume(head.total_octets);
    return FieldReader(octets.subspan(8, head.total_octets - block_frame_octets), little_endian_, begin + 8);
  }

  Result<void> read_description(std::uint32_t type, FieldReader& body) {
    if (type == block::section_header) return read_section(body);
    if (type == block::interface_description) return read_interface(body);
    return read_secrets(body);
  }

  Result<void> read_section(FieldReader& body) {
    SIPVET_CHECK(body.u32("byte-order magic"));
    const std::size_t at = body.offset();
    SIPVET_TRY(const std::uint16_t major, body.u16("pcapng major version"));
    if (major != 1) return fail("expected pcapng version 1, found " + std::to_string(major), at);
    interfaces_.clear();
    return {};
  }

  Result<void> read_interface(FieldReader& body) {
    if (interfaces_.size() >= max_interfaces) return fail("more than 65536 interfaces", body.offset());
    Interface interface;
    SIPVET_TRY(interface.link_type, body.u16("interface link type"));
    SIPVET_CHECK(body.u16("interface reserved field"));
    SIPVET_TRY(interface.snap_octets, body.u32("interface snap length"));
    SIPVET_CHECK(read_interface_options(body, interface));
    interfaces_.push_back(interface);
    return {};
  }

  Result<void> read_interface_options(FieldReader& body, Interface& interface) {
    while (body.remaining() >= 4) {
      SIPVET_TRY(const std::uint16_t code, body.u16("option code"));
      SIPVET_TRY(const std::uint16_t octets, body.u16("option length"));
      if (code == option_end) return {};
      const std::size_t at = body.offset();
      SIPVET_TRY(const ByteView value, body.padded(octets, "option value"));
      FieldReader field(value, little_endian_, at);
      if (code == option_tsresol) {
        SIPVET_TRY(const std::uint8_t resolution, field.u8("if_tsresol"));
        const auto tick = TickLength::from_option(resolution);
        if (!tick) return fail(tick.error().what, at);
        interface.tick = *tick;
      } else if (code == option_tsoffset) {
        SIPVET_TRY(const std::uint64_t offset_seconds, field.u64("if_tsoffset"));
        interface.offset_seconds = static_cast<std::int64_t>(offset_seconds);
      }
    }
    return {};
  }

  Result<void> read_secrets(FieldReader& body) {
    SIPVET_TRY(const std::uint32_t type, body.u32("secrets type"));
    SIPVET_TRY(const std::uint32_t octets, body.u32("secrets length"));
    SIPVET_TRY(const ByteView secrets, body.bytes(octets, "secrets"));
    if (type != tls_key_log) return {};
    for (const std::string_view line : split(as_text(secrets), '\n')) {
      const std::string_view content = trim(line);
      if (!content.empty() && content.front() != '#') keylog_lines.emplace_back(content);
    }
    return {};
  }

  Result<const Interface*> interface_of(std::uint32_t id, std::size_t at) {
    if (id < interfaces_.size()) return &interfaces_[id];
    return fail("a packet of interface " + std::to_string(id) + ", of which the section has " +
                    std::to_string(interfaces_.size()),
                at);
  }

  Result<CapturedFrame> read_packet(std::uint32_t type, FieldReader& body) {
    return type == block::simple_packet ? read_simple_packet(body)
                                        : read_timed_packet(body, type == block::enhanced_packet);
  }

  Result<CapturedFrame> read_timed_packet(FieldReader& body, bool enhanced) {
    const std::size_t at = body.offset();
    // The obsolete block has 16 bits for the interface and 16 for a count of drops.
    SIPVET_TRY(const std::uint32_t id, enhanced ? body.u32("packet interface") : obsolete_interface(body));
    SIPVET_TRY(const Interface* interface, interface_of(id, at));
    SIPVET_TRY(const std::uint64_t high, body.u32("packet time, upper half"));
    SIPVET_TRY(const std::uint64_t low, body.u32("packet time, lower half"));
    SIPVET_TRY(const std::uint32_t captured_octets, body.u32("packet captured length"));
    CapturedFrame frame;
    SIPVET_TRY(frame.original_octets, body.u32("packet original length"));
    SIPVET_TRY(frame.data, body.bytes(captured_octets, "packet data"));
    frame.time = interface->tick.time(high << 32 | low, interface->offset_seconds);
    frame.link_type = interface->link_type;
    return frame;
  }

  static Result<std::uint32_t> obsolete_interface(FieldReader& body) {
    SIPVET_TRY(const std::uint32_t id, body.u16("packet interface"));
    SIPVET_CHECK(body.u16("packet drops"));
    return id;
  }

  Result<CapturedFrame> read_simple_packet(FieldReader& body) {
    SIPVET_TRY(const Interface* interface, interface_of(0, body.offset()));
    CapturedFrame frame;
    SIPVET_TRY(frame.original_octets, body.u32("packet original length"));
    std::size_t captured_octets = std::min(frame.original_octets, body.remaining());
    if (interface->snap_octets != 0)
      captured_octets = std::min<std::size_t>(captured_octets, interface->snap_octets);
    SIPVET_TRY(frame.data, body.bytes(captured_octets, "packet data"));
    frame.link_type = interface->link_type;
    return frame;
  }

  ByteSource source_;
  bool little_endian_ = false;
  std::vector<Interface> interfaces_;
};

} // namespace

bool looks_like_pcapng(ByteView start) {
  return start.size() >= 4 && as_text(start.first(4)) == "\x0A\x0D\x0D\x0A";
}

Result<std::unique_ptr<CaptureFormat>> open_pcapng(ByteSource source) {
  SIPVET_TRY(const ByteView start, source.peek(12));
  FieldReader fields(start, false, 0);
  SIPVET_CHECK(fields.bytes(8, "section header"));
  SIPVET_TRY(const std::uint32_t magic, fields.u32("byte-order magic"));
  if (magic != byte_order_magic && magic != 0x4D3C2B1A)
    return fail("not a capture: begins like pcapng, but has no byte-order magic", 8);
  return std::unique_ptr<CaptureFormat>(std::make_unique<PcapngFile>(std::move(source)));
}

} // namespace sipvet::io
