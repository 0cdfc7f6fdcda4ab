// What every report format is made from: the results of a run and the catalogue of requirements, nothing
// else.
#pragma once

#include "verdict/verdict.hpp"

#include <string>
#include <vector>

namespace sipvet::report {

// The referenced data must outlive the call. Unless `show_keys` is set, every text passes through redact()
// (secrets.hpp) on its way into a report.
struct ReportInput {
  const std::vector<verdict::Result>& results;
  const std::vector<verdict::Requirement>& catalogue;
  bool show_keys = false;
  std::string target;  // what was vetted, as the user named it: "reference"
  std::string version; // of sipvet
};

} // namespace sipvet::report
