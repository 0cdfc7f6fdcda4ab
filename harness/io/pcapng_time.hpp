// Time stamps of pcapng: ticks whose length each interface states for itself.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <cstdint>

namespace sipvet::io {

class TickLength {
 public:
  TickLength() = default; // microseconds
  // The value of the option if_tsresol: a negative power of 10, or of 2 when the top bit is set.
  static Result<TickLength> from_option(std::uint8_t value);
  // Ticks since 1970, `offset_seconds` later (the option if_tsoffset). What does not fit is the last point in
  // time.
  Instant time(std::uint64_t ticks, std::int64_t offset_seconds) const;

 private:
  bool power_of_two_ = false;
  unsigned exponent_ = 6;
  std::uint64_t per_second_ = 1'000'000;
};

} // namespace sipvet::io
