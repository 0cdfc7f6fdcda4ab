// sipvet report: merges the results of shards and writes the reports again.
#include "cli/commands.hpp"

#include "cli/report_folder.hpp"
#include "cli/terminal.hpp"
#include "report/console.hpp"
#include "report/results_json.hpp"
#include "script/catalogue.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>

namespace sipvet::cli {

namespace {

struct Options {
  std::vector<std::string> inputs;
  std::string folder;
  std::string catalogue = "docs/conformance/requirements.yaml";
  bool show_keys = false;
};

Result<std::vector<verdict::Result>> read_all(const std::vector<std::string>& inputs) {
  std::vector<verdict::Result> out;
  std::set<std::string> seen;
  for (const std::string& path : inputs) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return fail(path + ": cannot be read");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    auto stored = report::read_results(text);
    if (!stored) return fail(path + ": " + to_string(stored.error()));
    for (verdict::Result& result : stored->results) {
      if (!seen.insert(result.id).second)
        return fail(path + ": " + result.id + " was in an earlier file already");
      out.push_back(std::move(result));
    }
  }
  return out;
}

Exit merge(const Options& options) {
  const auto results = read_all(options.inputs);
  if (!results) {
    std::fprintf(stderr, "sipvet: %s\n", to_string(results.error()).c_str());
    return Exit::bad_input;
  }
  const script::Catalogue catalogue = script::load_catalogue(options.catalogue);
  for (const verdict::Diagnostic& error : catalogue.errors)
    std::fprintf(stderr, "%s\n", to_string(error).c_str());
  if (!catalogue.errors.empty()) return Exit::bad_input;

  const auto folder = ReportFolder::open(options.folder);
  const auto written =
      folder ? write_reports(folder->path(), {*results, catalogue.requirements, options.show_keys})
             : Result<void>(folder.error());
  if (!written) {
    std::fprintf(stderr, "sipvet: %s\n", to_string(written.error()).c_str());
    return Exit::environment;
  }
  const verdict::Summary summary = verdict::summarize(*results);
  std::printf("%s\nreport: %s\n", report::summary_line(summary, console_style(options.show_keys)).c_str(),
              options.folder.c_str());
  if (summary.fail > 0) return Exit::check_failed;
  return summary.error > 0 ? Exit::environment : Exit::good;
}

} // namespace

void add_report(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("report", "Merge the results of shards and write the reports again");
  const auto options = std::make_shared<Options>();
  command->add_option("RESULTS", options->inputs, "results.json files")->required();
  command->add_option("--report", options->folder, "folder to write to")->required();
  command->add_option("--catalogue", options->catalogue, "requirement catalogue")->capture_default_str();
  command->add_flag("--show-keys", options->show_keys, "leave keys readable in reports");
  command->callback([&work, options] { work = [options] { return merge(*options); }; });
}

} // namespace sipvet::cli
