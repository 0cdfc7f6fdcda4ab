// Turns key presses into telephone-event payloads, one for each packet time (RFC 4733 §2.5.1).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

namespace sipvet::ua {

// Packets of one event while the key is down (5 * 20 ms = 100 ms), repetitions of the last one (§2.5.1.4:
// three in all), and packet times of sound before the next one.
inline constexpr unsigned event_packets = 5, end_packets = 3, pause_packets = 3;

class DtmfSender {
 public:
  Result<void> press(std::string_view digits);
  bool idle() const { return queue_.empty(); }

  struct Next {
    Bytes payload;
    bool marker = false;                // first packet of an event
    std::uint16_t timestamp_offset = 0; // back to the start of the event
  };
  // What the next packet is to be; none: sound.
  std::optional<Next> next();

 private:
  std::deque<std::uint8_t> queue_;
  unsigned step_ = 0;
};

} // namespace sipvet::ua
