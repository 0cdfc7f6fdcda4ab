#include "io/frame_sorter.hpp"

#include "base/prefetch.hpp"

#include <memory>
#include <utility>

namespace sipvet::io {

namespace {
constexpr std::size_t cache_line_octets = 64;
}

void FrameSorter::add(CapturedFrame frame) {
  if (frame.time + max_late < latest_) {
    ++stretch_;
    latest_ = frame.time;
  }
  latest_ = std::max(latest_, frame.time);
  auto place = held_.size();
  while (place > 0 && held_[place - 1].stretch == stretch_ && held_[place - 1].frame.time > frame.time)
    --place;
  held_octets_ += frame.data.size();
  if (!frame.kept) {
    frame.kept = std::make_shared<const Bytes>(to_bytes(frame.data));
    frame.data = *frame.kept;
  }
  if (place == held_.size())
    held_.push_back({std::move(frame), stretch_});
  else
    held_.insert(held_.begin() + static_cast<std::ptrdiff_t>(place), {std::move(frame), stretch_});
}

bool FrameSorter::due() const {
  if (held_.empty()) return false;
  return finished_ || held_.front().stretch != stretch_ || held_octets_ > max_held_octets ||
         held_.size() > max_held_frames;
}

std::optional<CapturedFrame> FrameSorter::next() {
  if (!due()) return std::nullopt;
  std::optional<CapturedFrame> out = std::move(held_.front().frame);
  held_.pop_front();
  held_octets_ -= out->data.size();
  // By the time that the next one is due its headers are at hand, which stand in two lines of the cache.
  if (!held_.empty()) {
    const std::uint8_t* const soon = held_.front().frame.data.data();
    prefetch(soon);
    prefetch(soon + cache_line_octets);
  }
  return out;
}

} // namespace sipvet::io
