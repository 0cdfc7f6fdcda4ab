// Runs many cells, some at a time, and keeps their evidence.
#pragma once

#include "base/result.hpp"
#include "runner/cell_run.hpp"
#include "script/scenario.hpp"

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace sipvet::runner {

enum class Keep { failures, all, none };
std::optional<Keep> find_keep(std::string_view name);

struct RunOptions {
  NetworkKind network = NetworkKind::sockets;
  std::uint64_t seed = 1;
  unsigned jobs = 1;
  Keep keep = Keep::failures;
  std::string folder; // exists; evidence goes to folder/evidence/CELL
};

// Called for each cell as it ends, by one thread at a time.
using OnResult = std::function<void(const verdict::Result&)>;

// Results in the order of the cells; those not run when `stop` became true are skipped. Fails when the lab
// cannot be made.
Result<std::vector<verdict::Result>> run_cells(const std::vector<script::Cell>& cells,
                                               const RunOptions& options, const OnResult& on_result,
                                               const std::atomic<bool>& stop);
// The same with a lab that is at hand: making one takes long.
std::vector<verdict::Result> run_cells(const std::vector<script::Cell>& cells, const RunOptions& options,
                                       const Lab& lab, const OnResult& on_result,
                                       const std::atomic<bool>& stop);
// As a run with these options makes it.
Result<Lab> lab_for(const RunOptions& options);

// A folder name for a cell: "srtp-mode/inbound-offer[mode=always]" gives
// "srtp-mode.inbound-offer.mode=always".
std::string evidence_name(std::string_view cell_id);

} // namespace sipvet::runner
