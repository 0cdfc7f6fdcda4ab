#include "script/diagnostics.hpp"

#include <algorithm>

namespace sipvet::script {

void Diagnostics::add(const SourceLocation& at, std::string message) {
  if (full()) return;
  if (!seen_.emplace(at.file, at.line, at.column, message).second) return;
  errors_.push_back({at, std::move(message)});
}

std::vector<Diagnostic> Diagnostics::take() {
  std::stable_sort(errors_.begin(), errors_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
  });
  return std::move(errors_);
}

} // namespace sipvet::script
