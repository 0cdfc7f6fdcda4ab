// Writes a report as one HTML page that needs nothing else: ladder, findings, streams, connections.
#pragma once

#include "analysis/report.hpp"

#include <string>

namespace sipvet::cli {

// Whatever a capture holds is escaped: it cannot become markup, script or a link.
std::string inspect_html(const analysis::Report& report);

} // namespace sipvet::cli
