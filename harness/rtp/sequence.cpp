#include "rtp/sequence.hpp"

namespace sipvet::rtp {

std::uint64_t SequenceUnwrapper::extend(std::uint16_t sequence) {
  constexpr std::uint64_t cycle = 1u << 16;
  if (!highest_) {
    highest_ = cycle + sequence;
    return *highest_;
  }
  // The distance to the highest number in 16 bits, read as signed: the nearer of the two ways round.
  const auto step = static_cast<std::int16_t>(static_cast<std::uint16_t>(sequence - *highest_));
  const auto extended = static_cast<std::uint64_t>(static_cast<std::int64_t>(*highest_) + step);
  if (step > 0) highest_ = extended;
  return extended;
}

} // namespace sipvet::rtp
