// Checks values against the tables of keys and says what is wrong in the words of the language.
#pragma once

#include "script/actions.hpp"
#include "script/diagnostics.hpp"
#include "script/value.hpp"

#include <span>
#include <string>
#include <string_view>

namespace sipvet::script {

class Checker {
 public:
  // `lenient`: a text in which a variable was left open, because the matrix or the oracle has errors, fits
  // every type.
  explicit Checker(Diagnostics& errors, bool lenient = false) : errors_(errors), lenient_(lenient) {}

  void add(const SourceLocation& at, std::string message) { errors_.add(at, std::move(message)); }
  bool fits(const KeyInfo& key, const Value& value);
  bool is_map(std::string_view name, const Value& value);
  // Every entry of the map must be in one of the tables and fit it.
  void entries(const Value& map, std::span<const KeyInfo> known);
  void unknown_key(const MapEntry& entry, std::span<const KeyInfo> known);
  bool left_open(const Value& value) const;

 private:
  bool fits_choices(const KeyInfo& key, const Value& value);
  bool fits_range(const KeyInfo& key, const Value& value);
  bool fits_outcome(const KeyInfo& key, const Value& value);
  bool fits_table(const KeyInfo& key, const Value& value);
  bool fits_status(const Value& map);
  bool needs(const KeyInfo& key, std::string_view wanted, const Value& value);

  Diagnostics& errors_;
  bool lenient_;
};

// A status code 100 to 699, or a class "4xx".
bool is_status(std::string_view text);
std::vector<std::string> names_of(std::span<const KeyInfo> keys);
std::vector<std::string> choices_of(const KeyInfo& key); // none for a range
const KeyInfo* find_key(std::span<const KeyInfo> keys, std::string_view name);

} // namespace sipvet::script
