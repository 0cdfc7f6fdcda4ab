// Text of a capture made fit for a terminal.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sipvet::cli {

// Captures hold whatever the far side sent; control characters come out as \xHH.
std::string printable(std::string_view text);
void append_printable(std::string& to, std::string_view text);
// "14:03:59.123456", in UTC.
std::string time_of_day(Instant time);
void append_time_of_day(std::string& to, Instant time);
// In decimal.
void append_number(std::string& to, std::uint64_t number);

} // namespace sipvet::cli
