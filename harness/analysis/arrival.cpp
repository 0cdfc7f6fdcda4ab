#include "analysis/arrival.hpp"

#include <algorithm>
#include <cmath>

namespace sipvet::analysis {
namespace {

constexpr std::int32_t quick_repeat_ms = 20; // a packet's own length of audio
constexpr std::uint32_t slot_bits = 5, time_bits = 20;
// The estimate starts at 0 and needs its window of 16 packets to mean anything.
constexpr std::size_t settled = 16;

std::uint32_t milliseconds_of(Instant time) {
  return static_cast<std::uint32_t>(
             std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count()) &
         ((1U << time_bits) - 1);
}

// The nearer way round.
std::int32_t elapsed_ms(std::uint32_t from, std::uint32_t to) {
  return static_cast<std::int32_t>((to - from) << (32 - time_bits)) >> (32 - time_bits);
}

} // namespace

Arrival::Seen Arrival::add(std::uint16_t sequence, std::uint32_t timestamp, std::uint32_t clock_hz,
                           Instant time) {
  auto& slot = recent_[sequence % recent_.size()];
  const std::uint32_t upper = sequence >> slot_bits, now = milliseconds_of(time);
  if (slot.used != 0 && slot.sequence == upper)
    return elapsed_ms(slot.milliseconds, now) > quick_repeat_ms ? Seen::repeated_late : Seen::repeated;
  slot.used = 1;
  slot.sequence = upper & 0x7ff;
  slot.milliseconds = now & 0xfffff;
  if (clock_hz != 0) add_jitter(timestamp, clock_hz, time);
  return Seen::fresh;
}

void Arrival::add_jitter(std::uint32_t timestamp, std::uint32_t clock_hz, Instant time) {
  const bool comparable = last_time_ && last_clock_hz_ == clock_hz && timestamp != last_timestamp_;
  if (comparable) {
    const auto ticks = static_cast<std::int32_t>(timestamp - last_timestamp_);
    const double sent_ms = 1000.0 * ticks / clock_hz;
    const double arrived_ms = std::chrono::duration<double, std::milli>(time - *last_time_).count();
    // A new start of the clock (RFC 3550 §5.1 allows one after silence) is no jitter.
    if (std::abs(arrived_ms - sent_ms) < 2000) {
      jitter_ms_ += (std::abs(arrived_ms - sent_ms) - jitter_ms_) / 16;
      sum_ms_ += jitter_ms_;
      if (++samples_ >= settled) max_ms_ = std::max(max_ms_, jitter_ms_);
    }
  }
  last_time_ = time;
  last_timestamp_ = timestamp;
  last_clock_hz_ = clock_hz;
}

} // namespace sipvet::analysis
