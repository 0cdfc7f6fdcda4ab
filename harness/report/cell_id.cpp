#include "report/cell_id.hpp"

#include "base/text.hpp"

namespace sipvet::report {

CellId split_cell_id(std::string_view id) {
  const CellId whole{std::string(id), {}};
  const std::size_t bracket = id.find('[');
  if (bracket == id.npos || bracket == 0 || !id.ends_with(']')) return whole;
  CellId cell{std::string(id.substr(0, bracket)), {}};
  for (const std::string_view part : split(id.substr(bracket + 1, id.size() - bracket - 2), ',')) {
    const auto sides = split_once(part, '=');
    if (!sides || sides->first.empty()) return whole;
    cell.variables.emplace_back(sides->first, sides->second);
  }
  return cell;
}

} // namespace sipvet::report
