// The four machines of RFC 3261 §17 as tables: one row for each arrow of its figures 5 to 8, with RFC 6026's
// corrections.
#pragma once

#include "dialog/transaction.hpp"

#include <initializer_list>
#include <span>

namespace sipvet::dialog {

// What a row asks for; sets of these are written with `|`.
enum class Do : unsigned {
  nothing = 0,
  request = 1 << 0,   // send the request
  response = 1 << 1,  // send the response
  ack = 1 << 2,       // send the ACK
  user = 1 << 3,      // hand the message to the user
  timed_out = 1 << 4, // tell the user
  failed = 1 << 5     // tell the user that the transport failed
};
constexpr Do operator|(Do a, Do b) {
  return static_cast<Do>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool has(Do set, Do one) { return (static_cast<unsigned>(set) & static_cast<unsigned>(one)) != 0; }

// A short list of timers without allocation.
class Timers {
 public:
  constexpr Timers() = default;
  constexpr Timers(std::initializer_list<Timer> timers) {
    for (const Timer timer : timers) timers_[count_++] = timer;
  }
  constexpr const Timer* begin() const { return timers_; }
  constexpr const Timer* end() const { return timers_ + count_; }

 private:
  Timer timers_[3] = {};
  unsigned count_ = 0;
};

struct Row {
  State from;
  Input input;
  Timer timer; // for Input::timer; otherwise A and without meaning
  State to;
  Do actions;
  Timers start; // A, E and G are left out over reliable transports
  Timers stop;
};

// An input without a row in the present state is ignored.
std::span<const Row> rows_of(Machine machine);
State first_state(Machine machine);

} // namespace sipvet::dialog
