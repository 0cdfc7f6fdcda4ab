// Puts the values of variables where a scenario writes `${name}`.
#pragma once

#include "script/diagnostics.hpp"
#include "script/value.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace sipvet::script {

// Octets that substitution may write for one file, all cells together: short texts that repeat long variables
// grow faster than the document they stand in.
inline constexpr std::size_t max_substituted_octets = 16 * 1024 * 1024;

class Substituter {
 public:
  // Names in `open` are known but have no value because of an error told elsewhere: they stay as they are
  // written.
  Substituter(const std::map<std::string, std::string>& values, const std::set<std::string>& open,
              Diagnostics& errors, std::size_t& octets_written)
      : values_(values), open_(open), errors_(errors), octets_written_(octets_written) {}

  // In every scalar and key; `$${` becomes `${`. A scalar that is nothing but one variable loses its quotes.
  Value operator()(const Value& value);
  std::string text(std::string_view text, const SourceLocation& at);

 private:
  void append_variable(std::string_view name, const SourceLocation& at, std::string& out);
  Value scalar(const Value& value);
  Value map(const Value& value);

  const std::map<std::string, std::string>& values_;
  const std::set<std::string>& open_;
  Diagnostics& errors_;
  std::size_t& octets_written_;
};

// True for `${name}` and nothing around it.
bool is_one_variable(std::string_view text);

} // namespace sipvet::script
