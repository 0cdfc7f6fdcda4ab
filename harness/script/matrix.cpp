#include "script/matrix.hpp"

#include "script/words.hpp"

#include <fmt/format.h>

#include <set>

namespace sipvet::script {

namespace {

// Names and values stand in the cell's id, between these characters.
constexpr std::string_view id_separators = ",[]=";
// An id is printed on one line and becomes the name of a folder.
constexpr std::size_t longest_value_octets = 100;

bool fits_in_id(std::string_view text) {
  if (text.empty() || text.size() > longest_value_octets) return false;
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || id_separators.find(c) != id_separators.npos) return false;
  return true;
}

void read_value(const std::string& name, const Value& value, std::set<std::string>& seen,
                std::vector<std::string>& values, Diagnostics& errors) {
  if (!value.is_scalar()) {
    errors.add(value.at,
               fmt::format("matrix dimension {} needs plain values, found {}", quote(name), describe(value)));
  } else if (!fits_in_id(value.text)) {
    errors.add(value.at, fmt::format("a matrix value has 1 to {} characters and none of '{}', found {}",
                                     longest_value_octets, id_separators, quote(value.text)));
  } else if (!seen.insert(value.text).second) {
    errors.add(value.at,
               fmt::format("matrix dimension {} has the value {} twice", quote(name), quote(value.text)));
  } else {
    values.push_back(value.text);
  }
}

std::vector<std::string> read_values(const MapEntry& entry, Diagnostics& errors) {
  std::vector<std::string> values;
  if (!entry.value.is_list()) {
    errors.add(entry.value.at, fmt::format("matrix dimension {} needs a list of values, found {}",
                                           quote(entry.key), describe(entry.value)));
    return values;
  }
  if (entry.value.items.empty())
    errors.add(entry.value.at, fmt::format("matrix dimension {} has no values", quote(entry.key)));
  std::set<std::string> seen;
  for (const Value& item : entry.value.items) read_value(entry.key, item, seen, values, errors);
  return values;
}

} // namespace

std::vector<Dimension> read_matrix(const Value& matrix, Diagnostics& errors) {
  std::vector<Dimension> dimensions;
  if (!matrix.is_map()) {
    errors.add(matrix.at, "'matrix' needs a map, found " + describe(matrix));
    return dimensions;
  }
  if (matrix.entries.empty()) errors.add(matrix.at, "'matrix' has no dimensions");
  std::size_t cells = 1;
  for (const MapEntry& entry : matrix.entries) {
    if (!fits_in_id(entry.key) || entry.key.find_first_of("${} ") != std::string::npos) {
      errors.add(entry.at, fmt::format("{} is no name for a matrix dimension", quote(entry.key)));
      continue;
    }
    std::vector<std::string> values = read_values(entry, errors);
    if (values.empty()) continue;
    cells *= values.size();
    if (cells > max_cells) {
      errors.add(entry.at, fmt::format("expected at most {} cells, this dimension makes more", max_cells));
      return dimensions;
    }
    dimensions.push_back({entry.key, std::move(values)});
  }
  return dimensions;
}

std::vector<Combination> combinations(const std::vector<Dimension>& dimensions) {
  std::vector<Combination> out{{}};
  for (const Dimension& dimension : dimensions) {
    std::vector<Combination> longer;
    for (const Combination& start : out) {
      for (const std::string& value : dimension.values) {
        longer.push_back(start);
        longer.back().emplace_back(dimension.name, value);
      }
    }
    out = std::move(longer);
  }
  return out;
}

std::string to_string(const Combination& combination) {
  if (combination.empty()) return {};
  std::string out = "[";
  for (const auto& [name, value] : combination)
    out += fmt::format("{}{}={}", out.size() > 1 ? "," : "", name, value);
  return out + "]";
}

} // namespace sipvet::script
