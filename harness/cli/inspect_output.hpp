// What `sipvet inspect` prints: JSON for scripts (schema sipvet-inspect/1), text for people.
#pragma once

#include "analysis/report.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace sipvet::cli {

// Takes what is printed piece by piece: a report may be larger than memory.
using Print = std::function<void(std::string_view)>;

// Ends in a line end. Secrets are in it only if the report holds them.
void inspect_json(const analysis::Report& report, const Print& out);
std::string inspect_json(const analysis::Report& report);
// The same without `sip.list`.
std::string inspect_json_without_messages(const analysis::Report& report);
// The same for a made-up report that has one entry of every list and every optional field: what there can be.
std::string inspect_json_shape();
void inspect_text(const analysis::Report& report, const Print& out);
std::string inspect_text(const analysis::Report& report);

} // namespace sipvet::cli
