// What is worth saying about the TLS connections of a report.
#pragma once

#include "analysis/finding_list.hpp"
#include "analysis/report.hpp"

namespace sipvet::analysis {

void check_connection(const TlsConnection& connection, FindingList& findings);

} // namespace sipvet::analysis
