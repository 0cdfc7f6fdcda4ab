#include "crypto/counter_mode.hpp"

#include <algorithm>
#include <cstring>

namespace sipvet::crypto {
namespace {

constexpr std::size_t aes_block = 16;
constexpr std::size_t blocks_at_once = 16; // two rounds of the eight that processors have in flight

// Adds one to a big-endian number.
void count_up(std::array<std::uint8_t, aes_block>& counter) {
  for (auto octet = counter.rbegin(); octet != counter.rend(); ++octet)
    if (++*octet != 0) return;
}

} // namespace

Result<CounterMode> CounterMode::make(ByteView key) {
  SIPVET_TRY(auto block, AesBlock::make(key));
  return CounterMode(std::move(block));
}

bool CounterMode::process(std::span<const std::uint8_t, 16> first_block, ByteView in,
                          std::span<std::uint8_t> out) {
  if (out.size() < in.size()) return false;
  std::array<std::uint8_t, aes_block> counter;
  std::ranges::copy(first_block, counter.begin());
  std::array<std::uint8_t, aes_block * blocks_at_once> stream;
  for (std::size_t at = 0; at < in.size(); at += stream.size()) {
    const std::size_t octets = std::min(in.size() - at, stream.size());
    const std::size_t whole = (octets + aes_block - 1) / aes_block * aes_block;
    for (std::size_t block = 0; block < whole; block += aes_block) {
      std::memcpy(stream.data() + block, counter.data(), aes_block);
      count_up(counter);
    }
    const std::span<std::uint8_t> used(stream.data(), whole);
    if (!block_.process(used, used)) return false;
    for (std::size_t i = 0; i < octets; ++i) out[at + i] = in[at + i] ^ stream[i];
  }
  return true;
}

} // namespace sipvet::crypto
