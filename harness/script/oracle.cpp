#include "script/oracle.hpp"

#include "script/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::script {

namespace {

// "for mode=always, offer=rtp-only", with a blank in front; nothing at the top of the tree.
std::string for_path(const Combination& path) {
  std::string out;
  for (const auto& [name, value] : path)
    out += fmt::format("{} {}={}", out.empty() ? " for" : ",", name, value);
  return out;
}

bool has_value(const Dimension& dimension, const std::string& value) {
  return std::find(dimension.values.begin(), dimension.values.end(), value) != dimension.values.end();
}

bool used(const Combination& path, const std::string& dimension) {
  return std::any_of(path.begin(), path.end(), [&](const auto& step) { return step.first == dimension; });
}

std::size_t keys_in(const Value& level, const Dimension& dimension) {
  return static_cast<std::size_t>(
      std::count_if(level.entries.begin(), level.entries.end(),
                    [&](const MapEntry& entry) { return has_value(dimension, entry.key); }));
}

} // namespace

// The dimension with the most of the level's keys: all of them unless there is a mistake.
const Dimension* Oracle::dimension_of(const Value& level, Check& check) {
  const Dimension* best = nullptr;
  std::size_t most = 0;
  std::vector<std::string> candidates;
  for (const Dimension& dimension : check.dimensions) {
    if (used(check.path, dimension.name)) continue;
    candidates.insert(candidates.end(), dimension.values.begin(), dimension.values.end());
    const std::size_t fitting = keys_in(level, dimension);
    if (fitting <= most) continue;
    best = &dimension;
    most = fitting;
  }
  for (const MapEntry& entry : level.entries) {
    if (best && has_value(*best, entry.key)) continue;
    const std::string of =
        best ? fmt::format("matrix dimension {}", quote(best->name)) : "any matrix dimension left";
    check.errors.add(entry.at,
                     fmt::format("oracle {}: {} is no value of {}{}", quote(check.name), quote(entry.key), of,
                                 did_you_mean(entry.key, best ? best->values : candidates)));
  }
  if (level.entries.empty())
    check.errors.add(level.at,
                     fmt::format("oracle {} has no value{}", quote(check.name), for_path(check.path)));
  return best;
}

Oracle::Node Oracle::read_level(const Value& value, const Dimension& dimension, Check& check) {
  Node node;
  node.dimension = dimension.name;
  for (const std::string& wanted : dimension.values) {
    check.path.emplace_back(dimension.name, wanted);
    if (const Value* const branch = value.find(wanted))
      node.branches.emplace(wanted, read(*branch, check));
    else
      check.errors.add(value.at,
                       fmt::format("oracle {} has no value{}", quote(check.name), for_path(check.path)));
    check.path.pop_back();
  }
  return node;
}

Oracle::Node Oracle::read(const Value& value, Check& check) {
  if (value.is_map()) {
    const Dimension* const dimension = dimension_of(value, check);
    return dimension ? read_level(value, *dimension, check) : Node{};
  }
  if (!value.is_scalar())
    check.errors.add(value.at, fmt::format("oracle {} needs a plain value{}, found {}", quote(check.name),
                                           for_path(check.path), describe(value)));
  return {{}, value, {}};
}

Oracle::Oracle(const Value& oracle, const std::vector<Dimension>& dimensions, Diagnostics& errors) {
  if (!oracle.is_map()) {
    errors.add(oracle.at, "'oracle' needs a map, found " + describe(oracle));
    return;
  }
  for (const MapEntry& entry : oracle.entries) {
    if (std::any_of(dimensions.begin(), dimensions.end(),
                    [&](const Dimension& d) { return d.name == entry.key; })) {
      errors.add(entry.at, fmt::format("oracle {} has the name of a matrix dimension", quote(entry.key)));
      continue;
    }
    Check check{entry.key, dimensions, errors, {}};
    trees_.emplace(entry.key, read(entry.value, check));
  }
}

const Value* Oracle::find(const Node& node, const Combination& combination) {
  if (node.dimension.empty()) return node.leaf.is_scalar() ? &node.leaf : nullptr;
  for (const auto& [name, value] : combination) {
    if (name != node.dimension) continue;
    const auto branch = node.branches.find(value);
    return branch == node.branches.end() ? nullptr : find(branch->second, combination);
  }
  return nullptr;
}

std::map<std::string, Value> Oracle::values(const Combination& combination) const {
  std::map<std::string, Value> out;
  for (const auto& [name, tree] : trees_)
    if (const Value* const value = find(tree, combination)) out.emplace(name, *value);
  return out;
}

std::set<std::string> Oracle::names() const {
  std::set<std::string> out;
  for (const auto& [name, tree] : trees_) out.insert(name);
  return out;
}

} // namespace sipvet::script
