#include "frames/wireless.hpp"

#include <string_view>

namespace sipvet::frames {
namespace {

// IEEE 802.11-2020 §9.2.3: frame control, duration, three addresses, sequence control.
constexpr std::size_t header_octets = 24;

// `padded`: the capturing driver filled the header up to a multiple of four octets.
Result<Layer> skip_header(Reader& frame, bool padded) {
  Reader start = frame;
  SIPVET_TRY(const std::uint8_t kind, start.u8("802.11 frame control"));
  SIPVET_TRY(const std::uint8_t flags, start.u8("802.11 frame control"));
  const unsigned type = (kind >> 2) & 3, subtype = kind >> 4;
  constexpr unsigned data = 2, without_data = 4, quality = 8;
  constexpr unsigned between_stations = 0x03, is_protected = 0x40, ordered = 0x80;
  if (type != data || (subtype & without_data) != 0 || (flags & is_protected) != 0) return Layer::other;
  std::size_t octets = header_octets;
  if ((flags & between_stations) == between_stations) octets += 6; // the fourth address
  const bool has_quality = (subtype & quality) != 0;
  SIPVET_CHECK(frame.skip(octets, "802.11 header"));
  if (has_quality) {
    SIPVET_TRY(const std::uint8_t control, frame.u8("802.11 QoS control"));
    SIPVET_CHECK(frame.skip(1, "802.11 QoS control"));
    if ((control & 0x80) != 0) return Layer::other; // several packets in one (A-MSDU)
    octets += 2;
    if ((flags & ordered) != 0) {
      SIPVET_CHECK(frame.skip(4, "802.11 HT control"));
      octets += 4;
    }
  }
  if (padded) SIPVET_CHECK(frame.skip((4 - octets % 4) % 4, "802.11 header padding"));
  return Layer::llc;
}

} // namespace

Result<std::uint16_t> little_u16(Reader& frame, std::string_view field) {
  SIPVET_TRY(const std::uint16_t value, frame.u16(field));
  return static_cast<std::uint16_t>(value << 8 | value >> 8);
}

Result<std::uint32_t> little_u32(Reader& frame, std::string_view field) {
  SIPVET_TRY(const std::uint32_t value, frame.u32(field));
  return value << 24 | (value & 0xFF00) << 8 | (value >> 8 & 0xFF00) | value >> 24;
}

Result<Layer> skip_wifi(Reader& frame) { return skip_header(frame, false); }

// radiotap.org: version, length, words that say which fields are there. The second field has flags, one of
// them for padding; the first, where there is one, is a clock of eight octets on a multiple of eight.
Result<Layer> skip_radiotap(Reader& frame) {
  const std::size_t start = frame.offset();
  SIPVET_CHECK(frame.skip(2, "radiotap version"));
  SIPVET_TRY(const std::uint16_t octets, little_u16(frame, "radiotap length"));
  if (octets < 8)
    return fail("radiotap header of " + std::to_string(octets) + " octets is below 8", start + 2);
  SIPVET_TRY(Reader fields, frame.sub(octets - 4, "radiotap header"));
  SIPVET_TRY(const std::uint32_t present, little_u32(fields, "radiotap presence"));
  for (std::uint32_t more = present; (more >> 31) != 0;) {
    SIPVET_TRY(more, little_u32(fields, "radiotap presence"));
  }
  bool padded = false;
  if ((present & 1) != 0) {
    const std::size_t at = fields.offset() - start;
    SIPVET_CHECK(fields.skip((8 - at % 8) % 8 + 8, "radiotap clock"));
  }
  if ((present & 2) != 0) {
    SIPVET_TRY(const std::uint8_t flags, fields.u8("radiotap flags"));
    padded = (flags & 0x20) != 0;
  }
  return skip_header(frame, padded);
}

Result<Layer> skip_prism(Reader& frame) {
  SIPVET_CHECK(frame.skip(4, "Prism message code"));
  SIPVET_TRY(const std::uint32_t octets, little_u32(frame, "Prism message length"));
  if (octets < 8)
    return fail("Prism header of " + std::to_string(octets) + " octets is below 8", frame.offset());
  SIPVET_CHECK(frame.skip(octets - 8, "Prism header"));
  return skip_wifi(frame);
}

Result<Layer> skip_avs(Reader& frame) {
  SIPVET_CHECK(frame.skip(4, "AVS version"));
  SIPVET_TRY(const std::uint32_t octets, frame.u32("AVS length"));
  if (octets < 8)
    return fail("AVS header of " + std::to_string(octets) + " octets is below 8", frame.offset());
  SIPVET_CHECK(frame.skip(octets - 8, "AVS header"));
  return skip_wifi(frame);
}

} // namespace sipvet::frames
