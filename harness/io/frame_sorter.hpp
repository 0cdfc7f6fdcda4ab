// Puts the frames of a capture into the order of their times: several interfaces or queues of a network card
// write into one file, and some frames come late.
#pragma once

#include "io/capture_file.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace sipvet::io {

class FrameSorter {
 public:
  // What is held back at most, frames and their octets: 3 ms at 1 Gbit/s, which is more than the queues of a
  // network card differ by, and seconds of a busy proxy. More would not stay in the processor's cache.
  static constexpr std::size_t max_held_octets = 384 * 1024;
  static constexpr std::size_t max_held_frames = 4'096;
  // A frame that is earlier than one before it by more is not late: the clock was set, or frames have no
  // times. All that came before it keeps its place before it.
  static constexpr Duration max_late = std::chrono::seconds(60);

  // Copies its octets, unless the frame keeps them.
  void add(CapturedFrame frame);
  // The next frame in order, once it is due, else nothing. It keeps its octets. Frames of
  // one time keep the order in which they came.
  std::optional<CapturedFrame> next();
  // No more will be added: all that is held is due.
  void finish() { finished_ = true; }

 private:
  struct Held {
    CapturedFrame frame;
    std::uint64_t stretch = 0;
  };
  bool due() const;

  Held& held(std::size_t place) { return ring_[(first_ + place) & (ring_.size() - 1)]; }
  const Held& held(std::size_t place) const { return ring_[(first_ + place) & (ring_.size() - 1)]; }
  void grow();

  std::vector<Held> ring_; // a power of two
  std::size_t first_ = 0;  // place of the first of those held, which are in order
  std::size_t held_ = 0;   // how many there are
  std::size_t held_octets_ = 0;
  std::uint64_t stretch_ = 0; // counts the settings of the clock
  Instant latest_;            // within the stretch
  bool finished_ = false;
};

} // namespace sipvet::io
