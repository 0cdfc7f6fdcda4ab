#include "gateway/property_value.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sipvet::gateway {

namespace {
std::string expected(std::string_view what, const script::Value& value) {
  return "expected " + std::string(what) + ", found " + script::describe(value);
}
} // namespace

Complaint read_text(const script::Value& value, std::string& field) {
  if (!value.is_scalar()) return expected("a text", value);
  field = value.text;
  return std::nullopt;
}

Complaint read_boolean(const script::Value& value, bool& field) {
  const std::optional<bool> read = script::as_boolean(value);
  if (!read) return expected("true or false", value);
  field = *read;
  return std::nullopt;
}

Complaint read_integer(const script::Value& value, std::int64_t lowest, std::int64_t highest,
                       std::int64_t& field) {
  const std::optional<std::int64_t> read = script::as_integer(value);
  if (!read || *read < lowest || *read > highest) {
    return expected("a number from " + std::to_string(lowest) + " to " + std::to_string(highest), value);
  }
  field = *read;
  return std::nullopt;
}

Complaint read_duration(const script::Value& value, Duration& field) {
  const std::optional<Duration> read = script::as_duration(value);
  if (!read || *read < Duration{}) return expected("a duration such as 20ms or 1.5s", value);
  field = *read;
  return std::nullopt;
}

Complaint read_list(const script::Value& value, std::vector<std::string>& field) {
  const auto texts = script::as_texts(value);
  if (!texts) return expected("a list of texts", value);
  field.clear();
  for (const std::string& text : *texts) {
    for (const std::string_view piece : split(text, ',')) {
      if (trim(piece).empty()) return "expected a text between the commas of '" + text + "'";
      field.emplace_back(trim(piece));
    }
  }
  if (field.empty()) return "expected at least one element, found none";
  return std::nullopt;
}

Complaint check_choice(const std::string& text, const std::vector<std::string>& choices) {
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return std::nullopt;
  std::string all;
  for (const std::string& choice : choices) all += (all.empty() ? "" : ", ") + choice;
  std::string complaint = "expected one of " + all + ", found '" + text + "'";
  if (const auto near = nearest(text, choices)) complaint += ": did you mean '" + *near + "'?";
  return complaint;
}

std::string unknown_name(std::string_view kind, const std::string& name,
                         const std::vector<std::string>& known) {
  std::string text = "unknown " + std::string(kind) + " '" + name + "'";
  if (const auto near = nearest(name, known)) text += ": did you mean '" + *near + "'?";
  return text;
}

} // namespace sipvet::gateway
