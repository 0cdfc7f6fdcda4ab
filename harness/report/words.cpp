#include "report/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::report {
namespace {

std::string_view witness_text(verdict::Witness witness) {
  switch (witness) {
  case verdict::Witness::peers:
    return "the peers";
  case verdict::Witness::wire:
    return "the capture";
  case verdict::Witness::harness:
    return "the harness";
  }
  return "the harness";
}

} // namespace

std::string duration_text(std::chrono::nanoseconds duration) {
  const double ms = static_cast<double>(duration.count()) / 1e6;
  if (ms >= 9999.5) return fmt::format("{:.1f} s", ms / 1000);
  if (ms >= 9.95) return fmt::format("{:.0f} ms", ms);
  return fmt::format("{:.1f} ms", ms);
}

std::string headline(const verdict::Finding& finding) {
  return finding.text.empty() ? finding.id : finding.text;
}

std::string reason_of(const verdict::Result& result) {
  const auto worst = std::max_element(
      result.findings.begin(), result.findings.end(),
      [](const verdict::Finding& a, const verdict::Finding& b) { return a.severity < b.severity; });
  return worst == result.findings.end() ? std::string() : headline(*worst);
}

const verdict::Requirement* find_requirement(const std::vector<verdict::Requirement>& catalogue,
                                             std::string_view id) {
  const auto found = std::find_if(catalogue.begin(), catalogue.end(),
                                  [&](const verdict::Requirement& r) { return r.id == id; });
  return found == catalogue.end() ? nullptr : &*found;
}

std::string source_of(const verdict::Requirement& requirement) {
  if (requirement.clause.empty()) return requirement.source;
  return requirement.source + ", " + requirement.clause;
}

std::vector<LabelledText> details_of(const verdict::Finding& finding) {
  const auto frame = finding.frame ? fmt::format(", frame {}", *finding.frame) : "";
  std::vector<LabelledText> all = {
      {"expected", finding.expected},
      {"actual", finding.actual},
      {"seen by", fmt::format("{}{}", witness_text(finding.witness), frame)},
      {"scenario", finding.where.file.empty() ? std::string() : to_string(finding.where)},
      {"what to do", finding.fix},
  };
  std::erase_if(all, [](const LabelledText& each) { return each.text.empty(); });
  return all;
}

} // namespace sipvet::report
