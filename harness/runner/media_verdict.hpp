// The second witness on the packets that came to the gateway: what the capture shows of them, held against
// what the gateway counted.
#pragma once

#include "runner/wire_verdict.hpp"

#include <vector>

namespace sipvet::runner {

// Only where a step judged the gateway's counters. The capture is that of the whole run: no packets may have
// come after that step.
void check_gateway_counters(const script::Cell& cell, const PeersView& view, const analysis::Report& report,
                            std::vector<verdict::Finding>& out);

} // namespace sipvet::runner
