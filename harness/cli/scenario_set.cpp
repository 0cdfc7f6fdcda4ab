#include "cli/scenario_set.hpp"

#include "base/text.hpp"
#include "runner/cell_run.hpp"
#include "script/catalogue.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

namespace sipvet::cli {

namespace {

namespace fs = std::filesystem;

// The nearest folder at or above `path` that has a profiles/ folder in it.
fs::path scenario_root(const std::string& path) {
  std::error_code ignored;
  for (fs::path folder = fs::absolute(path, ignored);; folder = folder.parent_path()) {
    if (fs::is_directory(folder / "profiles", ignored)) return folder;
    if (folder == folder.parent_path()) return "scenarios";
  }
}

// A requirement that the catalogue lacks would be counted as covered and shown nowhere.
void check_covers(ScenarioSet& set) {
  if (set.catalogue.empty()) return;
  std::vector<std::string> known;
  for (const verdict::Requirement& row : set.catalogue) known.push_back(row.id);
  std::set<std::string> said;
  for (const script::Cell& cell : set.cells)
    for (const std::string& id : cell.covers) {
      if (std::find(known.begin(), known.end(), id) != known.end() || !said.insert(cell.scenario + id).second)
        continue;
      const auto close = nearest(id, known);
      set.errors.push_back({cell.at, "'covers' names '" + id + "', which is not in the catalogue" +
                                         (close ? "; did you mean '" + *close + "'?" : "")});
    }
}

} // namespace

ScenarioSet load(const ScenarioPaths& where) {
  const fs::path root = scenario_root(where.paths.empty() ? "scenarios" : where.paths.front());
  script::Loaded loaded = script::load_scenarios(
      where.paths, where.profiles.empty() ? (root / "profiles").string() : where.profiles);
  ScenarioSet out;
  out.cells = std::move(loaded.cells);
  out.errors = std::move(loaded.errors);
  out.files = loaded.files;

  // A setting that is wrong in the file is wrong in each of its cells: said once.
  std::set<std::string> said;
  for (const script::Cell& cell : out.cells)
    for (const verdict::Diagnostic& error : runner::check_cell(cell))
      if (said.insert(to_string(error)).second) out.errors.push_back(error);

  std::error_code ignored;
  const fs::path beside = root.parent_path() / "docs" / "conformance" / "requirements.yaml";
  if (where.catalogue.empty() && !fs::exists(beside, ignored)) return out;
  script::Catalogue catalogue =
      script::load_catalogue(where.catalogue.empty() ? beside.string() : where.catalogue);
  out.catalogue = std::move(catalogue.requirements);
  for (verdict::Diagnostic& error : catalogue.errors) out.errors.push_back(std::move(error));
  check_covers(out);
  return out;
}

bool complain(const std::vector<verdict::Diagnostic>& errors) {
  for (const verdict::Diagnostic& error : errors) std::fprintf(stderr, "%s\n", to_string(error).c_str());
  return !errors.empty();
}

} // namespace sipvet::cli
