// Ways in which the gateway finds, chooses or admits whom it speaks to wrongly; each is off by default.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sipvet::gateway {

struct RouteDeviations {
#define SIPVET_ROUTE_DEVIATION(name, text) bool name = false;
#include "gateway/route_deviations.def"
#undef SIPVET_ROUTE_DEVIATION
  bool operator==(const RouteDeviations&) const = default;
};

// By the name in the table, to true or false; fails on others.
Result<void> set_route_deviation(RouteDeviations& deviations, std::string_view name,
                                 const std::vector<std::string>& values);
// The table as Markdown: a part of docs/routing.md.
std::string route_deviations_reference();

} // namespace sipvet::gateway
