// Which results speak for which requirement: the rows of every coverage table.
#pragma once

#include "verdict/verdict.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sipvet::report {

struct CoverageRow {
  const verdict::Requirement* requirement = nullptr; // null: the id is in no catalogue
  std::string id;
  std::vector<const verdict::Result*> results; // in the order of the run
  // The worst outcome of the results: fail, error, unsupported, skipped, pass in this order; none: not
  // exercised.
  std::optional<verdict::Outcome> outcome;
};

// Catalogue order; ids that results name and the catalogue lacks follow at the end.
std::vector<CoverageRow> coverage(const std::vector<verdict::Result>& results,
                                  const std::vector<verdict::Requirement>& catalogue);

} // namespace sipvet::report
