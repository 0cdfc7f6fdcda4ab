// Points in time as text, to the second and in UTC (RFC 3339, always with Z).
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace sipvet {

// "2026-01-31T09:05:00Z"; fractions of a second are cut off.
std::string to_utc(Instant when);
// The same form only: no fraction, no other zone. Fails also on dates that do not exist and on years outside
// 1678 to 2261, which an Instant cannot say.
Result<Instant> parse_utc(std::string_view text);

} // namespace sipvet
