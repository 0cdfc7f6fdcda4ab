#include "gateway/route_deviations.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <iterator>

namespace sipvet::gateway {

namespace {

struct Row {
  std::string_view name, text;
  bool RouteDeviations::*field;
};
#define SIPVET_ROUTE_DEVIATION(name, text) {#name, text, &RouteDeviations::name},
constexpr Row rows[] = {
#include "gateway/route_deviations.def"
};
#undef SIPVET_ROUTE_DEVIATION

} // namespace

Result<void> set_route_deviation(RouteDeviations& deviations, std::string_view name,
                                 const std::vector<std::string>& values) {
  std::vector<std::string> names;
  for (const Row& row : rows) {
    names.emplace_back(row.name);
    if (row.name != name) continue;
    const bool good = values.size() == 1 && (values[0] == "true" || values[0] == "false");
    if (!good) return fail(fmt::format("{} needs true or false", name));
    deviations.*row.field = values[0] == "true";
    return {};
  }
  const auto close = nearest(name, names);
  return fail(fmt::format("unknown deviation '{}'{}", name,
                          close ? fmt::format("; did you mean '{}'?", *close) : ""));
}

std::string route_deviations_reference() {
  std::string out = "| deviation | the gateway … |\n|---|---|\n";
  for (const Row& row : rows) out += fmt::format("| `{}` | {} |\n", row.name, row.text);
  return out;
}

} // namespace sipvet::gateway
