#include "ua/media_deviations.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <variant>

namespace sipvet::ua {
namespace {

using Field = std::variant<bool MediaDeviations::*, MediaDeviations::Number MediaDeviations::*,
                           MediaDeviations::Packets MediaDeviations::*>;

struct Row {
  std::string_view name;
  Field field;
};
#define SIPVET_DEVIATION(type, field, text) Row{#field, &MediaDeviations::field},
const Row rows[] = {
#include "ua/media_deviations.def"
};
#undef SIPVET_DEVIATION

template <typename T>
constexpr std::string_view value_of() {
  if (std::is_same_v<T, bool>) return "true or false";
  return std::is_same_v<T, MediaDeviations::Number> ? "a number" : "packets";
}

#define SIPVET_DEVIATION(type, field, text)                                                                  \
  MediaDeviationInfo{#field, value_of<decltype(MediaDeviations::field)>(), text},
constexpr MediaDeviationInfo infos[] = {
#include "ua/media_deviations.def"
};
#undef SIPVET_DEVIATION

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<void> set(bool& field, std::string_view name, const std::vector<std::string>& values) {
  if (values.size() != 1 || (values[0] != "true" && values[0] != "false"))
    return fail("expected true or false for " + std::string(name));
  field = values[0] == "true";
  return {};
}

Result<void> set(MediaDeviations::Number& field, std::string_view name,
                 const std::vector<std::string>& values) {
  const auto value = values.size() == 1 ? number(values[0]) : std::nullopt;
  const bool fits = value && (name != "first_sequence" || *value <= 0xffff);
  if (!fits)
    return fail("expected a number from 0 to " +
                std::to_string(name == "first_sequence" ? 0xffffu : 0xffff'ffffu) + " for " +
                std::string(name));
  field = value;
  return {};
}

Result<void> set(PacketSet& field, std::string_view name, const std::vector<std::string>& values) {
  auto read = PacketSet::parse(values);
  if (!read) return fail(std::string(name) + ": " + read.error().what);
  field = std::move(*read);
  return {};
}

} // namespace

Result<PacketSet> PacketSet::parse(const std::vector<std::string>& ranges) {
  PacketSet out;
  for (const std::string& text : ranges) {
    const auto sides = split_once(text, '-');
    const auto first = number(sides ? sides->first : std::string_view(text));
    auto last = sides ? number(sides->second) : first;
    if (sides && sides->second.empty()) last = std::numeric_limits<std::uint32_t>::max();
    if (!first || !last || *first == 0 || *last < *first)
      return fail("expected numbers of packets from 1 such as 3, 5-9 or 20-, got '" + text + "'");
    out.ranges_.push_back({*first, *last});
  }
  if (out.ranges_.empty()) return fail("expected a number of a packet at least");
  return out;
}

bool PacketSet::contains(std::uint64_t number) const {
  return std::ranges::any_of(
      ranges_, [&](const Range& range) { return range.first <= number && number <= range.last; });
}

std::span<const MediaDeviationInfo> media_deviation_infos() { return infos; }

Result<void> set_media_deviation(MediaDeviations& deviations, std::string_view name,
                                 const std::vector<std::string>& values) {
  for (const Row& row : rows)
    if (row.name == name)
      return std::visit([&](auto member) { return set(deviations.*member, name, values); }, row.field);
  std::vector<std::string> known;
  for (const MediaDeviationInfo& info : infos) known.emplace_back(info.name);
  std::string text = "unknown media deviation '" + std::string(name) + "'";
  if (const auto close = nearest(name, known)) text += ": did you mean '" + *close + "'?";
  return fail(text);
}

} // namespace sipvet::ua
