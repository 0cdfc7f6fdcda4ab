// What is to be done later, in order of time.
#pragma once

#include "io/reactor.hpp"

#include <functional>
#include <map>
#include <optional>

namespace sipvet::io {

class Timers {
 public:
  void add(std::uint64_t id, SteadyTime at, std::function<void()> run) {
    queue_.emplace(std::pair(at, id), std::move(run));
    times_.emplace(id, at);
  }

  void cancel(std::uint64_t id) {
    const auto time = times_.find(id);
    if (time == times_.end()) return;
    queue_.erase({time->second, id});
    times_.erase(time);
  }

  std::optional<SteadyTime> next() const {
    if (queue_.empty()) return std::nullopt;
    return queue_.begin()->first.first;
  }

  // Runs the first one if its time has come.
  bool run_due(SteadyTime now) {
    if (queue_.empty() || queue_.begin()->first.first > now) return false;
    const auto due = queue_.extract(queue_.begin());
    times_.erase(due.key().second);
    due.mapped()();
    return true;
  }

 private:
  std::map<std::pair<SteadyTime, std::uint64_t>, std::function<void()>> queue_;
  std::map<std::uint64_t, SteadyTime> times_;
};

} // namespace sipvet::io
