// sipvet selftest: runs the scenarios against gateways that misbehave on purpose, and says which noticed.
#include "cli/commands.hpp"

#include "cli/scenario_set.hpp"
#include "cli/stop_signal.hpp"
#include "runner/mutants.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace sipvet::cli {

namespace {

struct Options {
  ScenarioPaths where;
  unsigned jobs = 1;
  std::uint64_t seed = 1;
};

void print(const runner::MutantVerdict& verdict) {
  std::printf("%-10s %s\n", verdict.problems.empty() ? "caught" : "NOT CAUGHT", verdict.mutant.name.c_str());
  for (const verdict::Result& result : verdict.caught_by) {
    const verdict::Finding& why = result.findings.front();
    std::printf("             %s: %s\n", result.id.c_str(), why.text.c_str());
  }
  for (const std::string& problem : verdict.problems) std::printf("           ! %s\n", problem.c_str());
  std::fflush(stdout);
}

Exit selftest(const Options& options) {
  const ScenarioSet set = load(options.where);
  if (complain(set.errors)) return Exit::bad_input;
  catch_stop_signals();
  std::string folder = (std::filesystem::temp_directory_path() / "sipvet-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder can be made in " + folder);
  runner::RunOptions run;
  run.jobs = options.jobs;
  run.seed = options.seed;
  run.folder = folder;
  const auto verdicts = runner::run_mutants(set.cells, run, print, stop_flag());
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);

  std::size_t missed = 0;
  for (const runner::MutantVerdict& verdict : verdicts) missed += !verdict.problems.empty();
  const std::vector<std::string> idle = runner::unguarded(set.cells, verdicts);
  for (const std::string& scenario : idle)
    std::printf("IDLE       %s: no mutant is caught by it\n", scenario.c_str());
  std::printf("%zu mutants, %zu caught; %zu scenarios catch none\n", verdicts.size(),
              verdicts.size() - missed, idle.size());
  return missed == 0 && idle.empty() && !stop_flag() ? Exit::good : Exit::check_failed;
}

} // namespace

void add_selftest(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("selftest", "Show which scenario catches which misbehaving gateway");
  const auto options = std::make_shared<Options>();
  command->add_option("PATH", options->where.paths, "scenario files or folders")->capture_default_str();
  command->add_option("--jobs", options->jobs, "cells to run at a time")
      ->check(CLI::Range(1u, 256u))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "of keys, tags and the simulated network")
      ->capture_default_str();
  command->callback([&work, options] { work = [options] { return selftest(*options); }; });
}

} // namespace sipvet::cli
