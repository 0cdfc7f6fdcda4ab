// What pages of HTML share: the style sheet, the few lines of script that filter report.html, and how text is
// written.
#pragma once

#include <string>
#include <string_view>

namespace sipvet::report {

extern const std::string_view html_style;
extern const std::string_view html_script;

// What HTML means something by is escaped, also within attributes; control characters but line ends and tabs
// become blanks.
std::string html_escaped(std::string_view text);

} // namespace sipvet::report
