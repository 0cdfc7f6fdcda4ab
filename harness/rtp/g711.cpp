#include "rtp/g711.hpp"

#include <array>
#include <bit>

namespace sipvet::rtp {
namespace {

// A code is a sign, a segment of 3 bits and a step of 4 bits. G.711 sends mu-law with every bit inverted and
// A-law with every other bit inverted.
constexpr unsigned mu_inversion = 0xFF;
constexpr unsigned a_inversion = 0x55;
constexpr unsigned sign_bit = 0x80;
constexpr int mu_bias = 33 << 2; // 33 in the 14-bit scale of the Recommendation, here in 16 bits
constexpr int mu_clip = 32767 - mu_bias;

constexpr int mu_linear(std::uint8_t code) {
  const unsigned bits = code ^ mu_inversion;
  const unsigned segment = bits >> 4 & 7;
  const int magnitude = static_cast<int>(((bits & 0x0F) << 3) + mu_bias) << segment;
  return bits & sign_bit ? mu_bias - magnitude : magnitude - mu_bias;
}

constexpr int a_linear(std::uint8_t code) {
  const unsigned bits = code ^ a_inversion;
  const unsigned segment = bits >> 4 & 7;
  // The middle of the step; from the second segment on, the leading one that the code leaves out.
  int magnitude = static_cast<int>((bits & 0x0F) << 4) + 8;
  if (segment > 0) magnitude = (magnitude + 0x100) << (segment - 1);
  return bits & sign_bit ? magnitude : -magnitude;
}

constexpr auto table_of(int (*linear)(std::uint8_t)) {
  std::array<std::int16_t, 256> table{};
  for (unsigned code = 0; code < 256; ++code) {
    table[code] = static_cast<std::int16_t>(linear(static_cast<std::uint8_t>(code)));
  }
  return table;
}
constexpr auto mu_table = table_of(mu_linear);
constexpr auto a_table = table_of(a_linear);

std::uint8_t encode_mu(std::int16_t sample) {
  const unsigned sign = sample < 0 ? sign_bit : 0;
  const int magnitude = std::min(sample < 0 ? -int{sample} : int{sample}, mu_clip) + mu_bias;
  const auto value = static_cast<unsigned>(magnitude);
  // The bias sets bit 7 at least, so the segment is how far the leading one stands above it.
  const unsigned segment = static_cast<unsigned>(std::bit_width(value)) - 8;
  const unsigned step = value >> (segment + 3) & 0x0F;
  return static_cast<std::uint8_t>((sign | segment << 4 | step) ^ mu_inversion);
}

std::uint8_t encode_a(std::int16_t sample) {
  const unsigned sign = sample < 0 ? 0 : sign_bit;
  // One's complement for negatives: the decision values are symmetric around -1/2 of the 13-bit scale.
  const auto value = static_cast<unsigned>(sample < 0 ? ~int{sample} : int{sample});
  const unsigned width = static_cast<unsigned>(std::bit_width(value));
  const unsigned segment = width > 8 ? width - 8 : 0;
  const unsigned step = value >> (segment > 0 ? segment + 3 : 4) & 0x0F;
  return static_cast<std::uint8_t>((sign | segment << 4 | step) ^ a_inversion);
}

} // namespace

std::int16_t decode_sample(Law law, std::uint8_t code) {
  return law == Law::mu ? mu_table[code] : a_table[code];
}

std::uint8_t encode_sample(Law law, std::int16_t sample) {
  return law == Law::mu ? encode_mu(sample) : encode_a(sample);
}

std::vector<std::int16_t> decode(Law law, ByteView codes) {
  std::vector<std::int16_t> samples;
  samples.reserve(codes.size());
  for (const auto code : codes) samples.push_back(decode_sample(law, code));
  return samples;
}

Bytes encode(Law law, std::span<const std::int16_t> samples) {
  Bytes codes;
  codes.reserve(samples.size());
  for (const auto sample : samples) codes.push_back(encode_sample(law, sample));
  return codes;
}

} // namespace sipvet::rtp
