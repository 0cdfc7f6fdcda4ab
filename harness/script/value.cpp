#include "script/value.hpp"

#include "script/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>

namespace sipvet::script {

namespace {

struct Unit {
  std::string_view name;
  double nanoseconds;
};
constexpr Unit units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 60e9}, {"h", 3600e9}};

// Digits with at most one point: what from_chars would also take, such as "1e9" or "inf", is no number here.
bool is_decimal(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  return std::count(text.begin(), text.end(), '.') <= 1 &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::optional<double> decimal(std::string_view text) {
  if (!is_decimal(text)) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool plain(const Value& value) { return value.is_scalar() && !value.quoted; }

} // namespace

const Value* Value::find(std::string_view key) const {
  for (const MapEntry& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

std::optional<std::int64_t> as_integer(const Value& value) {
  if (!plain(value)) return std::nullopt;
  std::int64_t number = 0;
  const char* const last = value.text.data() + value.text.size();
  const auto [end, error] = std::from_chars(value.text.data(), last, number);
  if (error != std::errc() || end != last) return std::nullopt;
  return number;
}

std::optional<double> as_number(const Value& value) {
  if (!plain(value)) return std::nullopt;
  const bool negative = value.text.starts_with('-');
  const std::optional<double> magnitude = decimal(std::string_view(value.text).substr(negative ? 1 : 0));
  if (!magnitude) return std::nullopt;
  return negative ? -*magnitude : *magnitude;
}

std::optional<bool> as_boolean(const Value& value) {
  if (!plain(value)) return std::nullopt;
  if (value.text == "true" || value.text == "yes" || value.text == "on") return true;
  if (value.text == "false" || value.text == "no" || value.text == "off") return false;
  return std::nullopt;
}

std::optional<Duration> as_duration(const Value& value) {
  if (!value.is_scalar()) return std::nullopt;
  const std::size_t unit_at = value.text.find_first_not_of("0123456789.");
  if (unit_at == std::string::npos) return std::nullopt;
  const std::string_view text = value.text;
  const auto* unit = std::find_if(std::begin(units), std::end(units),
                                  [&](const Unit& u) { return u.name == text.substr(unit_at); });
  const std::optional<double> number = decimal(text.substr(0, unit_at));
  if (unit == std::end(units) || !number) return std::nullopt;
  const double nanoseconds = *number * unit->nanoseconds;
  // Half of what a Duration can say (146 years), so that adding one to a point in time never overflows.
  if (nanoseconds > static_cast<double>(std::numeric_limits<std::int64_t>::max() / 2)) return std::nullopt;
  return Duration(std::llround(nanoseconds));
}

std::optional<std::vector<std::string>> as_texts(const Value& value) {
  if (value.is_scalar()) return std::vector{value.text};
  if (!value.is_list()) return std::nullopt;
  std::vector<std::string> texts;
  for (const Value& item : value.items) {
    if (!item.is_scalar()) return std::nullopt;
    texts.push_back(item.text);
  }
  return texts;
}

std::string file_beside(const Value& value, const std::string& path) {
  const std::filesystem::path named(path);
  if (path.empty() || named.is_absolute()) return path;
  return (std::filesystem::path(value.at.file).parent_path() / named).lexically_normal().string();
}

std::string describe(const Value& value) {
  switch (value.kind) {
  case Value::Kind::null:
    return "nothing";
  case Value::Kind::scalar:
    return "the text " + quote(value.text);
  case Value::Kind::list:
    return "a list";
  case Value::Kind::map:
    return "a map";
  }
  return "nothing";
}

Value merge(const Value& base, const Value& over) {
  if (!base.is_map() || !over.is_map()) return over;
  Value merged = base;
  merged.at = over.at;
  for (const MapEntry& entry : over.entries) {
    const auto existing = std::find_if(merged.entries.begin(), merged.entries.end(),
                                       [&](const MapEntry& e) { return e.key == entry.key; });
    if (existing == merged.entries.end()) {
      merged.entries.push_back(entry);
      continue;
    }
    existing->at = entry.at;
    existing->value = merge(existing->value, entry.value);
  }
  return merged;
}

} // namespace sipvet::script
