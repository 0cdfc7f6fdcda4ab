// The telephone-event payload (RFC 4733 §2.3): key presses as RTP packets.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>

namespace sipvet::rtp {

struct TelephoneEvent {
  std::uint8_t event = 0; // 0 to 9, 10 is *, 11 is #, 12 to 15 are A to D, 16 is a hook flash
  bool end = false;
  std::uint8_t volume_dbm0 = 10; // 6 bits, the level below 0 dBm0
  std::uint16_t duration = 0;    // timestamp units since the start of the event
  bool operator==(const TelephoneEvent&) const = default;
};

// The reserved bit is ignored, as §2.3.3 asks of receivers.
Result<TelephoneEvent> parse_telephone_event(ByteView payload);
Bytes serialize(const TelephoneEvent& event);

// §3.2 table 3; letters in either case.
std::optional<std::uint8_t> event_of_key(char key);
std::optional<char> key_of_event(std::uint8_t event);

} // namespace sipvet::rtp
