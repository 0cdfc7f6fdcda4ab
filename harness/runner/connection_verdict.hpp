// The second witness on connections: what the capture shows of their handshakes.
#pragma once

#include "runner/wire_verdict.hpp"

#include <vector>

namespace sipvet::runner {

// Connections that were not established, or that do not decrypt to their end, without a step that expected a
// failure.
void check_connections(const script::Cell& cell, const PeersView& view, const analysis::Report& report,
                       std::vector<verdict::Finding>& out);

} // namespace sipvet::runner
