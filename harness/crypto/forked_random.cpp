#include "crypto/forked_random.hpp"

#include "base/writer.hpp"
#include "crypto/hash.hpp"

#include <algorithm>

namespace sipvet::crypto {

void ForkedRandom::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    Writer writer;
    writer.bytes(key_);
    writer.u64(blocks_++);
    const Bytes block = digest(Hash::sha256, writer.view());
    const std::size_t count = std::min(block.size(), out.size());
    std::copy_n(block.begin(), count, out.begin());
    out = out.subspan(count);
  }
}

} // namespace sipvet::crypto
