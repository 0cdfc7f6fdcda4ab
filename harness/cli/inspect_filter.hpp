// Picks the part of a report that a person asked for (`sipvet inspect --filter`).
#pragma once

#include "analysis/report.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sipvet::cli {

struct Filter {
  enum class By { call, address, method };
  By by = By::call;
  std::string text;
};

// "call:TEXT" (part of a Call-ID), "address:IP" or "address:IP:PORT", "method:NAME".
Result<Filter> parse_filter(std::string_view text);
// What fits all filters, with the connections that carried it and the findings about it. Media fits by call
// and address only.
analysis::Report filtered(const analysis::Report& report, const std::vector<Filter>& filters);

} // namespace sipvet::cli
