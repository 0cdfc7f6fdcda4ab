// Draws a report as a ladder diagram of bounded width for a terminal or a log.
#pragma once

#include "analysis/report.hpp"

#include <cstddef>
#include <string>

namespace sipvet::cli {

struct LadderStyle {
  bool colour = false;
  std::size_t width = 100; // columns; no line is longer. Less than 60 is taken for 60
};

// Ends in a line end. Parties beyond those that fit share the last column.
std::string inspect_ladder(const analysis::Report& report, const LadderStyle& style);

} // namespace sipvet::cli
