#include "io/frame_sorter.hpp"

#include "base/prefetch.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace sipvet::io {

namespace {
constexpr std::size_t cache_line_octets = 64;
constexpr std::size_t least_places = 64;
} // namespace

void FrameSorter::grow() {
  std::vector<Held> larger(ring_.empty() ? least_places : ring_.size() * 2);
  for (std::size_t i = 0; i < held_; ++i) larger[i] = std::move(held(i));
  ring_.swap(larger);
  first_ = 0;
}

void FrameSorter::add(CapturedFrame frame) {
  if (frame.time + max_late < latest_) {
    ++stretch_;
    latest_ = frame.time;
  }
  latest_ = std::max(latest_, frame.time);
  held_octets_ += frame.data.size();
  if (!frame.kept) {
    frame.kept = std::make_shared<const Bytes>(to_bytes(frame.data));
    frame.data = *frame.kept;
  }
  if (held_ == ring_.size()) grow();
  std::size_t place = held_++;
  for (; place > 0; --place) {
    Held& before = held(place - 1);
    if (before.stretch != stretch_ || before.frame.time <= frame.time) break;
    held(place) = std::move(before);
  }
  held(place) = {std::move(frame), stretch_};
}

bool FrameSorter::due() const {
  if (held_ == 0) return false;
  return finished_ || held(0).stretch != stretch_ || held_octets_ > max_held_octets ||
         held_ > max_held_frames;
}

std::optional<CapturedFrame> FrameSorter::next() {
  if (!due()) return std::nullopt;
  std::optional<CapturedFrame> out = std::move(held(0).frame);
  ++first_;
  --held_;
  held_octets_ -= out->data.size();
  // By the time that the next one is due its headers are at hand, which stand in two lines of the cache.
  if (held_ > 0) {
    const std::uint8_t* const soon = held(0).frame.data.data();
    prefetch(soon);
    prefetch(soon + cache_line_octets);
  }
  return out;
}

} // namespace sipvet::io
