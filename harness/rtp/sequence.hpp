// Extended sequence numbers: 16-bit RTP sequence numbers put back in line across their wrap-around (RFC 3550
// A.1).
#pragma once

#include <cstdint>
#include <optional>

namespace sipvet::rtp {

// Extends each number to the value nearest to the highest one so far, so that packets out of order across a
// wrap fall into the right cycle. The first number is in cycle 1, so that what comes late before it has a
// place as well.
class SequenceUnwrapper {
 public:
  std::uint64_t extend(std::uint16_t sequence);
  // Of the highest number so far; empty before the first.
  std::optional<std::uint64_t> highest() const { return highest_; }

 private:
  std::optional<std::uint64_t> highest_;
};

} // namespace sipvet::rtp
