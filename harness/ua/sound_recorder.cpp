#include "ua/sound_recorder.hpp"

#include "rtp/dtmf_tones.hpp"

#include <algorithm>

namespace sipvet::ua {

void SoundRecorder::take_sound(std::uint32_t ssrc, std::uint32_t timestamp,
                               std::span<const std::int16_t> samples) {
  put(ssrc, timestamp, samples);
}

void SoundRecorder::take_event(std::uint32_t ssrc, std::uint32_t timestamp,
                               const rtp::TelephoneEvent& event) {
  const auto key = rtp::key_of_event(event.event);
  if (key) put(ssrc, timestamp, rtp::dtmf_sound(*key, event.volume_dbm0, 0, event.duration));
}

void SoundRecorder::put(std::uint32_t ssrc, std::uint32_t timestamp, std::span<const std::int16_t> samples) {
  // Timestamps wrap; what is behind the beginning is less than half of them away.
  const auto offset = static_cast<std::int32_t>(timestamp - begin_);
  const auto at = static_cast<std::int64_t>(begin_at_) + offset;
  const bool goes_on =
      ssrc_ == ssrc && at <= static_cast<std::int64_t>(samples_.size() + longest_recorded_gap);
  std::size_t place = samples_.size();
  if (goes_on) {
    if (at < 0) return; // from before the recording
    place = static_cast<std::size_t>(at);
  } else {
    ssrc_ = ssrc;
    begin_ = timestamp;
    begin_at_ = place;
  }
  if (place >= max_recorded_samples) return;
  samples = samples.first(std::min(samples.size(), max_recorded_samples - place));
  if (samples_.size() < place + samples.size()) samples_.resize(place + samples.size());
  std::ranges::copy(samples, samples_.begin() + static_cast<std::ptrdiff_t>(place));
}

} // namespace sipvet::ua
