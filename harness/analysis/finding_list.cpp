#include "analysis/finding_list.hpp"

#include "analysis/finding_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace sipvet::analysis {
namespace {

bool about_keys(const verdict::Finding& finding) {
  return finding.id == "unused-key" || finding.id == "keylog-line-unreadable";
}

std::size_t place_in_table(const verdict::Finding& finding) {
  const auto kinds = finding_kinds();
  return static_cast<std::size_t>(std::ranges::find(kinds, finding.id, &FindingKind::id) - kinds.begin());
}

} // namespace

void FindingList::add(std::string_view id, verdict::Severity severity, std::optional<std::size_t> frame,
                      std::string text, std::string fix) {
  auto count = counts_.find(id);
  if (count == counts_.end()) count = counts_.emplace(id, 0).first;
  if (++count->second > max_of_one_id) return;
  verdict::Finding finding;
  finding.id = std::string(id);
  finding.severity = severity;
  finding.witness = verdict::Witness::wire;
  finding.text = std::move(text);
  finding.frame = frame;
  finding.fix = std::move(fix);
  findings_.push_back(std::move(finding));
}

void FindingList::note(std::string_view id, std::optional<std::size_t> frame, std::string text) {
  const auto* kind = find_finding_kind(id);
  add(id, kind != nullptr ? kind->severity : verdict::Severity::warning, frame, std::move(text),
      std::string(kind != nullptr ? kind->fix : ""));
}

void FindingList::absorb(FindingList& other) {
  for (verdict::Finding& finding : std::exchange(other.findings_, {}))
    if (std::ranges::count(findings_, finding.id, &verdict::Finding::id) <
        static_cast<std::ptrdiff_t>(max_of_one_id))
      findings_.push_back(std::move(finding));
  for (const auto& [id, count] : std::exchange(other.counts_, {})) counts_[id] += count;
}

std::vector<verdict::Finding> FindingList::take() {
  std::ranges::stable_sort(findings_, {}, [](const verdict::Finding& finding) {
    return std::tuple(!about_keys(finding), finding.frame.value_or(0), place_in_table(finding),
                      std::string_view(finding.text));
  });
  for (const auto& [id, count] : counts_) {
    if (count <= max_of_one_id) continue;
    verdict::Finding more;
    more.id = id;
    more.witness = verdict::Witness::wire;
    more.severity = std::ranges::find(findings_, id, &verdict::Finding::id)->severity;
    more.text = fmt::format("{} more findings of this kind were left out", count - max_of_one_id);
    findings_.push_back(std::move(more));
  }
  counts_.clear();
  return std::exchange(findings_, {});
}

} // namespace sipvet::analysis
