#include "ua/heard_sound.hpp"

#include "ua/media_session.hpp"

#include <algorithm>

namespace sipvet::ua {

namespace {
constexpr std::uint64_t piece_ms = recognition_samples * 1000 / rtp::sample_rate_hz;
}

void HeardSound::take(std::span<const std::int16_t> samples, bool gap) {
  if (gap) window_.clear();
  while (!samples.empty()) {
    const std::size_t count = std::min(samples.size(), recognition_samples - window_.size());
    window_.insert(window_.end(), samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count));
    samples = samples.subspan(count);
    if (window_.size() < recognition_samples) return;
    if (const auto print = rtp::recognise(window_)) {
      heard_ms_[print->number()] += piece_ms;
    } else {
      unrecognised_ms_ += piece_ms;
    }
    window_.clear();
  }
}

void HeardSound::reset() {
  window_.clear();
  heard_ms_.clear();
  unrecognised_ms_ = 0;
}

} // namespace sipvet::ua
