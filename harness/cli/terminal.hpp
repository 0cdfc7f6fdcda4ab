// What the program knows of the terminal it prints to, and the line it keeps rewriting there.
#pragma once

#include "report/console.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace sipvet::cli {

// Colour and width of standard output: neither when it is no terminal (or NO_COLOR is set).
report::ConsoleStyle console_style(bool show_keys);
bool is_terminal();

// "[=====     ] 50 %  512 MB", or without a known whole only the octets done.
std::string progress_text(std::uint64_t done, std::uint64_t whole);

// A status line at the bottom of a terminal; prints nothing elsewhere.
class StatusLine {
 public:
  explicit StatusLine(bool active) : active_(active) {}
  ~StatusLine() { clear(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  void show(const std::string& text);
  void clear(); // before anything else is printed

 private:
  bool active_;
  bool shown_ = false;
};

} // namespace sipvet::cli
