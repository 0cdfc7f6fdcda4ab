#include "dialog/transaction.hpp"

#include "dialog/transaction_tables.hpp"

#include <algorithm>
#include <array>

namespace sipvet::dialog {

namespace {

const Row* find_row(Machine machine, State state, Input input, Timer timer) {
  for (const Row& row : rows_of(machine))
    if (row.from == state && row.input == input && (input != Input::timer || row.timer == timer)) return &row;
  return nullptr;
}

// Repetition is the transport's business where it is reliable (§17.1.1.2, §17.1.2.2, §17.2.1).
bool repeats(Timer timer) { return timer == Timer::A || timer == Timer::E || timer == Timer::G; }

} // namespace

Transaction::Transaction(Machine machine, bool reliable_transport, TimerSettings settings)
    : machine_(machine), reliable_(reliable_transport), settings_(settings), state_(first_state(machine)) {}

// The durations of RFC 3261 appendix A and RFC 6026 §7. Called once for each start of a timer: the interval
// of the repeating ones grows with every call.
Duration Transaction::duration_of(Timer timer) {
  const Duration whole = 64 * settings_.t1;
  switch (timer) {
  case Timer::A: // doubles without a cap (§17.1.1.2)
    retransmission_ = retransmission_ == Duration{} ? settings_.t1 : 2 * retransmission_;
    return retransmission_;
  case Timer::E: // after a provisional response every T2 (§17.1.2.2)
    if (state_ == State::proceeding) return retransmission_ = settings_.t2;
    [[fallthrough]];
  case Timer::G:
    retransmission_ =
        std::min(retransmission_ == Duration{} ? settings_.t1 : 2 * retransmission_, settings_.t2);
    return retransmission_;
  case Timer::B:
  case Timer::F:
  case Timer::H:
  case Timer::L:
  case Timer::M:
    return whole;
  case Timer::D: // the server's T1 is unknown, so at least 32 s (§17.1.1.2)
    return reliable_ ? Duration{} : std::max<Duration>(whole, std::chrono::seconds(32));
  case Timer::I:
  case Timer::K:
    return reliable_ ? Duration{} : settings_.t4;
  case Timer::J:
    return reliable_ ? Duration{} : whole;
  case Timer::C:
    return std::chrono::minutes(3); // a proxy's; no row starts it
  }
  return {};
}

Actions Transaction::apply(Input input, Timer timer) {
  Actions out;
  if (input == Input::start && started_) return out;
  started_ = started_ || input == Input::start;
  const Row* row = find_row(machine_, state_, input, timer);
  if (!row) return out;
  state_ = row->to;
  out.send_request = has(row->actions, Do::request);
  out.send_response = has(row->actions, Do::response);
  out.send_ack = has(row->actions, Do::ack);
  out.to_user = has(row->actions, Do::user);
  out.timed_out = has(row->actions, Do::timed_out);
  out.transport_failed = has(row->actions, Do::failed);
  for (const Timer one : row->start)
    if (!(reliable_ && repeats(one))) out.start.emplace_back(one, duration_of(one));
  out.stop.assign(row->stop.begin(), row->stop.end());
  out.terminated = state_ == State::terminated;
  return out;
}

Actions Transaction::step(Input input) { return input == Input::timer ? Actions{} : apply(input, Timer::A); }

Actions Transaction::step_timer(Timer timer) { return apply(Input::timer, timer); }

Machine client_machine(std::string_view method) {
  return method == "INVITE" ? Machine::invite_client : Machine::non_invite_client;
}

Machine server_machine(std::string_view method) {
  return method == "INVITE" || method == "ACK" ? Machine::invite_server : Machine::non_invite_server;
}

std::string_view to_string(Machine machine) {
  constexpr std::array<std::string_view, 4> names = {"INVITE client", "INVITE server", "non-INVITE client",
                                                     "non-INVITE server"};
  return names[static_cast<std::size_t>(machine)];
}

std::string_view to_string(State state) {
  constexpr std::array<std::string_view, 7> names = {"trying",    "calling",  "proceeding", "completed",
                                                     "confirmed", "accepted", "terminated"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view to_string(Timer timer) {
  return std::string_view("ABCDEFGHIJKLM").substr(static_cast<std::size_t>(timer), 1);
}

std::string_view to_string(Input input) {
  constexpr std::array<std::string_view, 8> names = {
      "start", "provisional", "success", "failure", "request again", "ACK", "transport error", "timer"};
  return names[static_cast<std::size_t>(input)];
}

} // namespace sipvet::dialog
