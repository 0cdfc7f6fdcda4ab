// Runs one cell: gateway, peers and network are made for it alone, and what they did is judged by both
// witnesses.
#pragma once

#include "runner/lab.hpp"
#include "script/scenario.hpp"
#include "verdict/verdict.hpp"

#include <atomic>
#include <cstdint>
#include <string>

namespace sipvet::runner {

enum class NetworkKind { sockets, sim };

struct CellOptions {
  NetworkKind network = NetworkKind::sockets;
  std::uint64_t seed = 1;
  // From packet to packet; shorter than the 20 ms that the packets hold, because both sides are ours.
  Duration media_pace = std::chrono::milliseconds(1);
  std::string evidence_folder; // exists; capture and logs are written there
};

struct CellRun {
  verdict::Result result; // without `evidence`
  bool interrupted = false;
};
CellRun run_cell(const script::Cell& cell, const Lab& lab, const CellOptions& options,
                 const std::atomic<bool>& stop);

// Problems in a cell that can be seen without running it: settings that the gateway or a peer does not know.
std::vector<verdict::Diagnostic> check_cell(const script::Cell& cell);

} // namespace sipvet::runner
