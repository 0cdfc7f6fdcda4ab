// Randomness as an argument: the kernel's for real runs, a seeded one where a run must repeat to the byte.
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace sipvet {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  Bytes bytes(std::size_t count);
  std::uint32_t u32();
  std::uint64_t u64();
  // Evenly from 0 to bound - 1; bound is at least 1.
  std::uint64_t below(std::uint64_t bound);
};

// getrandom(2). Throws std::system_error when the kernel has none to give.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

// splitmix64: the same seed gives the same octets on every machine. Not for keys that protect anything real.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::uint64_t next();
  std::uint64_t state_;
};

} // namespace sipvet
