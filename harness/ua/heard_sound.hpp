// Listens to a stream of decoded sound piece by piece: which voiceprints were heard, and for how long.
#pragma once

#include "rtp/voiceprint.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace sipvet::ua {

class HeardSound {
 public:
  // The next samples; `gap`: packets are missing in front of them, so that they do not join what came before.
  void take(std::span<const std::int16_t> samples, bool gap);
  const std::map<unsigned, std::uint64_t>& heard_ms() const { return heard_ms_; }
  std::uint64_t unrecognised_ms() const { return unrecognised_ms_; }
  void reset();

 private:
  std::vector<std::int16_t> window_; // never longer than a piece and a packet
  std::map<unsigned, std::uint64_t> heard_ms_;
  std::uint64_t unrecognised_ms_ = 0;
};

} // namespace sipvet::ua
