// JUnit XML as CI servers read it: a suite for each scenario, a case for each matrix cell.
#pragma once

#include "report/input.hpp"

#include <string>

namespace sipvet::report {

// fail becomes <failure>, error becomes <error>, unsupported and skipped become <skipped> with the reason.
std::string junit_xml(const ReportInput& input);

} // namespace sipvet::report
