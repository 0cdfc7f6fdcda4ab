#include "script/check.hpp"

#include "base/text.hpp"
#include "script/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace sipvet::script {

namespace {

struct Range {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

std::optional<Range> range_of(const KeyInfo& key) {
  const std::size_t dots = key.choices.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  constexpr std::uint64_t most = 1'000'000'000;
  const Result<std::uint64_t> low = parse_decimal(key.choices.substr(0, dots), most, key.name);
  const Result<std::uint64_t> high = parse_decimal(key.choices.substr(dots + 2), most, key.name);
  if (!low || !high) return std::nullopt;
  return Range{static_cast<std::int64_t>(*low), static_cast<std::int64_t>(*high)};
}

bool is_of_type(ValueType type, const Value& value) {
  switch (type) {
  case ValueType::text:
    return value.is_scalar();
  case ValueType::integer:
    return as_integer(value).has_value();
  case ValueType::boolean:
    return as_boolean(value).has_value();
  case ValueType::duration:
    return as_duration(value).has_value();
  case ValueType::texts:
    return as_texts(value).has_value();
  case ValueType::list:
    return value.is_list();
  case ValueType::map:
    return value.is_map();
  case ValueType::media_outcome:
    return value.is_scalar() || value.is_map();
  case ValueType::any:
    return true;
  }
  return false;
}

} // namespace

bool is_status(std::string_view text) {
  if (text.size() != 3 || text[0] < '1' || text[0] > '6') return false;
  if (text.substr(1) == "xx") return true;
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::vector<std::string> names_of(std::span<const KeyInfo> keys) {
  std::vector<std::string> names;
  for (const KeyInfo& key : keys) names.emplace_back(key.name);
  return names;
}

std::vector<std::string> choices_of(const KeyInfo& key) {
  if (key.choices.empty() || range_of(key)) return {};
  std::vector<std::string> choices;
  for (const std::string_view choice : split(key.choices, ',')) choices.emplace_back(trim(choice));
  return choices;
}

const KeyInfo* find_key(std::span<const KeyInfo> keys, std::string_view name) {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const KeyInfo& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

bool Checker::left_open(const Value& value) const {
  return lenient_ && value.is_scalar() && value.text.find("${") != std::string::npos;
}

bool Checker::needs(const KeyInfo& key, std::string_view wanted, const Value& value) {
  add(value.at, fmt::format("{} needs {}, found {}", quote(key.name), wanted, describe(value)));
  return false;
}

bool Checker::is_map(std::string_view name, const Value& value) {
  if (value.is_map()) return true;
  return needs({name, ValueType::map, "", ""}, describe(ValueType::map), value);
}

bool Checker::fits(const KeyInfo& key, const Value& value) {
  if (left_open(value)) return true;
  if (const std::optional<Range> range = range_of(key)) return fits_range(key, value);
  if (!is_of_type(key.type, value)) return needs(key, describe(key.type), value);
  if (key.type == ValueType::media_outcome) return fits_outcome(key, value);
  if (key.table != nullptr) return fits_table(key, value);
  return key.choices.empty() || fits_choices(key, value);
}

bool Checker::fits_range(const KeyInfo& key, const Value& value) {
  const Range range = range_of(key).value_or(Range{});
  const std::optional<std::int64_t> number = as_integer(value);
  if (number && *number >= range.low && *number <= range.high) return true;
  return needs(key, fmt::format("an integer from {} to {}", range.low, range.high), value);
}

bool Checker::fits_choices(const KeyInfo& key, const Value& value) {
  const std::vector<std::string> choices = choices_of(key);
  if (std::find(choices.begin(), choices.end(), value.text) != choices.end()) return true;
  const std::string wanted = choices.size() == 1 ? quote(choices[0]) : "one of " + joined(choices);
  add(value.at, fmt::format("{} needs {}, found {}{}", quote(key.name), wanted, describe(value),
                            did_you_mean(value.text, choices)));
  return false;
}

bool Checker::fits_table(const KeyInfo& key, const Value& value) {
  entries(value, key.table->keys);
  if (value.entries.empty()) return needs(key, "at least one thing to expect", value);
  return fits_status(value);
}

bool Checker::fits_status(const Value& map) {
  const Value* const status = map.find("status");
  if (!status || left_open(*status) || (status->is_scalar() && is_status(status->text))) return true;
  return needs({"status", ValueType::any, "", ""}, "a status such as 488 or a class such as 4xx", *status);
}

bool Checker::fits_outcome(const KeyInfo& key, const Value& value) {
  if (value.is_map()) {
    entries(value, outcome_keys());
    if (value.entries.empty()) return needs(key, "at least one thing to expect", value);
    return fits_status(value);
  }
  static const std::vector<std::string> words{"srtp", "rtp", "answered"};
  if (is_status(value.text) || std::find(words.begin(), words.end(), value.text) != words.end()) return true;
  add(value.at, fmt::format("{} needs {}, found {}{}", quote(key.name), describe(key.type), describe(value),
                            did_you_mean(value.text, words)));
  return false;
}

void Checker::unknown_key(const MapEntry& entry, std::span<const KeyInfo> known) {
  const std::vector<std::string> names = names_of(known);
  std::string hint = did_you_mean(entry.key, names);
  if (hint.empty() && !names.empty()) hint = "; known here: " + joined(names);
  add(entry.at, fmt::format("unknown key {}{}", quote(entry.key), hint));
}

void Checker::entries(const Value& map, std::span<const KeyInfo> known) {
  for (const MapEntry& entry : map.entries) {
    if (const KeyInfo* const key = find_key(known, entry.key))
      fits(*key, entry.value);
    else
      unknown_key(entry, known);
  }
}

} // namespace sipvet::script
