// Makes the cryptographic library draw its randomness from a Random that a caller passes in.
#pragma once

#include "base/random.hpp"

namespace sipvet::crypto {

// While one lives, every random octet OpenSSL asks for on this thread comes from `random`; the innermost
// wins. Other threads, and this one outside any scope, get the library's own generator. Objects must end in
// the reverse order of their making.
class ScopedRandom {
 public:
  explicit ScopedRandom(Random& random);
  ~ScopedRandom();
  ScopedRandom(const ScopedRandom&) = delete;
  ScopedRandom& operator=(const ScopedRandom&) = delete;

 private:
  Random* previous_;
};

} // namespace sipvet::crypto
