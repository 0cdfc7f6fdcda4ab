// The oracle tables of a scenario: variables whose value depends on the cell of the matrix.
#pragma once

#include "script/diagnostics.hpp"
#include "script/matrix.hpp"
#include "script/value.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace sipvet::script {

// Each entry of the `oracle` map is a tree whose levels are matrix dimensions. A level belongs to the first
// dimension, in matrix order, that no outer level used and that has all its keys as values.
class Oracle {
 public:
  Oracle() = default;
  // Finds every gap and every key that is no value, whether or not a step asks for it.
  Oracle(const Value& oracle, const std::vector<Dimension>& dimensions, Diagnostics& errors);

  // The scalars of one cell, as written; names whose tree has errors are left out.
  std::map<std::string, Value> values(const Combination& combination) const;
  std::set<std::string> names() const;

 private:
  struct Node {
    std::string dimension; // empty: a leaf
    Value leaf;
    std::map<std::string, Node> branches;
  };
  struct Check {
    const std::string& name;
    const std::vector<Dimension>& dimensions;
    Diagnostics& errors;
    Combination path;
  };
  static const Dimension* dimension_of(const Value& level, Check& check);
  static Node read(const Value& value, Check& check);
  static Node read_level(const Value& value, const Dimension& dimension, Check& check);
  static const Value* find(const Node& node, const Combination& combination);

  std::map<std::string, Node> trees_;
};

} // namespace sipvet::script
