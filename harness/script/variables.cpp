#include "script/variables.hpp"

#include "script/words.hpp"

#include <fmt/format.h>

namespace sipvet::script {

bool is_one_variable(std::string_view text) {
  return text.starts_with("${") && text.find('}') == text.size() - 1;
}

void Substituter::append_variable(std::string_view name, const SourceLocation& at, std::string& out) {
  const std::string key(name);
  if (const auto known = values_.find(key); known != values_.end()) {
    out += known->second;
    return;
  }
  out += "${" + key + "}";
  if (open_.contains(key)) return;
  std::vector<std::string> names(open_.begin(), open_.end());
  for (const auto& [known, value] : values_) names.push_back(known);
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) hint = "; write '$${' for a literal '${'";
  errors_.add(at, fmt::format("undefined variable {}{}", quote(name), hint));
}

std::string Substituter::text(std::string_view text, const SourceLocation& at) {
  std::string out;
  std::size_t from = 0;
  for (std::size_t found = text.find("${"); found != text.npos; found = text.find("${", from)) {
    if (found > from && text[found - 1] == '$') { // "$${"
      out += text.substr(from, found - 1 - from);
      out += "${";
      from = found + 2;
      continue;
    }
    const std::size_t end = text.find('}', found);
    if (end == text.npos) {
      errors_.add(at, "'${' without '}'; write '$${' for a literal '${'");
      break;
    }
    out += text.substr(from, found - from);
    append_variable(text.substr(found + 2, end - found - 2), at, out);
    from = end + 1;
    if (octets_written_ + out.size() > max_substituted_octets) break;
  }
  out += text.substr(from);
  octets_written_ += out.size();
  if (octets_written_ > max_substituted_octets) {
    errors_.add(at,
                fmt::format("expected at most {} octets after variables are put in", max_substituted_octets));
    out.clear();
  }
  return out;
}

Value Substituter::scalar(const Value& value) {
  if (value.text.find("${") == std::string::npos) return value;
  Value out = value;
  out.text = text(value.text, value.at);
  if (is_one_variable(value.text)) out.quoted = false;
  return out;
}

Value Substituter::map(const Value& value) {
  Value out;
  out.kind = value.kind;
  out.at = value.at;
  std::set<std::string> keys;
  for (const MapEntry& entry : value.entries) {
    std::string key = entry.key;
    if (key.find("${") != std::string::npos) key = text(key, entry.at);
    if (!keys.insert(key).second) errors_.add(entry.at, fmt::format("duplicate key {}", quote(key)));
    out.entries.push_back({std::move(key), entry.at, (*this)(entry.value)});
  }
  return out;
}

Value Substituter::operator()(const Value& value) {
  switch (value.kind) {
  case Value::Kind::null:
    return value;
  case Value::Kind::scalar:
    return scalar(value);
  case Value::Kind::map:
    return map(value);
  case Value::Kind::list:
    break;
  }
  Value out;
  out.kind = value.kind;
  out.at = value.at;
  for (const Value& item : value.items) out.items.push_back((*this)(item));
  return out;
}

} // namespace sipvet::script
