// A copy of a run's results without secrets: what every format starts from.
#pragma once

#include "report/input.hpp"

#include <vector>

namespace sipvet::report {

verdict::Finding without_secrets(const verdict::Finding& finding);
verdict::Result without_secrets(const verdict::Result& result);
// The results of the input, without secrets unless it asks for them.
std::vector<verdict::Result> shown_results(const ReportInput& input);

// A secret can be spread over several lines of context: a PEM key. They are redacted as one text.
std::vector<std::string> redact_lines(const std::vector<std::string>& lines);

} // namespace sipvet::report
