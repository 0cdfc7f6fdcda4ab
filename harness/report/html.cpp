#include "report/html.hpp"

#include "report/clean.hpp"
#include "report/coverage.hpp"
#include "report/grid.hpp"
#include "report/html_page.hpp"
#include "report/secrets.hpp"
#include "report/words.hpp"

#include <fmt/format.h>

namespace sipvet::report {

namespace {

using verdict::Outcome;
using verdict::Result;

// A relative link: whatever stands in front of a colon would be taken for a scheme, so every character that
// is not plain is written as %XX.
std::string link_target(std::string_view path) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/";
  std::string out = "./";
  for (const char c : path) {
    if (plain.find(c) != plain.npos)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string verdict_span(Outcome outcome) {
  return fmt::format(R"(<span class="verdict {0}">{0}</span>)", to_string(outcome));
}

std::string overview(const ReportInput& input, const std::vector<Result>& results) {
  const verdict::Summary summary = verdict::summarize(results);
  const std::pair<std::string_view, std::size_t> counts[] = {
      {"all", results.size()},      {"fail", summary.fail},
      {"error", summary.error},     {"unsupported", summary.unsupported},
      {"skipped", summary.skipped}, {"pass", summary.pass}};
  const std::string target = input.show_keys ? input.target : redact(input.target);
  std::string out = fmt::format("<h1>sipvet: {}</h1>\n<p>sipvet {}</p>\n<nav aria-label=\"Show\">\n",
                                html_escaped(target), html_escaped(input.version));
  for (const auto& [name, count] : counts)
    out += fmt::format("<button type=\"button\" data-show=\"{0}\" aria-pressed=\"{1}\">"
                       "<span class=\"{0}\">{0}</span> {2}</button>\n",
                       name, name == "all", count);
  return out + "</nav>\n";
}

std::string requirement_text(const std::string& id, const std::vector<verdict::Requirement>& catalogue) {
  const verdict::Requirement* const row = find_requirement(catalogue, id);
  if (!row) return fmt::format("<code>{}</code>", html_escaped(id));
  return fmt::format("<code>{}</code> {} <small>({}; {})</small>", html_escaped(id), html_escaped(row->text),
                     html_escaped(row->level), html_escaped(source_of(*row)));
}

std::string finding_html(const verdict::Finding& finding,
                         const std::vector<verdict::Requirement>& catalogue) {
  std::string out = fmt::format("<div class=\"finding\">\n<strong>{}: {}</strong>\n<dl>\n",
                                to_string(finding.severity), html_escaped(headline(finding)));
  const auto add = [&](std::string_view label, const std::string& html_text) {
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", label, html_text);
  };
  if (!finding.requirement.empty()) add("requirement", requirement_text(finding.requirement, catalogue));
  for (const auto& [label, text] : details_of(finding)) add(label, html_escaped(text));
  out += "</dl>\n";
  if (!finding.context.empty()) {
    out += "<div>Messages around it:</div>\n<pre>";
    for (const std::string& line : finding.context) out += html_escaped(line) + "\n";
    out += "</pre>\n";
  }
  return out + "</div>\n";
}

std::string result_html(const Result& result, const std::vector<verdict::Requirement>& catalogue) {
  const bool opened = result.outcome == Outcome::fail || result.outcome == Outcome::error;
  std::string out =
      fmt::format("<details data-outcome=\"{}\"{}>\n<summary>{} {} <small>{}</small></summary>\n",
                  to_string(result.outcome), opened ? " open" : "", verdict_span(result.outcome),
                  html_escaped(result.id), duration_text(result.duration));
  if (opened && result.findings.empty()) out += "<p>Nothing was recorded about the reason.</p>\n";
  for (const verdict::Finding& finding : result.findings) out += finding_html(finding, catalogue);
  out += "<dl>\n";
  for (const std::string& id : result.covers)
    out += fmt::format("<dt>covers</dt><dd>{}</dd>\n", requirement_text(id, catalogue));
  for (const auto& [name, text] : result.observations)
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", html_escaped(name), html_escaped(text));
  if (!result.evidence.empty())
    out += fmt::format("<dt>evidence</dt><dd><a href=\"{}\">{}</a></dd>\n",
                       html_escaped(link_target(result.evidence)), html_escaped(result.evidence));
  return out + "</dl>\n</details>\n";
}

std::string grid_html(const Grid& grid) {
  std::string out = "<div class=\"scroll\"><table>\n";
  if (!grid.caption.empty()) out += fmt::format("<caption>{}</caption>\n", html_escaped(grid.caption));
  out += fmt::format("<tr><th>{} \\ {}</th>", html_escaped(grid.row_name), html_escaped(grid.column_name));
  for (const std::string& column : grid.columns) out += fmt::format("<th>{}</th>", html_escaped(column));
  out += "</tr>\n";
  for (std::size_t row = 0; row < grid.rows.size(); ++row) {
    out += fmt::format("<tr><th>{}</th>", html_escaped(grid.rows[row]));
    for (const Result* const cell : grid.cells[row])
      out += fmt::format("<td>{}</td>", cell ? verdict_span(cell->outcome) : "–");
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

std::string scenarios_html(const std::vector<Result>& results,
                           const std::vector<verdict::Requirement>& catalogue) {
  std::string out = "<h2>Scenarios</h2>\n";
  for (const ScenarioResults& scenario : by_scenario(results)) {
    out += fmt::format("<section data-group>\n<h3>{}</h3>\n", html_escaped(scenario.name));
    if (!scenario.title.empty()) out += fmt::format("<p>{}</p>\n", html_escaped(scenario.title));
    for (const Grid& grid : scenario.grids) out += grid_html(grid);
    for (const Result* const result : scenario.results) out += result_html(*result, catalogue);
    out += "</section>\n";
  }
  return out;
}

std::string coverage_row(const CoverageRow& row) {
  std::string text = "<span class=\"none\">in no catalogue</span>";
  if (row.requirement)
    text = fmt::format("{} <small>({}; {})</small>", html_escaped(row.requirement->text),
                       html_escaped(row.requirement->level), html_escaped(source_of(*row.requirement)));
  return fmt::format("<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                     html_escaped(row.id),
                     row.outcome ? verdict_span(*row.outcome) : "<span class=\"none\">not exercised</span>",
                     row.results.size(), text);
}

std::string requirements_html(const std::vector<CoverageRow>& rows) {
  std::string out = "<h2>Requirements</h2>\n<div class=\"scroll\"><table>\n"
                    "<tr><th>requirement</th><th>verdict</th><th>cells</th><th>text</th></tr>\n";
  for (const CoverageRow& row : rows) out += coverage_row(row);
  return out + "</table></div>\n";
}

} // namespace

std::string html(const ReportInput& input) {
  const std::vector<Result> shown = shown_results(input);
  const std::string target = input.show_keys ? input.target : redact(input.target);
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += fmt::format("<title>sipvet: {}</title>\n<style>{}</style>\n</head>\n<body>\n", html_escaped(target),
                     html_style);
  out += overview(input, shown);
  out += scenarios_html(shown, input.catalogue);
  out += requirements_html(coverage(shown, input.catalogue));
  out += fmt::format("<script>{}</script>\n</body>\n</html>\n", html_script);
  return out;
}

} // namespace sipvet::report
