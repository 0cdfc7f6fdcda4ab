// What `sipvet inspect` prints: JSON for scripts (schema sipvet-inspect/1), text for people.
#pragma once

#include "analysis/report.hpp"

#include <string>

namespace sipvet::cli {

// Ends in a line end. Secrets are in it only if the report holds them.
std::string inspect_json(const analysis::Report& report);
std::string inspect_text(const analysis::Report& report);

} // namespace sipvet::cli
