#include "report/coverage.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace sipvet::report {

namespace {

// One failing cell spoils its requirement; a pass beside a skipped one still left something unseen.
constexpr verdict::Outcome worst_first[] = {verdict::Outcome::fail, verdict::Outcome::error,
                                            verdict::Outcome::unsupported, verdict::Outcome::skipped,
                                            verdict::Outcome::pass};

std::optional<verdict::Outcome> worst(const std::vector<const verdict::Result*>& results) {
  for (const verdict::Outcome outcome : worst_first)
    if (std::any_of(results.begin(), results.end(),
                    [&](const auto* result) { return result->outcome == outcome; }))
      return outcome;
  return std::nullopt;
}

} // namespace

std::vector<CoverageRow> coverage(const std::vector<verdict::Result>& results,
                                  const std::vector<verdict::Requirement>& catalogue) {
  std::map<std::string, std::vector<const verdict::Result*>> by_id;
  std::vector<std::string> unknown; // in the order of the run
  std::set<std::string> known;
  for (const verdict::Requirement& requirement : catalogue) known.insert(requirement.id);
  for (const verdict::Result& result : results) {
    for (const std::string& id : std::set<std::string>(result.covers.begin(), result.covers.end())) {
      std::vector<const verdict::Result*>& of_id = by_id[id];
      if (of_id.empty() && !known.contains(id)) unknown.push_back(id);
      of_id.push_back(&result);
    }
  }
  std::vector<CoverageRow> rows;
  for (const verdict::Requirement& requirement : catalogue)
    rows.push_back({&requirement, requirement.id, by_id[requirement.id], worst(by_id[requirement.id])});
  for (const std::string& id : unknown) rows.push_back({nullptr, id, by_id[id], worst(by_id[id])});
  return rows;
}

} // namespace sipvet::report
