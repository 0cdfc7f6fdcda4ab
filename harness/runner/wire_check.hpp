// What the checks of a scenario's `wire:` list have in common. Only the wire_*expectations.cpp files and
// capture_check.cpp include it.
#pragma once

#include "analysis/report.hpp"
#include "script/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sipvet::runner {

// What differs; empty where all is as expected.
struct Difference {
  std::string expected, actual;
};
using Differences = std::vector<Difference>;

// Empty where there is no such key.
std::string text_of(const script::Value& map, std::string_view key);
// Only where the key is there.
void compare_count(Differences& out, const script::Value& map, std::string_view key, std::size_t actual);
// A check of things that are not there fails, unless just that was asked for.
void need_some(Differences& out, const script::Value& map, std::string_view count_key, std::size_t actual,
               std::string what);
// Regardless of case; only where the key is there. `what` is whose it is: "a connection with".
void compare_text(Differences& out, const script::Value& map, std::string_view key, std::string_view what,
                  const std::string& actual);

Differences check_tls(const script::Value& wanted, const analysis::Report& report);

} // namespace sipvet::runner
