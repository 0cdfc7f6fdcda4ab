#include "io/frame_sorter.hpp"

#include <utility>

namespace sipvet::io {

void FrameSorter::add(const CapturedFrame& frame) {
  if (frame.time + max_late < latest_) {
    ++stretch_;
    latest_ = frame.time;
  }
  latest_ = std::max(latest_, frame.time);
  auto place = held_.size();
  while (place > 0 && held_[place - 1].stretch == stretch_ && held_[place - 1].frame.time > frame.time)
    --place;
  Held held{frame, stretch_, {}};
  if (!spare_.empty()) {
    held.octets = std::move(spare_.back());
    spare_.pop_back();
  }
  held.octets.assign(frame.data.begin(), frame.data.end());
  held_octets_ += held.octets.size();
  held_.insert(held_.begin() + static_cast<std::ptrdiff_t>(place), std::move(held));
}

bool FrameSorter::due() const {
  if (held_.empty()) return false;
  return finished_ || held_.front().stretch != stretch_ || held_octets_ > max_held_octets ||
         held_.size() > max_held_frames;
}

std::optional<CapturedFrame> FrameSorter::next() {
  if (!due()) return std::nullopt;
  if (out_.octets.capacity() > 0) spare_.push_back(std::move(out_.octets));
  out_ = std::move(held_.front());
  held_.pop_front();
  held_octets_ -= out_.octets.size();
  out_.frame.data = out_.octets;
  return out_.frame;
}

} // namespace sipvet::io
