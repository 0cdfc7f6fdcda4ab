// Which codec a payload type of a media section means (a=rtpmap, a=fmtp, and the static types of RFC 3551
// §6).
#pragma once

#include "base/result.hpp"
#include "sdp/session.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::sdp {

struct Codec {
  std::uint8_t payload_type = 0; // 7 bits
  std::string encoding; // "PCMU", "telephone-event", …; compared without regard to case (RFC 8866 §6.6)
  std::uint32_t clock_hz = 8000;
  std::uint32_t channels = 1;
  std::optional<std::string> fmtp; // the parameters behind the payload type
};

// The value of a=rtpmap: "101 telephone-event/8000" or "10 L16/44100/2".
Result<Codec> parse_rtpmap(std::string_view value);
std::string rtpmap_value(const Codec& codec);

// What RFC 3551 table 4 says about a payload type that needs no rtpmap.
std::optional<Codec> static_codec(std::uint8_t payload_type);

// The formats of a section in its order of preference: by its rtpmap, else by the static table. A format that
// neither explains, or an rtpmap that cannot be read, is left out.
std::vector<Codec> codecs(const Media& media);
std::optional<Codec> find_codec(const Media& media, std::string_view encoding, std::uint32_t clock_hz = 8000);

// Adds the format to the m= line with its rtpmap and fmtp (static types too: RFC 8866 allows it and most
// devices do it).
void add_codec(Media& media, const Codec& codec);

// telephone-event at 8000 Hz with the events 0 to 16, as RFC 4733 §2.4.1 writes them.
Codec telephone_event_codec(std::uint8_t payload_type = 101);
// Whether an fmtp event list such as "0-11,16" holds the event. No list means 0 to 15 (RFC 4733 §2.4.1).
bool lists_event(const std::optional<std::string>& fmtp, std::uint8_t event);

} // namespace sipvet::sdp
