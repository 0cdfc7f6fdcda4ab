#include "report/markdown.hpp"

#include "report/clean.hpp"
#include "report/coverage.hpp"
#include "report/grid.hpp"
#include "report/secrets.hpp"
#include "report/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::report {

namespace {

using verdict::Outcome;
using verdict::Result;

// Text in a table cell or a line: no character of it is markup.
std::string escaped(std::string_view text) {
  constexpr std::string_view markup = "\\`*_{}[]<>#|~";
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      out += ' ';
      continue;
    }
    if (markup.find(c) != markup.npos) out += '\\';
    out += c;
  }
  return out;
}

// A code span with more backticks around it than it has in a row (CommonMark §6.1).
std::string code(std::string_view text) {
  std::string inner;
  for (const char c : text) inner += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : inner) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  const std::string fence(longest + 1, '`');
  const std::string_view gap = longest > 0 ? " " : "";
  return fmt::format("{}{}{}{}{}", fence, gap, inner, gap, fence);
}

std::string emphasised(Outcome outcome) {
  if (outcome == Outcome::fail || outcome == Outcome::error) return fmt::format("**{}**", to_string(outcome));
  return std::string(to_string(outcome));
}

std::string header(const ReportInput& input, const std::vector<Result>& results) {
  const verdict::Summary summary = verdict::summarize(results);
  const std::string target = input.show_keys ? input.target : redact(input.target);
  return fmt::format(
      "# sipvet: {}\n\n| pass | fail | error | unsupported | skipped |\n|---|---|---|---|---|\n"
      "| {} | {} | {} | {} | {} |\n\nsipvet {}\n",
      escaped(target), summary.pass, summary.fail, summary.error, summary.unsupported, summary.skipped,
      escaped(input.version));
}

std::string finding_lines(const verdict::Finding& finding,
                          const std::vector<verdict::Requirement>& catalogue) {
  std::string out = fmt::format("- {}: {}\n", to_string(finding.severity), escaped(headline(finding)));
  if (!finding.requirement.empty()) {
    const verdict::Requirement* const row = find_requirement(catalogue, finding.requirement);
    out += fmt::format("  - requirement: {}{}\n", code(finding.requirement),
                       row ? fmt::format(" {} ({})", escaped(row->text), escaped(source_of(*row))) : "");
  }
  for (const auto& [label, text] : details_of(finding))
    out += fmt::format("  - {}: {}\n", label, escaped(text));
  for (const std::string& line : finding.context) out += fmt::format("  - {}\n", code(line));
  return out;
}

std::string problems(const std::vector<Result>& results, const std::vector<verdict::Requirement>& catalogue) {
  std::string out;
  for (const Result& result : results) {
    if (result.outcome == Outcome::pass) continue;
    out += fmt::format("\n### {}: {}\n\n", to_string(result.outcome), escaped(result.id));
    if (result.findings.empty()) out += "- nothing was recorded about the reason\n";
    for (const verdict::Finding& finding : result.findings) out += finding_lines(finding, catalogue);
    if (!result.evidence.empty()) out += fmt::format("- evidence: {}\n", code(result.evidence));
  }
  return out.empty() ? out : "\n## What did not pass\n" + out;
}

std::string grid_table(const Grid& grid) {
  std::string out = "\n";
  if (!grid.caption.empty()) out += escaped(grid.caption) + "\n\n";
  out += fmt::format("| {} \\\\ {} |", escaped(grid.row_name), escaped(grid.column_name));
  for (const std::string& column : grid.columns) out += fmt::format(" {} |", escaped(column));
  out += "\n|---|";
  for (std::size_t i = 0; i < grid.columns.size(); ++i) out += "---|";
  out += "\n";
  for (std::size_t row = 0; row < grid.rows.size(); ++row) {
    out += fmt::format("| {} |", escaped(grid.rows[row]));
    for (const Result* const cell : grid.cells[row])
      out += fmt::format(" {} |", cell ? emphasised(cell->outcome) : "–");
    out += "\n";
  }
  return out;
}

std::string scenarios(const std::vector<Result>& results) {
  std::string out = "\n## Scenarios\n";
  for (const ScenarioResults& scenario : by_scenario(results)) {
    out += fmt::format("\n### {}\n", escaped(scenario.name));
    if (!scenario.title.empty()) out += fmt::format("\n{}\n", escaped(scenario.title));
    for (const Grid& grid : scenario.grids) out += grid_table(grid);
    if (!scenario.grids.empty()) continue;
    out += "\n| cell | verdict |\n|---|---|\n";
    for (const Result* const result : scenario.results)
      out += fmt::format("| {} | {} |\n", escaped(result->id), emphasised(result->outcome));
  }
  return out;
}

std::string requirements(const std::vector<CoverageRow>& rows) {
  std::string out;
  for (const CoverageRow& row : rows) {
    if (!row.outcome) continue;
    out +=
        fmt::format("| {} | {} | {} | {} |\n", escaped(row.id), emphasised(*row.outcome), row.results.size(),
                    row.requirement ? escaped(row.requirement->text) : "*in no catalogue*");
  }
  if (out.empty()) return out;
  return "\n## Requirements\n\n| requirement | verdict | cells | text |\n|---|---|---|---|\n" + out;
}

std::string not_exercised(const std::vector<CoverageRow>& rows) {
  std::string out;
  for (const CoverageRow& row : rows)
    if (!row.outcome) out += fmt::format("| {} | {} |\n", escaped(row.id), escaped(row.requirement->text));
  if (out.empty()) return out;
  return "\n## Not exercised\n\n| requirement | text |\n|---|---|\n" + out;
}

} // namespace

std::string markdown(const ReportInput& input) {
  const std::vector<Result> shown = shown_results(input);
  const std::vector<CoverageRow> rows = coverage(shown, input.catalogue);
  return header(input, shown) + problems(shown, input.catalogue) + scenarios(shown) + requirements(rows) +
         not_exercised(rows);
}

} // namespace sipvet::report
