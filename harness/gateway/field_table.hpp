// Readers of properties that are maps: a table of the keys of a row, and rows by name. Only the
// *properties.cpp files include it.
#pragma once

#include "gateway/properties.hpp"
#include "gateway/property_value.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::gateway {

template <typename Row>
struct Field {
  std::string_view name; // as the device's page labels it
  Complaint (*set)(const script::Value& value, Row& row);
};

template <typename Row>
void read_fields(const std::string& where, const script::Value& value, std::span<const Field<Row>> fields,
                 Row& row, std::vector<script::Diagnostic>& errors) {
  if (!value.is_map()) {
    errors.push_back({value.at, where + ": expected a map, found " + script::describe(value)});
    return;
  }
  std::vector<std::string> names;
  for (const Field<Row>& field : fields) names.emplace_back(field.name);
  for (const script::MapEntry& entry : value.entries) {
    const auto field = std::ranges::find(fields, entry.key, &Field<Row>::name);
    if (field == fields.end()) {
      errors.push_back({entry.at, where + ": " + unknown_name("key", entry.key, names)});
    } else if (const Complaint complaint = field->set(entry.value, row)) {
      errors.push_back({entry.value.at, where + ": " + entry.key + ": " + *complaint});
    }
  }
}

// A map of names to rows.
template <typename Row>
void read_rows(const std::string& property, const script::Value& value, std::span<const Field<Row>> fields,
               std::map<std::string, Row>& rows, std::vector<script::Diagnostic>& errors) {
  if (!value.is_map()) {
    errors.push_back({value.at, property + ": expected a map of names, found " + script::describe(value)});
    return;
  }
  for (const script::MapEntry& entry : value.entries)
    read_fields<Row>(property + " " + entry.key, entry.value, fields, rows[entry.key], errors);
}

// "Enable" and "Disable", as such pages say it, beside true and false.
inline Complaint read_enable(const script::Value& value, bool& field) {
  if (value.is_scalar() && value.text == "Enable") {
    field = true;
    return std::nullopt;
  }
  if (value.is_scalar() && value.text == "Disable") {
    field = false;
    return std::nullopt;
  }
  return read_boolean(value, field);
}

template <auto Member>
Complaint take_port(const script::Value& value, auto& row) {
  std::int64_t port = 0;
  if (auto complaint = read_integer(value, 0, 65535, port)) return complaint;
  row.*Member = static_cast<std::uint16_t>(port);
  return std::nullopt;
}
template <auto Member>
Complaint take_text(const script::Value& value, auto& row) {
  return read_text(value, row.*Member);
}
template <auto Member>
Complaint take_enable(const script::Value& value, auto& row) {
  return read_enable(value, row.*Member);
}

} // namespace sipvet::gateway
