// Reads pcap files (draft-ietf-opsawg-pcap).
#include "base/prefetch.hpp"
#include "io/capture_format.hpp"

#include <array>

namespace sipvet::io {

namespace {

constexpr std::size_t file_header_octets = 24;
constexpr std::size_t record_header_octets = 16;
// Of old captures of Linux, whose records name interface and protocol as well.
constexpr std::size_t patched_record_header_octets = 24;

struct Magic {
  std::array<std::uint8_t, 4> octets;
  bool little_endian;
  std::int64_t nanoseconds_per_tick;
  std::size_t record_header_octets;
};

constexpr std::array magics{
    Magic{{0xA1, 0xB2, 0xC3, 0xD4}, false, 1000, record_header_octets},
    Magic{{0xD4, 0xC3, 0xB2, 0xA1}, true, 1000, record_header_octets},
    Magic{{0xA1, 0xB2, 0x3C, 0x4D}, false, 1, record_header_octets},
    Magic{{0x4D, 0x3C, 0xB2, 0xA1}, true, 1, record_header_octets},
    Magic{{0xA1, 0xB2, 0xCD, 0x34}, false, 1000, patched_record_header_octets},
    Magic{{0x34, 0xCD, 0xB2, 0xA1}, true, 1000, patched_record_header_octets},
};

const Magic* magic_of(ByteView start) {
  for (const Magic& magic : magics)
    if (start.size() >= 4 && std::equal(magic.octets.begin(), magic.octets.end(), start.begin()))
      return &magic;
  return nullptr;
}

class PcapFile final : public CaptureFormat {
 public:
  PcapFile(ByteSource source, const Magic& magic) : source_(std::move(source)), magic_(magic) {}

  Result<void> read_file_header() {
    SIPVET_TRY(const ByteView octets, source_.peek(file_header_octets));
    FieldReader header(octets, magic_.little_endian, 0);
    SIPVET_CHECK(header.u32("pcap magic number"));
    SIPVET_TRY(const std::uint16_t major, header.u16("pcap major version"));
    if (major != 2) return fail("expected pcap version 2, found " + std::to_string(major), 4);
    SIPVET_CHECK(header.bytes(14, "pcap file header"));
    SIPVET_TRY(const std::uint32_t link_type, header.u32("pcap link type"));
    link_type_ = link_type & 0x0FFF'FFFF; // the top bits tell of a frame check sequence
    source_.consume(file_header_octets);
    return {};
  }

  Result<std::optional<CapturedFrame>> next() override {
    SIPVET_TRY(const ByteView octets, source_.peek(magic_.record_header_octets));
    if (octets.empty()) return std::optional<CapturedFrame>();
    FieldReader header(octets, magic_.little_endian, source_.offset());
    SIPVET_TRY(const std::uint32_t seconds, header.u32("packet time"));
    SIPVET_TRY(const std::uint32_t ticks, header.u32("packet time fraction"));
    SIPVET_TRY(const std::uint32_t captured_octets, header.u32("packet captured length"));
    SIPVET_TRY(const std::uint32_t original_octets, header.u32("packet original length"));
    if (captured_octets > max_frame_octets)
      return fail("a captured length of " + std::to_string(captured_octets) + " octets is beyond " +
                      std::to_string(max_frame_octets),
                  source_.offset() + 8);
    const std::size_t record_octets = magic_.record_header_octets + captured_octets;
    SIPVET_TRY(const ByteView record, source_.peek(record_octets));
    if (record.size() < record_octets)
      return fail("the file ends after " + std::to_string(record.size()) + " of the " +
                      std::to_string(record_octets) + " octets of its record",
                  source_.offset());
    CapturedFrame frame;
    frame.kept = source_.keep();
    source_.consume(record_octets);
    prefetch(record.data() + record.size()); // the next header
    frame.time = Instant(std::chrono::seconds(seconds) + Duration(ticks * magic_.nanoseconds_per_tick));
    frame.link_type = link_type_;
    frame.original_octets = original_octets;
    frame.data = record.subspan(magic_.record_header_octets);
    return std::optional(std::move(frame));
  }

  std::uint64_t offset() const override { return source_.offset(); }

 private:
  ByteSource source_;
  const Magic& magic_;
  std::uint32_t link_type_ = 0;
};

} // namespace

bool looks_like_pcap(ByteView start) { return magic_of(start) != nullptr; }

Result<std::unique_ptr<CaptureFormat>> open_pcap(ByteSource source) {
  SIPVET_TRY(const ByteView start, source.peek(4));
  auto file = std::make_unique<PcapFile>(std::move(source), *magic_of(start));
  SIPVET_CHECK(file->read_file_header());
  return std::unique_ptr<CaptureFormat>(std::move(file));
}

} // namespace sipvet::io
