#include "srtp/packet_index.hpp"

#include <algorithm>

namespace sipvet::srtp {
namespace {

constexpr std::uint64_t index_mask = (std::uint64_t{1} << 48) - 1;
constexpr std::uint64_t half_cycle = 0x8000;

} // namespace

std::uint64_t RolloverCounter::index_of(std::uint16_t sequence) const {
  if (!highest_) return std::uint64_t{start_} << 16 | sequence;
  const std::uint64_t last = *highest_ & 0xffff;
  std::uint64_t rollovers = *highest_ >> 16;
  if (last < half_cycle) {
    if (sequence > last + half_cycle && rollovers > 0) --rollovers;
  } else if (sequence < last - half_cycle) {
    ++rollovers;
  }
  return (rollovers << 16 | sequence) & index_mask;
}

void RolloverCounter::accept(std::uint64_t index) { highest_ = std::max(highest_.value_or(0), index); }

std::uint32_t RolloverCounter::rollovers() const {
  return highest_ ? static_cast<std::uint32_t>(*highest_ >> 16) : start_;
}

// One word more than the window fills: the oldest and the newest packets never share one.
ReplayWindow::ReplayWindow(std::size_t packets)
    : packets_(std::max<std::size_t>(packets, 1)), bits_((packets_ + 63) / 64 + 1) {}

ReplayWindow::Place ReplayWindow::place(std::uint64_t index) const {
  if (!highest_ || index > *highest_) return Place::fresh;
  if (*highest_ - index >= packets_) return Place::too_old;
  return (bits_[word(index)] & bit(index)) != 0 ? Place::seen : Place::fresh;
}

void ReplayWindow::mark(std::uint64_t index) {
  if (!highest_ || index > *highest_) {
    // The words between the old highest and the new one held packets of a cycle of the ring ago.
    const std::uint64_t from = highest_ ? *highest_ / 64 + 1 : index / 64;
    const std::uint64_t to = index / 64;
    if (!highest_ || to - *highest_ / 64 >= bits_.size())
      std::ranges::fill(bits_, 0);
    else
      for (std::uint64_t at = from; at <= to; ++at) bits_[at % bits_.size()] = 0;
    highest_ = index;
  }
  bits_[word(index)] |= bit(index);
}

} // namespace sipvet::srtp
