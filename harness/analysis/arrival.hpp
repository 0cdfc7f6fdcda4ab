// How the packets of one RTP stream arrive: interarrival jitter, and numbers that come twice.
#pragma once

#include "base/clock.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sipvet::analysis {

class Arrival {
 public:
  enum class Seen { fresh, repeated, repeated_late };

  // `clock_hz` of the payload type; 0: not known, and the packet says nothing about jitter. A number that
  // came before is told as far as the last few packets reach; "late" is later than networks and captures at
  // two places repeat packets.
  Seen add(std::uint16_t sequence, std::uint32_t timestamp, std::uint32_t clock_hz, Instant time);

  double mean_jitter_ms() const { return samples_ == 0 ? 0 : sum_ms_ / static_cast<double>(samples_); }
  double max_jitter_ms() const { return max_ms_; }

 private:
  // What is known of the last packet whose number ends in the same five bits, in little room, for there may
  // be a hundred thousand streams.
  struct Slot {
    std::uint32_t used : 1 = 0;
    std::uint32_t sequence : 11 = 0;     // its upper bits
    std::uint32_t milliseconds : 20 = 0; // when it came, without upper bits: they come again after 17 minutes
  };
  static_assert(sizeof(Slot) == 4);
  void add_jitter(std::uint32_t timestamp, std::uint32_t clock_hz, Instant time);

  std::optional<Instant> last_time_;
  std::uint32_t last_timestamp_ = 0;
  std::uint32_t last_clock_hz_ = 0;
  double jitter_ms_ = 0, sum_ms_ = 0, max_ms_ = 0; // RFC 3550 §6.4.1
  std::size_t samples_ = 0;
  std::array<Slot, 32> recent_{};
};

} // namespace sipvet::analysis
