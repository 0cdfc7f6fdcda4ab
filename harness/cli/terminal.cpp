#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace sipvet::cli {

bool is_terminal() { return isatty(STDOUT_FILENO) == 1; }

report::ConsoleStyle console_style(bool show_keys) {
  report::ConsoleStyle style;
  style.show_keys = show_keys;
  style.colour = is_terminal() && std::getenv("NO_COLOR") == nullptr;
  winsize size{};
  if (is_terminal() && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
    style.width = size.ws_col;
  if (!is_terminal()) style.width = 0;
  return style;
}

void StatusLine::show(const std::string& text) {
  if (!active_) return;
  std::fputs(("\r\x1b[K" + text).c_str(), stdout);
  std::fflush(stdout);
  shown_ = true;
}

void StatusLine::clear() {
  if (!shown_) return;
  std::fputs("\r\x1b[K", stdout);
  std::fflush(stdout);
  shown_ = false;
}

} // namespace sipvet::cli
