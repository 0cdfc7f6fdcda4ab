// What the TCP and the UDP part of the socket network share.
#pragma once

#include "io/reactor.hpp"
#include "io/timers.hpp"
#include "io/wire_ledger.hpp"

namespace sipvet::io {

struct SocketContext {
  Reactor reactor;
  Timers timers;
  WireLedger ledger;
  // Where a read puts what a node is shown at once; no datagram is larger.
  Bytes scratch = Bytes(65'536);
  std::uint64_t last_id = 0;

  template <typename Id>
  Id new_id() {
    return Id{++last_id};
  }
  static SteadyTime now() { return std::chrono::steady_clock::now(); }
  // From the loop, not from within the caller.
  void soon(std::function<void()> run) { timers.add(++last_id, now(), std::move(run)); }
  void later(Duration delay, std::function<void()> run) {
    timers.add(++last_id, now() + delay, std::move(run));
  }
};

} // namespace sipvet::io
