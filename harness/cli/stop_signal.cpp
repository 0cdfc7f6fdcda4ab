#include "cli/stop_signal.hpp"

#include <csignal>

namespace sipvet::cli {

namespace {

std::atomic<bool> stopping = false;
std::function<void()>& wake_up() {
  static std::function<void()> wake;
  return wake;
}

void on_signal(int) {
  stopping = true;
  if (wake_up()) wake_up()();
}

} // namespace

const std::atomic<bool>& stop_flag() { return stopping; }

void catch_stop_signals(std::function<void()> wake) {
  wake_up() = std::move(wake);
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND); // the second one kills
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

} // namespace sipvet::cli
