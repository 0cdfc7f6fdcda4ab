// Which cells of the loaded scenarios a run takes.
#pragma once

#include "base/result.hpp"
#include "script/scenario.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sipvet::runner {

struct Shard {
  std::size_t index = 1; // from 1
  std::size_t count = 1;
};
// "2/5"
Result<Shard> parse_shard(std::string_view text);

struct Selection {
  std::vector<std::string>
      filters; // globs over cell ids, `*` and `?`; a filter without brackets also matches the scenario
  std::vector<std::string> tags;         // at least one of them
  std::vector<std::string> requirements; // covers at least one of them (globs)
  Shard shard;
};

// `*` any characters, `?` one; every other character stands for itself, brackets too.
bool matches_glob(std::string_view pattern, std::string_view text);

// In their order; shards take every count-th cell, so that a long matrix spreads evenly.
std::vector<script::Cell> select(const std::vector<script::Cell>& cells, const Selection& selection);

} // namespace sipvet::runner
