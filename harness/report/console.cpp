#include "report/console.hpp"

#include "report/clean.hpp"
#include "report/grid.hpp"
#include "report/secrets.hpp"
#include "report/text_width.hpp"
#include "report/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::report {

namespace {

using verdict::Outcome;
using verdict::Result;

constexpr std::size_t verdict_columns = 11; // "unsupported"
constexpr std::size_t label_columns = 13;   // "requirement  "

std::string_view colour_of(Outcome outcome) {
  switch (outcome) {
  case Outcome::pass:
    return "\x1b[32m"; // green
  case Outcome::fail:
    return "\x1b[31m"; // red
  case Outcome::error:
    return "\x1b[35m"; // magenta
  case Outcome::unsupported:
    return "\x1b[33m"; // yellow
  case Outcome::skipped:
    return "\x1b[36m"; // cyan
  }
  return "";
}

std::string coloured(Outcome outcome, const std::string& text, const ConsoleStyle& style) {
  if (!style.colour) return text;
  return fmt::format("{}{}\x1b[0m", colour_of(outcome), text);
}

std::string shown(const std::string& text, const ConsoleStyle& style) {
  return printable(style.show_keys ? text : redact(text));
}

// "  expected     488 without media", continued below its own column.
std::string labelled(std::string_view label, const std::string& text, const ConsoleStyle& style) {
  const std::size_t indent = label_columns + 2;
  const std::size_t room = style.width > indent + 20 ? style.width - indent : 0;
  std::string out;
  for (const std::string& line : wrap(text, room)) {
    out += fmt::format("  {}{}\n", pad(out.empty() ? label : "", label_columns), line);
  }
  return out;
}

std::string requirement_text(const std::string& id, const std::vector<verdict::Requirement>& catalogue) {
  const verdict::Requirement* const row = find_requirement(catalogue, id);
  if (!row) return id;
  return fmt::format("{}: {} ({})", id, row->text, source_of(*row));
}

std::string finding_block(const verdict::Finding& finding, const std::vector<verdict::Requirement>& catalogue,
                          const ConsoleStyle& style) {
  std::string out = labelled(to_string(finding.severity), shown(headline(finding), style), style);
  if (!finding.requirement.empty())
    out += labelled("requirement", shown(requirement_text(finding.requirement, catalogue), style), style);
  for (const auto& [label, text] : details_of(finding)) out += labelled(label, shown(text, style), style);
  const std::vector<std::string> context = style.show_keys ? finding.context : redact_lines(finding.context);
  if (!context.empty()) out += "  messages around it\n";
  for (const std::string& line : context)
    out += "    " + shorten(printable(line), style.width > 24 ? style.width - 4 : 0) + "\n";
  return out;
}

std::string grid_lines(const Grid& grid, const ConsoleStyle& style) {
  std::size_t first_width = columns_of(grid.row_name) + 3 + columns_of(grid.column_name);
  for (const std::string& row : grid.rows) first_width = std::max(first_width, columns_of(row));
  std::string out;
  if (!grid.caption.empty()) out += fmt::format("  {}\n", grid.caption);
  std::string line = "  " + pad(fmt::format("{} \\ {}", grid.row_name, grid.column_name), first_width);
  std::vector<std::size_t> widths;
  for (const std::string& column : grid.columns) {
    widths.push_back(std::max(verdict_columns, columns_of(column)));
    line += "  " + pad(column, widths.back());
  }
  out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  for (std::size_t row = 0; row < grid.rows.size(); ++row) {
    line = "  " + pad(grid.rows[row], first_width);
    for (std::size_t column = 0; column < grid.columns.size(); ++column) {
      const Result* const cell = grid.cells[row][column];
      const std::string word(cell ? to_string(cell->outcome) : "–");
      const bool last = column + 1 == grid.columns.size();
      line += "  " + (cell ? coloured(cell->outcome, word, style) : word) +
              (last ? "" : std::string(widths[column] - columns_of(word), ' '));
    }
    out += line + "\n";
  }
  return out;
}

bool grids_fit(const std::vector<Grid>& grids, const ConsoleStyle& style) {
  return !grids.empty() &&
         (style.width == 0 || std::all_of(grids.begin(), grids.end(), [&](const Grid& grid) {
            std::size_t width = 2 + columns_of(grid.row_name) + 3 + columns_of(grid.column_name);
            for (const std::string& column : grid.columns)
              width += 2 + std::max(verdict_columns, columns_of(column));
            return width <= style.width;
          }));
}

std::string verdict_line(const Result& result, const ConsoleStyle& style) {
  const std::string word(to_string(result.outcome));
  const std::size_t room = style.width > verdict_columns + 24 ? style.width - verdict_columns - 4 : 0;
  return fmt::format("  {}{}  {}\n", coloured(result.outcome, word, style),
                     std::string(verdict_columns - word.size(), ' '), shorten(printable(result.id), room));
}

} // namespace

std::string cell_line(const Result& result, const ConsoleStyle& style) {
  const std::string word(to_string(result.outcome));
  const std::string time = pad_left(duration_text(result.duration), 8);
  std::string rest = printable(result.id);
  if (result.outcome != Outcome::pass && !reason_of(result).empty())
    rest += ": " + shown(reason_of(result), style);
  const std::size_t before = verdict_columns + 2 + columns_of(time) + 2;
  const std::size_t room = style.width > before + 20 ? style.width - before : 0;
  return fmt::format("{}{}  {}  {}", coloured(result.outcome, word, style),
                     std::string(verdict_columns - word.size(), ' '), time, shorten(rest, room));
}

std::string failure_block(const Result& result, const std::vector<verdict::Requirement>& catalogue,
                          const ConsoleStyle& style) {
  if (result.outcome == Outcome::pass && result.findings.empty()) return {};
  std::string out =
      fmt::format("{}  {}\n", coloured(result.outcome, std::string(to_string(result.outcome)), style),
                  printable(result.id));
  if (!result.title.empty()) out += fmt::format("  {}\n", shown(result.title, style));
  if (result.findings.empty()) out += "  nothing was recorded about the reason\n";
  for (const verdict::Finding& finding : result.findings) {
    if (&finding != &result.findings.front()) out += "\n";
    out += finding_block(finding, catalogue, style);
  }
  for (const auto& [name, text] : result.observations)
    out += labelled("media", shown(name + ": " + text, style), style);
  if (!result.evidence.empty()) out += labelled("evidence", printable(result.evidence), style);
  return out;
}

std::string verdict_table(const std::vector<Result>& results, const ConsoleStyle& style) {
  std::string out;
  for (const ScenarioResults& scenario : by_scenario(results)) {
    if (!out.empty()) out += "\n";
    out += printable(scenario.name) + "\n";
    if (!scenario.title.empty())
      out += "  " + shorten(shown(scenario.title, style), style.width > 22 ? style.width - 2 : 0) + "\n";
    if (grids_fit(scenario.grids, style)) {
      for (const Grid& grid : scenario.grids) out += grid_lines(grid, style);
    } else {
      for (const Result* const result : scenario.results) out += verdict_line(*result, style);
    }
  }
  return out;
}

std::string summary_line(const verdict::Summary& summary, const ConsoleStyle& style) {
  const std::pair<Outcome, std::size_t> counts[] = {{Outcome::pass, summary.pass},
                                                    {Outcome::fail, summary.fail},
                                                    {Outcome::error, summary.error},
                                                    {Outcome::unsupported, summary.unsupported},
                                                    {Outcome::skipped, summary.skipped}};
  std::string out;
  for (const auto& [outcome, count] : counts) {
    if (count == 0) continue;
    if (!out.empty()) out += ", ";
    out += coloured(outcome, fmt::format("{} {}", count, to_string(outcome)), style);
  }
  return out.empty() ? "nothing was run" : out;
}

} // namespace sipvet::report
