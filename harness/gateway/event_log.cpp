#include "gateway/event_log.hpp"

#include <algorithm>

namespace sipvet::gateway {

std::string_view name(LogLevel level) {
  constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
  return names[static_cast<std::size_t>(level)];
}

bool MemoryLog::contains(std::string_view text) const {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const auto& line) { return line.second.find(text) != std::string::npos; });
}

} // namespace sipvet::gateway
