// A YAML document as plain values that know where they stand, so that whoever reads them can point at line
// and column.
#pragma once

#include "base/clock.hpp"
#include "verdict/verdict.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::script {

using verdict::Diagnostic;
using verdict::SourceLocation;

// Limits that no hand-written scenario or configuration comes near; a document beyond them is refused, so
// that an alias bomb or a generated file cannot take the memory.
inline constexpr std::size_t max_document_octets = 1024 * 1024;
inline constexpr std::size_t max_values = 100'000; // aliases counted each time they are used
inline constexpr std::size_t max_depth = 32;

struct MapEntry;

struct Value {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  std::string text;              // scalar
  bool quoted = false;           // scalar written in quotes: never a number, boolean or null
  std::vector<Value> items;      // list
  std::vector<MapEntry> entries; // map, in order
  SourceLocation at;

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }
  const Value* find(std::string_view key) const; // nullptr when absent or not a map
};

struct MapEntry {
  std::string key;
  SourceLocation at; // of the key
  Value value;
};

// Conversions of a scalar; empty when the text is not of that type. Durations: a decimal number with ns, us,
// ms, s, min or h ("200ms", "1.5s").
std::optional<std::int64_t> as_integer(const Value& value);
std::optional<double> as_number(const Value& value);
std::optional<bool> as_boolean(const Value& value); // true/false, yes/no, on/off
std::optional<Duration> as_duration(const Value& value);
// The text of a scalar, or the texts of a list of scalars.
std::optional<std::vector<std::string>> as_texts(const Value& value);
// The file that `path` names where it stands: relative paths are relative to the folder of the document.
std::string file_beside(const Value& value, const std::string& path);
// For messages: "a map", "a list", "the text 'x'", "nothing".
std::string describe(const Value& value);

// Entries of `over` replace those of `base` with the same key; maps are merged entry by entry, all else is
// replaced.
Value merge(const Value& base, const Value& over);

struct Document {
  Value root;
  std::vector<Diagnostic> errors; // root is null when there are any
};
// Duplicate keys, syntax errors and broken limits are errors at their line and column.
Document load_yaml_file(const std::string& path);
Document load_yaml_text(std::string_view text, std::string file_name);

} // namespace sipvet::script
