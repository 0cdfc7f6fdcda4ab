// Small operations on ASCII text that every text protocol needs; nothing here depends on the locale.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet {

bool iequals(std::string_view a, std::string_view b);
std::string to_lower(std::string_view text);
// Without blanks (space, tab, CR, LF) at either end.
std::string_view trim(std::string_view text);
// All pieces between separators, empty ones included: split("a,,b", ',') has three.
std::vector<std::string_view> split(std::string_view text, char separator);
// The two sides of the first separator, or nothing when there is none.
std::optional<std::pair<std::string_view, std::string_view>> split_once(std::string_view text,
                                                                        char separator);

// Decimal digits only: no sign, no blanks, nothing after. Fails when empty or above `max`.
Result<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t max, std::string_view field);

// The candidate that is at most a third of its length away in edits from `word`, the nearest first: for "did
// you mean". An edit is a character more, less or different, or two neighbours swapped.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

} // namespace sipvet
