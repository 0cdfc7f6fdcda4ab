// sipvet run: carries out scenarios and reports what came of them.
#include "cli/commands.hpp"

#include "cli/report_folder.hpp"
#include "cli/scenario_set.hpp"
#include "cli/stop_signal.hpp"
#include "cli/terminal.hpp"
#include "report/console.hpp"
#include "runner/run.hpp"
#include "runner/selection.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

namespace sipvet::cli {

namespace {

struct Options {
  ScenarioPaths where;
  runner::Selection selection;
  std::string target = "reference";
  std::string network = "sockets";
  std::string keep = "failures";
  std::string shard;
  std::string report; // empty: no report; evidence of failures stays in a folder of its own
  std::uint64_t seed = 1;
  unsigned jobs = 1;
  bool list = false;
  bool show_keys = false;
};

void add_options(CLI::App& command, Options& options) {
  command.add_option("PATH", options.where.paths, "scenario files or folders")->capture_default_str();
  command.add_option("--target", options.target, "what is vetted")
      ->check(CLI::IsMember({"reference"}))
      ->capture_default_str();
  command.add_option("--profiles", options.where.profiles, "folder of device profiles");
  command.add_option("--catalogue", options.where.catalogue, "requirement catalogue");
  command.add_option("--filter", options.selection.filters,
                     "cells or scenarios whose name matches this glob");
  command.add_option("--tag", options.selection.tags, "scenarios with this tag");
  command.add_option("--requirement", options.selection.requirements,
                     "cells that cover this requirement (glob)");
  command.add_option("--network", options.network, "real sockets on loopback, or the simulated network")
      ->check(CLI::IsMember({"sockets", "sim"}))
      ->capture_default_str();
  command.add_option("--jobs", options.jobs, "cells to run at a time")
      ->check(CLI::Range(1u, 256u))
      ->capture_default_str();
  command.add_option("--seed", options.seed, "of keys, tags and the simulated network")
      ->capture_default_str();
  command.add_option("--shard", options.shard, "I/N: every N-th cell, from the I-th on");
  command.add_option("--report", options.report,
                     "folder for results.json, junit.xml, report.html, summary.md, evidence");
  command.add_option("--keep", options.keep, "evidence folders to keep")
      ->check(CLI::IsMember({"failures", "all", "none"}))
      ->capture_default_str();
  command.add_flag("--list", options.list, "print the cells that would run");
  command.add_flag("--show-keys", options.show_keys, "leave keys readable in reports");
}

Exit list(const std::vector<script::Cell>& cells) {
  for (const script::Cell& cell : cells) std::printf("%s\n", cell.id.c_str());
  return Exit::good;
}

// Evidence of a run without --report goes to a folder of its own.
std::string temporary_folder() {
  std::string path = (std::filesystem::temp_directory_path() / "sipvet-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no folder can be made in " + path);
  return path;
}

// Prints what ends, keeps results.json up to date, and shows what is going on.
class Progress {
 public:
  Progress(const Options& options, const ScenarioSet& set, std::size_t count, std::string folder)
      : options_(options), set_(set), count_(count), folder_(std::move(folder)),
        style_(console_style(options.show_keys)), status_(is_terminal()) {
    status_.show(fmt::format("0/{}", count_));
  }

  void add(const verdict::Result& result) {
    done_.push_back(result);
    failed_ += result.outcome == verdict::Outcome::fail || result.outcome == verdict::Outcome::error;
    status_.clear();
    // On a terminal only what went wrong scrolls by; elsewhere each cell has its line.
    if (!is_terminal() || result.outcome != verdict::Outcome::pass)
      std::printf("%s\n", report::cell_line(result, style_).c_str());
    const auto now = std::chrono::steady_clock::now();
    if (!options_.report.empty() && now - written_ > std::chrono::seconds(1)) {
      (void)write_results(folder_,
                          {done_, set_.catalogue, options_.show_keys}); // the last one counts, and is checked
      written_ = now;
    }
    status_.show(fmt::format("{}/{}, {} failed: {}", done_.size(), count_, failed_, result.id));
    if (!is_terminal()) std::fflush(stdout);
  }

  void finish() { status_.clear(); }

 private:
  const Options& options_;
  const ScenarioSet& set_;
  std::size_t count_;
  std::string folder_;
  report::ConsoleStyle style_;
  StatusLine status_;
  std::vector<verdict::Result> done_;
  std::size_t failed_ = 0;
  std::chrono::steady_clock::time_point written_{};
};

Exit exit_of(const verdict::Summary& summary) {
  if (summary.fail > 0) return Exit::check_failed;
  return summary.error > 0 ? Exit::environment : Exit::good;
}

void print_verdicts(const Options& options, const ScenarioSet& set,
                    const std::vector<verdict::Result>& results) {
  const report::ConsoleStyle style = console_style(options.show_keys);
  std::fputs("\n", stdout);
  for (const verdict::Result& result : results)
    if (result.outcome == verdict::Outcome::fail || result.outcome == verdict::Outcome::error)
      std::printf("%s\n", report::failure_block(result, set.catalogue, style).c_str());
  std::printf("%s\n%s\n", report::verdict_table(results, style).c_str(),
              report::summary_line(verdict::summarize(results), style).c_str());
}

Exit run_into(const Options& options, const ScenarioSet& set, const std::vector<script::Cell>& cells,
              const std::string& folder) {
  runner::RunOptions run;
  run.network = options.network == "sim" ? runner::NetworkKind::sim : runner::NetworkKind::sockets;
  run.seed = options.seed;
  run.jobs = options.jobs;
  run.keep = *runner::find_keep(options.keep);
  run.folder = folder;

  Progress progress(options, set, cells.size(), folder);
  const auto results = runner::run_cells(
      cells, run, [&](const verdict::Result& result) { progress.add(result); }, stop_flag());
  progress.finish();
  if (!results) {
    std::fprintf(stderr, "sipvet: %s\n", to_string(results.error()).c_str());
    return Exit::environment;
  }
  print_verdicts(options, set, *results);
  if (options.report.empty()) return exit_of(verdict::summarize(*results));
  if (const auto written = write_reports(folder, {*results, set.catalogue, options.show_keys}); !written) {
    std::fprintf(stderr, "sipvet: %s\n", to_string(written.error()).c_str());
    return Exit::environment;
  }
  std::printf("report: %s\n", folder.c_str());
  return exit_of(verdict::summarize(*results));
}

Exit run_without_report(const Options& options, const ScenarioSet& set,
                        const std::vector<script::Cell>& cells) {
  const std::string folder = temporary_folder();
  const Exit exit = run_into(options, set, cells, folder);
  std::error_code ignored;
  if (std::filesystem::is_empty(folder + "/evidence", ignored) || ignored)
    std::filesystem::remove_all(folder, ignored);
  else
    std::printf("evidence: %s/evidence\n", folder.c_str());
  return exit;
}

Exit run(Options options) {
  if (!options.shard.empty()) {
    const auto shard = runner::parse_shard(options.shard);
    if (!shard) {
      std::fprintf(stderr, "sipvet: --shard: %s\n", to_string(shard.error()).c_str());
      return Exit::bad_input;
    }
    options.selection.shard = *shard;
  }
  const ScenarioSet set = load(options.where);
  if (complain(set.errors)) return Exit::bad_input;
  const std::vector<script::Cell> cells = runner::select(set.cells, options.selection);
  if (cells.empty()) {
    std::fprintf(stderr, "sipvet: no cell is left to run: %zu were found, and none matches\n",
                 set.cells.size());
    return Exit::bad_input;
  }
  if (options.list) return list(cells);
  catch_stop_signals();
  if (options.report.empty()) return run_without_report(options, set, cells);
  const auto folder = ReportFolder::open(options.report);
  if (!folder) {
    std::fprintf(stderr, "sipvet: --report: %s\n", to_string(folder.error()).c_str());
    return Exit::environment;
  }
  return run_into(options, set, cells, folder->path());
}

} // namespace

void add_run(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("run", "Run scenarios against a gateway and judge what happened");
  const auto options = std::make_shared<Options>();
  add_options(*command, *options);
  command->callback([&work, options] { work = [options] { return run(*options); }; });
}

} // namespace sipvet::cli
