#include "runner/selection.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sipvet::runner {

namespace {

template <typename Predicate>
bool any_or_unset(const std::vector<std::string>& wanted, Predicate matches) {
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), matches);
}

bool is_selected(const script::Cell& cell, const Selection& selection) {
  const auto by_filter = [&](const std::string& glob) {
    return matches_glob(glob, cell.id) || matches_glob(glob, cell.scenario);
  };
  const auto by_tag = [&](const std::string& tag) {
    return std::find(cell.tags.begin(), cell.tags.end(), tag) != cell.tags.end();
  };
  const auto by_requirement = [&](const std::string& glob) {
    return std::any_of(cell.covers.begin(), cell.covers.end(),
                       [&](const std::string& id) { return matches_glob(glob, id); });
  };
  return any_or_unset(selection.filters, by_filter) && any_or_unset(selection.tags, by_tag) &&
         any_or_unset(selection.requirements, by_requirement);
}

} // namespace

Result<Shard> parse_shard(std::string_view text) {
  const auto sides = split_once(text, '/');
  if (!sides) return fail("a shard is written I/N, such as 2/5");
  constexpr std::uint64_t most_shards = 100'000;
  SIPVET_TRY(const std::uint64_t index, parse_decimal(sides->first, most_shards, "shard index"));
  SIPVET_TRY(const std::uint64_t count, parse_decimal(sides->second, most_shards, "shard count"));
  if (index < 1 || index > count) return fail("a shard I/N needs I from 1 to N");
  return Shard{static_cast<std::size_t>(index), static_cast<std::size_t>(count)};
}

bool matches_glob(std::string_view pattern, std::string_view text) {
  // After a mismatch only the last star can take one character more, so this is linear in practice and never
  // exponential.
  std::size_t p = 0, t = 0, star = std::string_view::npos, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<script::Cell> select(const std::vector<script::Cell>& cells, const Selection& selection) {
  std::vector<script::Cell> taken;
  std::size_t number = 0;
  for (const script::Cell& cell : cells) {
    if (!is_selected(cell, selection)) continue;
    if (number++ % selection.shard.count == selection.shard.index - 1) taken.push_back(cell);
  }
  return taken;
}

} // namespace sipvet::runner
