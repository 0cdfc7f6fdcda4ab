// SIGINT and SIGTERM ask the program to end in order; a second one ends it at once.
#pragma once

#include <atomic>
#include <functional>

namespace sipvet::cli {

const std::atomic<bool>& stop_flag();
// From now on the signals set the flag and call `wake` (which must be safe in a signal handler).
void catch_stop_signals(std::function<void()> wake = {});

} // namespace sipvet::cli
