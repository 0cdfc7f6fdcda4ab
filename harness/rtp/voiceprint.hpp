// Recognisable audio: each direction of each call carries its own pair of tones, so that a receiver (or a
// capture) can tell whose sound it hears, also after another program has decoded and encoded it again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sipvet::rtp {

inline constexpr unsigned sample_rate_hz = 8000; // G.711

// Two different tones of one grid. number() names the pair: 0 to voiceprint_count - 1.
class Voiceprint {
 public:
  explicit Voiceprint(unsigned number = 0); // taken modulo voiceprint_count
  unsigned number() const { return number_; }
  double low_hz() const;
  double high_hz() const;
  bool operator==(const Voiceprint&) const = default;

 private:
  unsigned number_;
};
extern const unsigned voiceprint_count;
std::string to_string(const Voiceprint& print); // "650+1100 Hz"

// Samples `first_sample` onward of the endless sound of a voiceprint: 16-bit linear, -15 dBm0 or so for each
// tone, so that 12 dB more do not clip.
std::vector<std::int16_t> sound(const Voiceprint& print, std::uint64_t first_sample, std::size_t count);

// The voiceprint heard, if both its tones stand out from all others of the grid and from the rest of the
// energy. At least 320 samples (40 ms), else nothing.
std::optional<Voiceprint> recognise(std::span<const std::int16_t> samples);

} // namespace sipvet::rtp
