#include "sdp/rtpmap.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sipvet::sdp {
namespace {

constexpr std::uint64_t max_payload_type = 127; // 7 bits (RFC 3550 §5.1)
constexpr std::uint64_t max_clock_hz =
    10'000'000;                             // RTP clocks go up to 90 kHz video and 192 kHz audio; room above
constexpr std::uint64_t max_channels = 255; // RFC 3551 §4.1 names orders for six

struct StaticType {
  std::uint8_t payload_type;
  std::string_view encoding;
  std::uint32_t clock_hz;
  std::uint32_t channels;
};
// RFC 3551 §6, table 4. G722 has a clock of 8000 Hz though it samples at 16000 (§4.5.2).
constexpr std::array static_types = {
    StaticType{0, "PCMU", 8000, 1},   StaticType{3, "GSM", 8000, 1},    StaticType{4, "G723", 8000, 1},
    StaticType{5, "DVI4", 8000, 1},   StaticType{6, "DVI4", 16000, 1},  StaticType{7, "LPC", 8000, 1},
    StaticType{8, "PCMA", 8000, 1},   StaticType{9, "G722", 8000, 1},   StaticType{10, "L16", 44100, 2},
    StaticType{11, "L16", 44100, 1},  StaticType{12, "QCELP", 8000, 1}, StaticType{13, "CN", 8000, 1},
    StaticType{14, "MPA", 90000, 1},  StaticType{15, "G728", 8000, 1},  StaticType{16, "DVI4", 11025, 1},
    StaticType{17, "DVI4", 22050, 1}, StaticType{18, "G729", 8000, 1},
};

std::size_t offset_in(std::string_view whole, std::string_view part) {
  return static_cast<std::size_t>(part.data() - whole.data());
}

// The rest of the first attribute of that name whose value starts with the payload type and a space.
std::optional<std::string_view> about(const Media& media, std::string_view name, std::uint8_t payload_type) {
  for (const auto value : media.attributes.values(name)) {
    const auto sides = split_once(value, ' ');
    if (!sides) continue;
    const auto number = parse_decimal(sides->first, max_payload_type, name);
    if (number && *number == payload_type) return value;
  }
  return std::nullopt;
}

std::optional<Codec> codec_of(const Media& media, std::uint8_t payload_type) {
  std::optional<Codec> codec = static_codec(payload_type);
  if (const auto rtpmap = about(media, "rtpmap", payload_type)) {
    auto mapped = parse_rtpmap(*rtpmap);
    if (!mapped) return std::nullopt;
    codec = std::move(*mapped);
  }
  if (!codec) return std::nullopt;
  if (const auto fmtp = about(media, "fmtp", payload_type))
    codec->fmtp = std::string(trim(split_once(*fmtp, ' ')->second));
  return codec;
}

} // namespace

Result<Codec> parse_rtpmap(std::string_view value) {
  const auto sides = split_once(value, ' ');
  if (!sides) return fail("expected \"<payload type> <encoding>/<clock>\"", value.size());
  Codec codec;
  const auto type = parse_decimal(sides->first, max_payload_type, "payload type");
  if (!type) return fail("expected a payload type from 0 to 127", 0);
  codec.payload_type = static_cast<std::uint8_t>(*type);
  const auto parts = split(trim(sides->second), '/');
  if (parts[0].empty()) return fail("expected the name of an encoding", offset_in(value, parts[0]));
  if (parts.size() < 2 || parts.size() > 3) {
    return fail("expected <encoding>/<clock> or <encoding>/<clock>/<channels>", offset_in(value, parts[0]));
  }
  codec.encoding = parts[0];
  const auto clock = parse_decimal(parts[1], max_clock_hz, "clock");
  if (!clock || *clock == 0) return fail("expected a clock rate in Hz", offset_in(value, parts[1]));
  codec.clock_hz = static_cast<std::uint32_t>(*clock);
  if (parts.size() == 2) return codec;
  const auto channels = parse_decimal(parts[2], max_channels, "channels");
  if (!channels || *channels == 0) return fail("expected a number of channels", offset_in(value, parts[2]));
  codec.channels = static_cast<std::uint32_t>(*channels);
  return codec;
}

std::string rtpmap_value(const Codec& codec) {
  std::string value =
      std::to_string(codec.payload_type) + ' ' + codec.encoding + '/' + std::to_string(codec.clock_hz);
  if (codec.channels != 1) value += '/' + std::to_string(codec.channels);
  return value;
}

std::optional<Codec> static_codec(std::uint8_t payload_type) {
  const auto found = std::find_if(static_types.begin(), static_types.end(),
                                  [&](const StaticType& t) { return t.payload_type == payload_type; });
  if (found == static_types.end()) return std::nullopt;
  return Codec{payload_type, std::string(found->encoding), found->clock_hz, found->channels, std::nullopt};
}

std::vector<Codec> codecs(const Media& media) {
  std::vector<Codec> known;
  for (const auto& format : media.formats) {
    const auto payload_type = parse_decimal(format, max_payload_type, "payload type");
    if (!payload_type) continue;
    if (auto codec = codec_of(media, static_cast<std::uint8_t>(*payload_type)))
      known.push_back(std::move(*codec));
  }
  return known;
}

std::optional<Codec> find_codec(const Media& media, std::string_view encoding, std::uint32_t clock_hz) {
  for (auto& codec : codecs(media)) {
    if (iequals(codec.encoding, encoding) && codec.clock_hz == clock_hz) return std::move(codec);
  }
  return std::nullopt;
}

void add_codec(Media& media, const Codec& codec) {
  media.formats.push_back(std::to_string(codec.payload_type));
  media.attributes.add("rtpmap", rtpmap_value(codec));
  if (codec.fmtp) media.attributes.add("fmtp", std::to_string(codec.payload_type) + ' ' + *codec.fmtp);
}

Codec telephone_event_codec(std::uint8_t payload_type) {
  return {payload_type, "telephone-event", 8000, 1, "0-16"};
}

bool lists_event(const std::optional<std::string>& fmtp, std::uint8_t event) {
  if (!fmtp) return event <= 15;
  for (const auto range : split(*fmtp, ',')) {
    const auto sides = split_once(trim(range), '-');
    const auto first = parse_decimal(sides ? sides->first : trim(range), 255, "event");
    const auto last = sides ? parse_decimal(sides->second, 255, "event") : first;
    if (first && last && *first <= event && event <= *last) return true;
  }
  return false;
}

} // namespace sipvet::sdp
