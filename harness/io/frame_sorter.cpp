#include "io/frame_sorter.hpp"

#include "base/prefetch.hpp"

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
  Held held{std::move(frame), stretch_, {}};
  if (!held.frame.kept) {
    if (!spare_.empty()) {
      held.octets = std::move(spare_.back());
      spare_.pop_back();
    }
    held.octets.assign(held.frame.data.begin(), held.frame.data.end());
    held.frame.data = held.octets; // moving it leaves them where they are
  }
  if (place == held_.size())
    held_.push_back(std::move(held));
  else
    held_.insert(held_.begin() + static_cast<std::ptrdiff_t>(place), std::move(held));
}

bool FrameSorter::due() const {
  if (held_.empty()) return false;
  return finished_ || held_.front().stretch != stretch_ || held_octets_ > max_held_octets ||
         held_.size() > max_held_frames;
}

const CapturedFrame* FrameSorter::next() {
  if (!due()) return nullptr;
  if (out_.octets.capacity() > 0) spare_.push_back(std::move(out_.octets));
  out_ = std::move(held_.front());
  held_.pop_front();
  held_octets_ -= out_.frame.data.size();
  // By the time that the next one is due its headers are at hand, which stand in two lines of the cache.
  if (!held_.empty()) {
    const std::uint8_t* const soon = held_.front().frame.data.data();
    prefetch(soon);
    prefetch(soon + cache_line_octets);
  }
  return &out_.frame;
}

} // namespace sipvet::io
