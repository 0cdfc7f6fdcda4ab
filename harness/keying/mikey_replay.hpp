// Remembers the MIKEY messages of the recent past, so that old and repeated ones are told apart (RFC 3830
// §5.4).
#pragma once

#include "base/clock.hpp"
#include "mikey/init_message.hpp"

#include <cstddef>
#include <deque>
#include <optional>

namespace sipvet::keying {

struct MikeyReplayLimits {
  Duration skew = std::chrono::minutes(5); // how far clocks may differ, either way
  std::size_t messages = 4096;             // remembered at once; when full, new messages are refused (§5.4)
};

// Deviations: what is let pass.
struct MikeyReplayLenience {
  bool any_timestamp = false;
  bool repeated = false;
};

class MikeyReplayGuard {
 public:
  explicit MikeyReplayGuard(MikeyReplayLimits limits = {}) : limits_(limits) {}

  // Fails when the timestamp is further from `now` than the skew, when a counter has not grown, or when the
  // message was accepted before. Remembers nothing: anybody can send messages that are not authentic.
  Result<void> check(ByteView octets, const mikey::Message& message, Instant now,
                     MikeyReplayLenience lenience = {}) const;
  // The same, and remembers the message. To be asked only about messages whose MAC was right.
  Result<void> accept(const mikey::InitMessage& init, Instant now, MikeyReplayLenience lenience = {});

 private:
  struct Seen {
    Instant accepted;
    Bytes octets_hash;
  };

  MikeyReplayLimits limits_;
  std::deque<Seen> seen_;
  std::optional<std::uint32_t> last_counter_;
};

} // namespace sipvet::keying
