// Makes the cryptographic library take the time from a caller: the timers of DTLS are its only use of a
// clock.
#pragma once

#include "base/clock.hpp"

namespace sipvet::crypto {

// While one lives, gettimeofday() says `now` on this thread; the innermost wins. The library offers no way to
// pass a clock in, so this program's own gettimeofday() stands before the C library's. Objects must end in
// the reverse order of their making.
class ScopedTime {
 public:
  explicit ScopedTime(Instant now);
  ~ScopedTime();
  ScopedTime(const ScopedTime&) = delete;
  ScopedTime& operator=(const ScopedTime&) = delete;

 private:
  Instant now_;
  const Instant* previous_;
};

} // namespace sipvet::crypto
