// report.html: one file that needs nothing from elsewhere, in which each failure explains itself.
#pragma once

#include "report/input.hpp"

#include <string>

namespace sipvet::report {

std::string html(const ReportInput& input);

} // namespace sipvet::report
