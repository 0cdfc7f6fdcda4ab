// G.711: both companding laws between 16-bit linear samples and 8-bit codes.
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace sipvet::rtp {

enum class Law : std::uint8_t { mu, a }; // RTP payload types 0 (PCMU) and 8 (PCMA)

// Linear values are the table values of ITU-T G.711 scaled to 16 bits: ±32124 at most in mu-law, ±32256 in
// A-law.
std::int16_t decode_sample(Law law, std::uint8_t code);
// The code of the interval between two decision values that the sample lies in (tables 1 and 2 of the
// Recommendation).
std::uint8_t encode_sample(Law law, std::int16_t sample);

std::vector<std::int16_t> decode(Law law, ByteView codes);
Bytes encode(Law law, std::span<const std::int16_t> samples);

} // namespace sipvet::rtp
