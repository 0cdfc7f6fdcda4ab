// Waits for descriptors to become ready: one event at a time, for one thread.
#pragma once

#include "io/posix_socket.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace sipvet::io {

using SteadyTime = std::chrono::steady_clock::time_point;

class Reactor {
 public:
  Reactor();
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  // A descriptor that the reactor watches; destroying it closes the descriptor and drops what waits for it.
  class Watched {
   public:
    Watched(Reactor& reactor, Fd fd);
    ~Watched();
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;
    int fd() const;
    // Calls once, from run_one(); asking again while one waits is an error of the caller. `ready` may destroy
    // this.
    void when_readable(std::function<void()> ready);
    void when_writable(std::function<void()> ready);

   private:
    struct State;
    std::shared_ptr<State> state_;
  };

  // Waits until something is ready, `until` has come, or an earlier run_one() would have ended; calls at most
  // one of those that wait.
  void run_one(SteadyTime until);
  // Only what is ready now. False when nothing was.
  bool poll_one();
  // Ends a run_one() that waits; from any thread, or a signal handler.
  void wake();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::io
