#include "runner/run.hpp"

#include "net/sim_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <thread>

namespace sipvet::runner {

namespace {

namespace fs = std::filesystem;

std::uint64_t fnv1a(std::string_view text, std::uint64_t seed = 0) {
  std::uint64_t hash = 0xcbf29ce484222325ull ^ seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return hash;
}

bool is_kept(Keep keep, verdict::Outcome outcome) {
  if (keep == Keep::failures) return outcome == verdict::Outcome::fail || outcome == verdict::Outcome::error;
  return keep == Keep::all;
}

verdict::Result not_run(const script::Cell& cell) {
  verdict::Result out;
  out.id = cell.id;
  out.title = cell.title;
  out.covers = cell.covers;
  out.outcome = verdict::Outcome::skipped;
  return out;
}

class Run {
 public:
  Run(const std::vector<script::Cell>& cells, const RunOptions& options, const Lab& lab,
      const Lab& simulated_lab, const OnResult& on_result, const std::atomic<bool>& stop)
      : cells_(cells), options_(options), lab_(lab), simulated_lab_(simulated_lab), on_result_(on_result),
        stop_(stop) {
    for (const script::Cell& cell : cells) results_.push_back(not_run(cell));
  }

  void work() {
    for (std::size_t i = next_++; i < cells_.size() && !stop_.load(); i = next_++) {
      auto result = run_one(cells_[i]);
      if (!result) continue;
      const std::lock_guard lock(mutex_);
      results_[i] = *result;
      if (on_result_) on_result_(results_[i]);
    }
  }

  std::vector<verdict::Result> take() { return std::move(results_); }

 private:
  std::optional<verdict::Result> run_one(const script::Cell& cell) {
    const std::string relative = "evidence/" + evidence_name(cell.id);
    const fs::path folder = fs::path(options_.folder) / relative;
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    fs::create_directories(folder, ignored);

    CellOptions cell_options;
    cell_options.network = cell.simulated ? NetworkKind::sim : options_.network;
    // Minutes of media at the quick pace would be as many packets as hours have.
    if (cell.simulated) cell_options.media_pace = std::chrono::milliseconds(20);
    // Of the cell's name and not of its place in the run, so that filtering changes nothing.
    cell_options.seed = fnv1a(cell.id, options_.seed);
    cell_options.evidence_folder = folder.string();
    const Lab& lab = cell.simulated ? simulated_lab_ : lab_;
    CellRun run = run_cell(cell, lab, cell_options, stop_);
    if (!run.interrupted && is_kept(options_.keep, run.result.outcome))
      run.result.evidence = relative;
    else
      fs::remove_all(folder, ignored);
    return run.interrupted ? std::nullopt : std::optional(std::move(run.result));
  }

  const std::vector<script::Cell>& cells_;
  const RunOptions& options_;
  const Lab& lab_;
  const Lab& simulated_lab_; // of cells that are always simulated
  const OnResult& on_result_;
  const std::atomic<bool>& stop_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::vector<verdict::Result> results_;
};

std::vector<verdict::Result> run_with(const std::vector<script::Cell>& cells, const RunOptions& options,
                                      const Lab& lab, const Lab& simulated_lab, const OnResult& on_result,
                                      const std::atomic<bool>& stop) {
  Run run(cells, options, lab, simulated_lab, on_result, stop);
  std::vector<std::thread> workers;
  const unsigned jobs =
      std::clamp(options.jobs, 1u, static_cast<unsigned>(std::max<std::size_t>(cells.size(), 1)));
  for (unsigned i = 1; i < jobs; ++i) workers.emplace_back([&run] { run.work(); });
  run.work();
  for (std::thread& worker : workers) worker.join();
  return run.take();
}

} // namespace

std::optional<Keep> find_keep(std::string_view name) {
  if (name == "failures") return Keep::failures;
  if (name == "all") return Keep::all;
  if (name == "none") return Keep::none;
  return std::nullopt;
}

std::string evidence_name(std::string_view cell_id) {
  // File systems take 255 octets; report paths in front of it want some, too.
  constexpr std::size_t longest = 150;
  std::string out;
  bool exact = true;
  for (const char c : cell_id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '=' || c == '_';
    const bool separator = std::string_view("/[],.").find(c) != std::string_view::npos;
    exact = exact && (plain || separator);
    if (plain)
      out += c;
    else if (!out.empty() && out.back() != '.')
      out += '.';
  }
  while (!out.empty() && out.back() == '.') out.pop_back();
  if (exact && !out.empty() && out.size() <= longest) return out;
  // What was lost told cells apart.
  out.resize(std::min(out.size(), longest));
  return fmt::format("{}{}{:016x}", out, out.empty() ? "" : ".", fnv1a(cell_id));
}

// In the simulated network time begins where that network's clock does, so that certificates are the same in
// every run.
Result<Lab> lab_for(const RunOptions& options) {
  return Lab::make(options.seed, options.network == NetworkKind::sim ? net::sim_start : SystemClock().now());
}

Result<std::vector<verdict::Result>> run_cells(const std::vector<script::Cell>& cells,
                                               const RunOptions& options, const OnResult& on_result,
                                               const std::atomic<bool>& stop) {
  SIPVET_TRY(const Lab lab, lab_for(options));
  const bool also_simulated =
      options.network != NetworkKind::sim &&
      std::any_of(cells.begin(), cells.end(), [](const script::Cell& cell) { return cell.simulated; });
  if (!also_simulated) return run_cells(cells, options, lab, on_result, stop);
  SIPVET_TRY(const Lab simulated_lab, Lab::make(options.seed, net::sim_start));
  return run_with(cells, options, lab, simulated_lab, on_result, stop);
}

std::vector<verdict::Result> run_cells(const std::vector<script::Cell>& cells, const RunOptions& options,
                                       const Lab& lab, const OnResult& on_result,
                                       const std::atomic<bool>& stop) {
  return run_with(cells, options, lab, lab, on_result, stop);
}

} // namespace sipvet::runner
