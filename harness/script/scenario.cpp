#include "script/scenario.hpp"

#include "script/scenario_reader.hpp"
#include "script/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace sipvet::script {

namespace {

namespace fs = std::filesystem;

// Deeper trees than anyone sorts scenarios into are links that lead back or a wrong path.
constexpr int max_folder_depth = 16;

void collect_folder(const fs::path& folder, std::vector<fs::path>& files, std::vector<Diagnostic>& errors) {
  std::vector<fs::path> found;
  std::error_code failure;
  fs::recursive_directory_iterator at(folder, failure);
  for (const fs::recursive_directory_iterator end; !failure && at != end; at.increment(failure)) {
    if (at->is_directory() &&
        (at.depth() >= max_folder_depth || (at.depth() == 0 && at->path().filename() == "profiles")))
      at.disable_recursion_pending();
    else if (at->path().extension() == ".yaml" && at->is_regular_file())
      found.push_back(at->path());
  }
  if (failure)
    errors.push_back({{folder.string(), 0, 0}, "cannot be read: " + failure.message()});
  else if (found.empty())
    errors.push_back({{folder.string(), 0, 0}, "expected scenarios (*.yaml) in this folder, found none"});
  std::sort(found.begin(), found.end());
  files.insert(files.end(), found.begin(), found.end());
}

std::vector<fs::path> collect(const std::vector<std::string>& paths, std::vector<Diagnostic>& errors) {
  std::vector<fs::path> files;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored))
      collect_folder(path, files, errors);
    else if (fs::exists(path, ignored))
      files.emplace_back(path);
    else
      errors.push_back({{path, 0, 0}, "no such file or folder"});
  }
  // A file named twice, by itself and by its folder, runs once.
  std::set<std::string> seen;
  std::erase_if(files, [&](const fs::path& file) {
    std::error_code failure;
    const fs::path canonical = fs::weakly_canonical(file, failure);
    return !seen.insert((failure ? file : canonical).string()).second;
  });
  return files;
}

} // namespace

Loaded load_scenarios(const std::vector<std::string>& paths, const std::string& profiles_folder) {
  Loaded all;
  ProfileStore profiles(profiles_folder);
  std::map<std::string, SourceLocation> names;
  for (const fs::path& file : collect(paths, all.errors)) {
    Loaded one = load_scenario_file(file.string(), profiles);
    ++all.files;
    all.errors.insert(all.errors.end(), one.errors.begin(), one.errors.end());
    if (one.cells.empty()) continue;
    const Cell& first = one.cells.front();
    const auto [known, fresh] = names.emplace(first.scenario, first.at);
    if (!fresh) {
      all.errors.push_back({first.at, fmt::format("scenario {} is already at {}", quote(first.scenario),
                                                  to_string(known->second))});
      continue;
    }
    std::move(one.cells.begin(), one.cells.end(), std::back_inserter(all.cells));
  }
  return all;
}

} // namespace sipvet::script
