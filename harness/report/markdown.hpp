// summary.md: the verdict on each requirement and what failed, for merge requests and build summaries.
#pragma once

#include "report/input.hpp"

#include <string>

namespace sipvet::report {

std::string markdown(const ReportInput& input);

} // namespace sipvet::report
