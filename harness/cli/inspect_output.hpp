// What `sipvet inspect` prints: JSON for scripts (schema sipvet-inspect/1), text for people.
#pragma once

#include "analysis/report.hpp"

#include <string>

namespace sipvet::cli {

// Ends in a line end. Secrets are in it only if the report holds them.
// The same for a made-up report that has one entry of every list and every optional field: what there can be.
std::string inspect_json_shape();
std::string inspect_json(const analysis::Report& report);
std::string inspect_text(const analysis::Report& report);

} // namespace sipvet::cli
