// The matrix of a scenario: its dimensions and their combinations in order.
#pragma once

#include "script/diagnostics.hpp"
#include "script/value.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace sipvet::script {

// More cells than anyone waits for; a matrix beyond it is refused before it is spelled out.
inline constexpr std::size_t max_cells = 10'000;

struct Dimension {
  std::string name;
  std::vector<std::string> values;
};

using Combination = std::vector<std::pair<std::string, std::string>>; // dimension and value, in matrix order

// The dimensions that are right; what is wrong goes to `errors`.
std::vector<Dimension> read_matrix(const Value& matrix, Diagnostics& errors);
// The last dimension changes fastest. Without dimensions: one empty combination.
std::vector<Combination> combinations(const std::vector<Dimension>& dimensions);
// "[mode=always,offer=rtp-only]", or nothing for an empty combination.
std::string to_string(const Combination& combination);

} // namespace sipvet::script
