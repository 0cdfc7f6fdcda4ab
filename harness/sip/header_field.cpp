#include "sip/header_field.hpp"

#include "base/text.hpp"

namespace sipvet::sip {

namespace {

// Looked up for every message of a capture many times: most names differ in their lengths already.
bool has_long_name(std::string_view name, std::string_view wanted) {
  if (name.size() == 1) name = long_name(name);
  return name.size() == wanted.size() && iequals(name, wanted);
}

// The elements between the commas that stand outside of quoted strings and angle brackets (RFC 3261 §7.3.1).
void split_list(std::string_view value, std::vector<std::string>& out) {
  const auto keep = [&out](std::string_view element) {
    element = trim(element);
    if (!element.empty()) out.emplace_back(element);
  };
  bool quoted = false;
  bool bracketed = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (bracketed) {
      if (c == '>') bracketed = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '<') {
      bracketed = true;
    } else if (c == ',') {
      keep(value.substr(start, i - start));
      start = i + 1;
    }
  }
  keep(value.substr(start));
}

} // namespace

bool same_name(std::string_view a, std::string_view b) { return iequals(long_name(a), long_name(b)); }

std::optional<std::string_view> first_value(HeaderFields fields, std::string_view name) {
  const std::string_view wanted = long_name(name);
  for (const HeaderField& field : fields)
    if (has_long_name(field.name, wanted)) return field.value;
  return std::nullopt;
}

std::vector<std::string_view> all_values(HeaderFields fields, std::string_view name) {
  const std::string_view wanted = long_name(name);
  std::vector<std::string_view> out;
  for (const HeaderField& field : fields)
    if (has_long_name(field.name, wanted)) out.emplace_back(field.value);
  return out;
}

std::vector<std::string> all_elements(HeaderFields fields, std::string_view name) {
  std::vector<std::string> out;
  for (const std::string_view value : all_values(fields, name)) split_list(value, out);
  return out;
}

} // namespace sipvet::sip
