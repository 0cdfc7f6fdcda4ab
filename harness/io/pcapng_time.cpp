#include "io/pcapng_time.hpp"

#include <algorithm>

namespace sipvet::io {

namespace {
constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;
// The seconds that an Instant has room for.
constexpr std::int64_t last_second = 9'223'372'035;
} // namespace

Result<TickLength> TickLength::from_option(std::uint8_t value) {
  TickLength result;
  result.power_of_two_ = (value & 0x80) != 0;
  result.exponent_ = value & 0x7F;
  // 10^19 and 2^63 are the largest powers that 64 bits hold.
  if (result.exponent_ > (result.power_of_two_ ? 63u : 19u))
    return fail("a time resolution of " + std::string(result.power_of_two_ ? "2" : "10") + "^-" +
                std::to_string(result.exponent_) + " seconds is too fine");
  result.per_second_ = 1;
  for (unsigned i = 0; i < result.exponent_; ++i) result.per_second_ *= result.power_of_two_ ? 2 : 10;
  return result;
}

Instant TickLength::time(std::uint64_t ticks, std::int64_t offset_seconds) const {
  const std::uint64_t seconds = ticks / per_second_;
  std::uint64_t fraction = ticks % per_second_;
  std::uint64_t per_second = per_second_;
  if (power_of_two_ && exponent_ > 32) { // so that the product below fits 64 bits
    fraction >>= exponent_ - 32;
    per_second = std::uint64_t{1} << 32;
  }
  const bool finer = per_second > nanoseconds_per_second && !power_of_two_;
  const std::uint64_t nanoseconds = finer ? fraction / (per_second / nanoseconds_per_second)
                                          : fraction * nanoseconds_per_second / per_second;
  const auto shift = std::clamp<std::int64_t>(offset_seconds, -last_second, last_second);
  const auto whole = static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, last_second));
  const std::int64_t at = std::clamp<std::int64_t>(whole + shift, -last_second, last_second);
  return Instant(std::chrono::seconds(at) + Duration(nanoseconds));
}

} // namespace sipvet::io
