// The four SIP transaction machines (RFC 3261 §17 with the corrections of RFC 6026) without network or clock:
// inputs in, actions out. Whoever drives a machine owns the messages, the timers and the connection.
#pragma once

#include "base/clock.hpp"
#include "dialog/transaction_messages.hpp"

#include <string_view>
#include <utility>
#include <vector>

namespace sipvet::dialog {

enum class Machine { invite_client, invite_server, non_invite_client, non_invite_server };

// The client machines begin in calling (INVITE) or trying, the server machines in proceeding (INVITE) or
// trying.
enum class State {
  trying,
  calling,
  proceeding,
  completed,
  confirmed,
  accepted,
  terminated
}; // accepted: RFC 6026 §7

enum class Timer { A, B, C, D, E, F, G, H, I, J, K, L, M }; // C belongs to proxies and is never started here

struct TimerSettings {
  Duration t1 = std::chrono::milliseconds(500); // round-trip estimate
  Duration t2 = std::chrono::seconds(4);        // longest interval between repetitions
  Duration t4 = std::chrono::seconds(5);        // longest time that a message stays in the network
};

enum class Input {
  start,       // client: send the request for the first time; server: the request arrived for the first time
  provisional, // 1xx: received by a client machine, given by the user of a server machine
  success,     // 2xx: likewise
  failure,     // 300 to 699: likewise
  request_again,   // server: the same request arrived once more
  ack,             // INVITE server: an ACK arrived
  transport_error, // the transport could not send what was asked for
  timer            // see step_timer
};

// What to do now, in the order of the fields. An input that a machine ignores gives no actions.
struct Actions {
  bool send_request = false; // the request (again)
  bool send_response =
      false; // the response just given, or the last one given (again); nothing when none was given yet
  bool send_ack = false;         // client: the ACK of a 300-699 response, see make_ack_non_2xx
  bool to_user = false;          // hand the message that came in to the transaction user
  bool timed_out = false;        // tell the user that no answer (or no ACK) came
  bool transport_failed = false; // tell the user
  // (Re)start with this duration. Zero (D, I, J, K over reliable transports) is due at once: step_timer may
  // follow directly.
  std::vector<std::pair<Timer, Duration>> start;
  std::vector<Timer> stop; // running or not
  bool terminated = false; // the transaction is over and may be destroyed

  bool operator==(const Actions&) const = default;
};

class Transaction {
 public:
  explicit Transaction(Machine machine, bool reliable_transport = false, TimerSettings settings = {});

  Actions step(Input input); // anything but Input::timer
  Actions step_timer(Timer timer);

  State state() const { return state_; }
  Machine machine() const { return machine_; }
  bool reliable_transport() const { return reliable_; }

 private:
  Actions apply(Input input, Timer timer);
  Duration duration_of(Timer timer);

  Machine machine_;
  bool reliable_;
  TimerSettings settings_;
  State state_;
  bool started_ = false;
  Duration retransmission_{}; // the interval last used for A, E or G
};

// §17.1.1, §17.1.2, §17.2.1, §17.2.2: which machine a request needs. ACK has none of its own: give INVITE's.
Machine client_machine(std::string_view method);
Machine server_machine(std::string_view method);

std::string_view to_string(Machine machine);
std::string_view to_string(State state);
std::string_view to_string(Timer timer);
std::string_view to_string(Input input);

} // namespace sipvet::dialog
