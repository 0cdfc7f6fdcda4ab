#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
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

std::string progress_text(std::uint64_t done, std::uint64_t whole) {
  constexpr std::uint64_t megabyte = 1'000'000;
  constexpr std::size_t cells = 30;
  if (whole == 0) return fmt::format("{} MB", done / megabyte);
  done = std::min(done, whole);
  const auto filled =
      static_cast<std::size_t>(static_cast<double>(done) / static_cast<double>(whole) * cells);
  return fmt::format("[{}{}] {} %  {} MB", std::string(filled, '='), std::string(cells - filled, ' '),
                     100 * done / whole, done / megabyte);
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
