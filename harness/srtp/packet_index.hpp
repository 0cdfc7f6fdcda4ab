// Where a packet stands among those of its SSRC: the rollover counter and the replay window (RFC 3711 §3.3.1,
// §3.3.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace sipvet::srtp {

// Extends 16-bit sequence numbers to the 48-bit packet index, as RFC 3711 appendix A guesses it. Before
// counter 0 there is nothing: a number that would belong there is taken as one of counter 0.
class RolloverCounter {
 public:
  RolloverCounter() = default;
  // Starts with the first packet at `rollovers`.
  explicit RolloverCounter(std::uint32_t rollovers) : start_(rollovers) {}

  // What the packet with this number most likely has; changes nothing.
  std::uint64_t index_of(std::uint16_t sequence) const;
  // Only for authentic packets.
  void accept(std::uint64_t index);
  std::uint32_t rollovers() const;

 private:
  std::uint32_t start_ = 0;
  std::optional<std::uint64_t> highest_;
};

// Which indices have been seen, as far back as `packets` behind the highest.
class ReplayWindow {
 public:
  enum class Place { fresh, seen, too_old };

  explicit ReplayWindow(std::size_t packets);
  Place place(std::uint64_t index) const;
  // Only for authentic packets.
  void mark(std::uint64_t index);

 private:
  std::uint64_t bit(std::uint64_t index) const { return std::uint64_t{1} << (index % 64); }
  std::size_t word(std::uint64_t index) const { return index / 64 % bits_.size(); }

  std::uint64_t packets_;
  std::vector<std::uint64_t> bits_; // a ring, by index
  std::optional<std::uint64_t> highest_;
};

} // namespace sipvet::srtp
