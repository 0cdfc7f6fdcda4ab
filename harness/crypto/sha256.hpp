// SHA-256 (FIPS 180-4) in place: for the tens of thousands that run beside each other, each fed a little at a
// time, where a Hasher's objects of the library, spread over memory, cost more than the hashing.
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace sipvet::crypto {

class Sha256 {
 public:
  Sha256();
  void update(ByteView data);
  // The hash of everything so far; more may follow.
  std::array<std::uint8_t, 32> peek() const;

 private:
  alignas(
      std::uint64_t) std::array<std::byte, 112> state_{}; // the library's, known to the implementation only
};

} // namespace sipvet::crypto
