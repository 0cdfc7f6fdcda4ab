// Where the gateway says what it does: one line at a time, with a level. The command line prints them, tests
// keep them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sipvet::gateway {

enum class LogLevel { debug, info, warning, error };
std::string_view name(LogLevel level);

class EventLog {
 public:
  virtual ~EventLog() = default;
  virtual void line(LogLevel level, const std::string& text) = 0;
};

// Keeps the lines; for tests and evidence folders.
class MemoryLog final : public EventLog {
 public:
  void line(LogLevel level, const std::string& text) override { lines.emplace_back(level, text); }
  bool contains(std::string_view text) const;
  std::vector<std::pair<LogLevel, std::string>> lines;
};

} // namespace sipvet::gateway
