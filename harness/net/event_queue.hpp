// Things to do at points of virtual time: in order of time, and of the order they were asked for where times
// are equal.
#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace sipvet::net {

class EventQueue {
 public:
  void add(Instant at, std::function<void()> run) {
    events_.push_back({at, next_number_++, std::move(run)});
    std::push_heap(events_.begin(), events_.end(), later);
  }

  std::optional<Instant> next_time() const {
    if (events_.empty()) return std::nullopt;
    return events_.front().at;
  }

  std::function<void()> take() {
    std::pop_heap(events_.begin(), events_.end(), later);
    std::function<void()> run = std::move(events_.back().run);
    events_.pop_back();
    return run;
  }

 private:
  struct Event {
    Instant at;
    std::uint64_t number = 0;
    std::function<void()> run;
  };
  static bool later(const Event& a, const Event& b) {
    return a.at != b.at ? a.at > b.at : a.number > b.number;
  }

  std::vector<Event> events_; // a heap with the earliest in front
  std::uint64_t next_number_ = 0;
};

} // namespace sipvet::net
