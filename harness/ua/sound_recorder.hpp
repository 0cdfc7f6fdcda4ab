// Keeps what a telephone hears of a call as samples: sound as it came, key presses as the tones that the
// telephone plays for them, silence where nothing came.
#pragma once

#include "rtp/telephone_event.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sipvet::ua {

// 8000 samples a second. What comes after so much is left out.
inline constexpr std::size_t max_recorded_samples = 10 * 60 * 8000;
// A timestamp that leaps further ahead stands for a new beginning and not for a silence.
inline constexpr std::size_t longest_recorded_gap = 10 * 8000;

class SoundRecorder {
 public:
  void take_sound(std::uint32_t ssrc, std::uint32_t timestamp, std::span<const std::int16_t> samples);
  // Each packet of an event, with the timestamp of the event's start (RFC 4733 §2.2.1).
  void take_event(std::uint32_t ssrc, std::uint32_t timestamp, const rtp::TelephoneEvent& event);
  const std::vector<std::int16_t>& samples() const { return samples_; }

 private:
  void put(std::uint32_t ssrc, std::uint32_t timestamp, std::span<const std::int16_t> samples);

  std::optional<std::uint32_t> ssrc_;
  std::uint32_t begin_ = 0; // the timestamp that stands at `begin_at_`
  std::size_t begin_at_ = 0;
  std::vector<std::int16_t> samples_;
};

} // namespace sipvet::ua
