// Randomness that costs its source the same however much of it is used.
#pragma once

#include "base/random.hpp"

#include <cstdint>

namespace sipvet::crypto {

// Takes 32 octets from `parent` when made, and none after: its own octets are SHA-256 of them and a counter.
// An RSA key blinds itself anew every so many private operations, so how much a signature draws depends on
// the key's past. Drawing through a fork, what the parent gives next does not.
class ForkedRandom final : public Random {
 public:
  explicit ForkedRandom(Random& parent) : key_(parent.bytes(32)) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  Bytes key_;
  std::uint64_t blocks_ = 0;
};

} // namespace sipvet::crypto
