#include "crypto/counter_mode.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sipvet::crypto {
namespace {

constexpr std::size_t aes_block = 16;
constexpr std::size_t blocks_at_once = 16; // two rounds of the eight that processors have in flight

// A block as a number of 128 bits.
class Counter {
 public:
  explicit Counter(std::span<const std::uint8_t, aes_block> block)
      : high_(big_endian(block.data())), low_(big_endian(block.data() + sizeof low_)) {}

  // The block, and on to the next.
  void write(std::uint8_t* to) {
    const std::uint64_t words[] = {swapped(high_), swapped(low_)};
    std::memcpy(to, words, sizeof words);
    if (++low_ == 0) ++high_;
  }

 private:
  static std::uint64_t swapped(std::uint64_t word) {
    return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
  }
  static std::uint64_t big_endian(const std::uint8_t* from) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
    return swapped(word);
  }

  std::uint64_t high_, low_;
};

// Eight octets at once: compilers do not find that out by themselves at usual levels of optimisation.
void exclusive_or(ByteView in, ByteView stream, std::uint8_t* out) {
  std::size_t at = 0;
  for (std::uint64_t word = 0, key = 0; at + sizeof word <= in.size(); at += sizeof word) {
    std::memcpy(&word, in.data() + at, sizeof word);
    std::memcpy(&key, stream.data() + at, sizeof key);
    word ^= key;
    std::memcpy(out + at, &word, sizeof word);
  }
  for (; at < in.size(); ++at) out[at] = in[at] ^ stream[at];
}

} // namespace

Result<CounterMode> CounterMode::make(ByteView key) {
  SIPVET_TRY(auto block, AesBlock::make(key));
  return CounterMode(std::move(block));
}

bool CounterMode::process(std::span<const std::uint8_t, 16> first_block, ByteView in,
                          std::span<std::uint8_t> out) {
  if (out.size() < in.size()) return false;
  Counter counter(first_block);
  std::array<std::uint8_t, aes_block * blocks_at_once> stream;
  for (std::size_t at = 0; at < in.size(); at += stream.size()) {
    const std::size_t octets = std::min(in.size() - at, stream.size());
    const std::size_t whole = (octets + aes_block - 1) / aes_block * aes_block;
    for (std::size_t block = 0; block < whole; block += aes_block) counter.write(stream.data() + block);
    const std::span<std::uint8_t> used(stream.data(), whole);
    if (!block_.process(used, used)) return false;
    exclusive_or(in.subspan(at, octets), stream, out.data() + at);
  }
  return true;
}

} // namespace sipvet::crypto
