// Time as an argument: points in time are values that a caller passes in, so that simulated and real time
// look the same.
#pragma once

#include <chrono>

namespace sipvet {

using Duration = std::chrono::nanoseconds;
// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted (as in pcapng and X.509 comparisons).
using Instant = std::chrono::sys_time<Duration>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

// The machine's clock: for the socket network and the command line only.
class SystemClock final : public Clock {
 public:
  Instant now() const override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
};

} // namespace sipvet
