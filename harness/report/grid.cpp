#include "report/grid.hpp"

#include "report/cell_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace sipvet::report {

namespace {

struct Cell {
  CellId id;
  const verdict::Result* result;
};

bool same_dimensions(const std::vector<Cell>& cells) {
  const auto& first = cells.front().id.variables;
  return std::all_of(cells.begin(), cells.end(), [&](const Cell& cell) {
    return std::equal(first.begin(), first.end(), cell.id.variables.begin(), cell.id.variables.end(),
                      [](const auto& a, const auto& b) { return a.first == b.first; });
  });
}

// Of the dimensions after the second.
std::string caption_of(const CellId& id) {
  std::string caption;
  for (std::size_t i = 2; i < id.variables.size(); ++i)
    caption += fmt::format("{}{}={}", i > 2 ? ", " : "", id.variables[i].first, id.variables[i].second);
  return caption;
}

std::size_t index_of(std::vector<std::string>& values, const std::string& value) {
  const auto found = std::find(values.begin(), values.end(), value);
  if (found != values.end()) return static_cast<std::size_t>(found - values.begin());
  values.push_back(value);
  return values.size() - 1;
}

void place(Grid& grid, const Cell& cell) {
  const std::size_t row = index_of(grid.rows, cell.id.variables[0].second);
  const std::size_t column = index_of(grid.columns, cell.id.variables[1].second);
  grid.cells.resize(grid.rows.size());
  for (auto& line : grid.cells) line.resize(grid.columns.size(), nullptr);
  grid.cells[row][column] = cell.result;
}

std::vector<Grid> grids_of(const std::vector<Cell>& cells) {
  std::vector<Grid> grids;
  if (cells.front().id.variables.size() < 2 || !same_dimensions(cells)) return grids;
  for (const Cell& cell : cells) {
    const std::string caption = caption_of(cell.id);
    auto grid = std::find_if(grids.begin(), grids.end(), [&](const Grid& g) { return g.caption == caption; });
    if (grid == grids.end()) {
      Grid fresh;
      fresh.caption = caption;
      fresh.row_name = cell.id.variables[0].first;
      fresh.column_name = cell.id.variables[1].first;
      grid = grids.insert(grids.end(), std::move(fresh));
    }
    place(*grid, cell);
  }
  return grids;
}

} // namespace

std::vector<ScenarioResults> by_scenario(const std::vector<verdict::Result>& results) {
  std::vector<ScenarioResults> out;
  std::vector<std::vector<Cell>> cells;
  std::map<std::string, std::size_t> index;
  for (const verdict::Result& result : results) {
    Cell cell{split_cell_id(result.id), &result};
    const auto [at, fresh] = index.emplace(cell.id.scenario, out.size());
    if (fresh) {
      out.push_back({cell.id.scenario, result.title, {}, {}});
      cells.emplace_back();
    }
    out[at->second].results.push_back(&result);
    cells[at->second].push_back(std::move(cell));
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i].grids = grids_of(cells[i]);
  return out;
}

} // namespace sipvet::report
