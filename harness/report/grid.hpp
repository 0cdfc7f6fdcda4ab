// Arranges the results of a run by scenario, and the cells of a matrix as the rows and columns a reader knows
// from a vendor's guide.
#pragma once

#include "verdict/verdict.hpp"

#include <string>
#include <vector>

namespace sipvet::report {

// Two matrix dimensions; the values of all others are fixed and named in the caption.
struct Grid {
  std::string caption; // "suite=AES_CM_128_HMAC_SHA1_80"; empty when there are only two dimensions
  std::string row_name, column_name;
  std::vector<std::string> rows, columns;
  std::vector<std::vector<const verdict::Result*>> cells; // [row][column]; null: not in this run
};

struct ScenarioResults {
  std::string name;
  std::string title;
  std::vector<const verdict::Result*> results;
  std::vector<Grid> grids; // empty unless every result has the same two dimensions or more
};

// In the order in which the scenarios first appear. Points into `results`.
std::vector<ScenarioResults> by_scenario(const std::vector<verdict::Result>& results);

} // namespace sipvet::report
