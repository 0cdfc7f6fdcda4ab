// Collects what is wrong with a file: each problem once, however many matrix cells show it.
#pragma once

#include "script/value.hpp"

#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace sipvet::script {

// More than anyone reads at a time; a broken matrix must not print ten thousand lines.
inline constexpr std::size_t max_errors = 100;

class Diagnostics {
 public:
  void add(const SourceLocation& at, std::string message);
  bool empty() const { return errors_.empty(); }
  std::size_t size() const { return errors_.size(); }
  bool full() const { return errors_.size() >= max_errors; }
  // In the order of the file.
  std::vector<Diagnostic> take();

 private:
  std::vector<Diagnostic> errors_;
  std::set<std::tuple<std::string, std::size_t, std::size_t, std::string>> seen_;
};

} // namespace sipvet::script
