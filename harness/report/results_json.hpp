// results.json: the contract that scripts read (schema sipvet-results/1), and the way back from it.
#pragma once

#include "base/result.hpp"
#include "report/input.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sipvet::report {

inline constexpr std::string_view results_schema = "sipvet-results/1";

// Indented by two spaces, ends in a line end. `duration_ms` is a number with a fraction.
std::string results_json(const ReportInput& input);

struct StoredRun {
  std::vector<verdict::Result> results;
  std::string target;
  std::string version;
};

// Reads what results_json() wrote, or what scripts made of it: unknown fields are passed over, a missing or
// ill-typed one that the contract names is an error that says its path ("results[3].outcome: …"). Durations
// come back to the microsecond.
Result<StoredRun> read_results(std::string_view json);

} // namespace sipvet::report
