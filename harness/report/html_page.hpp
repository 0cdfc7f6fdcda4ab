// The fixed parts of report.html: its style sheet and the few lines of script that filter it.
#pragma once

#include <string_view>

namespace sipvet::report {

extern const std::string_view html_style;
extern const std::string_view html_script;

} // namespace sipvet::report
