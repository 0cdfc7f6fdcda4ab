#include "dialog/transaction.hpp"

#include <boost/test/unit_test.hpp>

#include <fmt/format.h>

#include <map>
#include <optional>

using namespace sipvet;
using namespace sipvet::dialog;

namespace {

constexpr bool udp = false;
constexpr bool tcp = true;

long milliseconds(Duration duration) {
  return static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

// "ack user -A -B +D32000 completed": what was done, timers stopped and started (in ms), and the state after
// it.
std::string describe(const Actions& actions, State state) {
  if (actions == Actions{}) return "ignored";
  std::string out;
  if (actions.send_request) out += "request ";
  if (actions.send_response) out += "response ";
  if (actions.send_ack) out += "ack ";
  if (actions.to_user) out += "user ";
  if (actions.timed_out) out += "timeout ";
  if (actions.transport_failed) out += "failed ";
  for (const Timer timer : actions.stop) out += fmt::format("-{} ", to_string(timer));
  for (const auto& [timer, duration] : actions.start)
    out += fmt::format("+{}{} ", to_string(timer), milliseconds(duration));
  BOOST_TEST(actions.terminated == (state == State::terminated));
  return out + std::string(to_string(state));
}

// An input by the name that to_string(Input) gives it, or a timer by its letter.
Actions give(Transaction& transaction, std::string_view what) {
  if (what.size() == 1) return transaction.step_timer(static_cast<Timer>(what[0] - 'A'));
  for (int i = 0; i < static_cast<int>(Input::timer); ++i)
    if (to_string(static_cast<Input>(i)) == what) return transaction.step(static_cast<Input>(i));
  BOOST_FAIL("no input " << what);
  return {};
}

std::string play(Transaction& transaction, std::string_view what) {
  const Actions actions = give(transaction, what);
  return describe(actions, transaction.state());
}

using Inputs = std::vector<std::string>;
const Inputs all_inputs = {"start",
                           "provisional",
                           "success",
                           "failure",
                           "request again",
                           "ACK",
                           "transport error",
                           "A",
                           "B",
                           "C",
                           "D",
                           "E",
                           "F",
                           "G",
                           "H",
                           "I",
                           "J",
                           "K",
                           "L",
                           "M"};

// Leads a new machine along `path` and gives it every input there is: those in `expected` do what it says,
// all others nothing.
void state_does(Machine machine, bool reliable, const Inputs& path,
                const std::map<std::string, std::string>& expected) {
  for (const std::string& input : all_inputs) {
    Transaction transaction(machine, reliable);
    for (const std::string& step : path) play(transaction, step);
    const State before = transaction.state();
    const auto known = expected.find(input);
    const std::string done = play(transaction, input);
    BOOST_TEST(done == (known == expected.end() ? "ignored" : known->second),
               to_string(machine) << " in " << to_string(before) << ", " << input << ": " << done);
    if (done == "ignored") BOOST_TEST((transaction.state() == before));
  }
}

// When the machine sends its request (or response), in ms from the start, if nothing ever answers; "end" says
// when it is over.
std::string schedule(Machine machine, const Inputs& path, bool reliable = udp, TimerSettings settings = {}) {
  Transaction transaction(machine, reliable, settings);
  std::map<Timer, Duration> running;
  Duration now{};
  std::string out;
  const auto carry_out = [&](const Actions& actions) {
    for (const Timer timer : actions.stop) running.erase(timer);
    for (const auto& [timer, duration] : actions.start) running[timer] = now + duration;
    if (actions.send_request || actions.send_response) out += fmt::format("{} ", milliseconds(now));
    if (actions.terminated)
      out += fmt::format("end {}{}", milliseconds(now), actions.timed_out ? " timeout" : "");
  };
  for (const std::string& step : path) carry_out(give(transaction, step));
  while (!running.empty() && transaction.state() != State::terminated) {
    auto next = running.begin();
    for (auto it = running.begin(); it != running.end(); ++it)
      if (it->second < next->second) next = it;
    now = next->second;
    const Timer timer = next->first;
    running.erase(next);
    carry_out(transaction.step_timer(timer));
  }
  return out;
}

} // namespace

// RFC 3261 §17.1.1, figure 5, and RFC 6026 §7.2.
BOOST_AUTO_TEST_SUITE(invite_client)

constexpr Machine machine = Machine::invite_client;

BOOST_AUTO_TEST_CASE(calling) {
  state_does(machine, udp, {},
             {{"start", "request +A500 +B32000 calling"},
              {"provisional", "user -A -B proceeding"},
              {"success", "user -A -B +M32000 accepted"},
              {"failure", "ack user -A -B +D32000 completed"},
              {"transport error", "failed -A -B terminated"},
              {"A", "request +A500 calling"},
              {"B", "timeout -A terminated"}});
  state_does(machine, udp, {"start"},
             {{"provisional", "user -A -B proceeding"},
              {"success", "user -A -B +M32000 accepted"},
              {"failure", "ack user -A -B +D32000 completed"},
              {"transport error", "failed -A -B terminated"},
              {"A", "request +A1000 calling"},
              {"B", "timeout -A terminated"}});
}

BOOST_AUTO_TEST_CASE(proceeding) {
  state_does(machine, udp, {"start", "provisional"},
             {{"provisional", "user proceeding"},
              {"success", "user +M32000 accepted"},
              {"failure", "ack user +D32000 completed"}});
}

BOOST_AUTO_TEST_CASE(completed) {
  const std::map<std::string, std::string> expected = {
      {"failure", "ack completed"}, {"transport error", "failed -D terminated"}, {"D", "terminated"}};
  state_does(machine, udp, {"start", "failure"}, expected);
  state_does(machine, udp, {"start", "provisional", "failure"}, expected);
}

BOOST_AUTO_TEST_CASE(accepted) {
  state_does(machine, udp, {"start", "provisional", "success"},
             {{"success", "user accepted"}, {"M", "terminated"}});
}

BOOST_AUTO_TEST_CASE(terminated) { state_does(machine, udp, {"start", "B"}, {}); }

BOOST_AUTO_TEST_CASE(over_a_reliable_transport) {
  Transaction transaction(machine, tcp);
  BOOST_TEST(play(transaction, "start") == "request +B32000 calling");
  BOOST_TEST(play(transaction, "failure") == "ack user -A -B +D0 completed");
  BOOST_TEST(play(transaction, "D") == "terminated");
  Transaction taken(machine, tcp);
  play(taken, "start");
  BOOST_TEST(play(taken, "success") == "user -A -B +M32000 accepted");
}

// §17.1.1.2: T1, 2*T1, 4*T1 … until 64*T1, seven requests in all.
BOOST_AUTO_TEST_CASE(repetitions) {
  BOOST_TEST(schedule(machine, {"start"}) == "0 500 1500 3500 7500 15500 31500 end 32000 timeout");
  BOOST_TEST(schedule(machine, {"start"}, tcp) == "0 end 32000 timeout");
  BOOST_TEST(schedule(machine, {"start", "provisional"}) == "0 ");
  BOOST_TEST(schedule(machine, {"start", "success"}) == "0 end 32000");
}

BOOST_AUTO_TEST_CASE(another_t1) {
  TimerSettings settings;
  settings.t1 = std::chrono::milliseconds(10);
  BOOST_TEST(schedule(machine, {"start"}, udp, settings) == "0 10 30 70 150 310 630 end 640 timeout");
  // Timer D does not follow our T1 below 32 s: the server's may be larger.
  BOOST_TEST(schedule(machine, {"start", "failure"}, udp, settings) == "0 end 32000");
}

BOOST_AUTO_TEST_SUITE_END()

// RFC 3261 §17.2.1, figure 7, and RFC 6026 §7.1.
BOOST_AUTO_TEST_SUITE(invite_server)

constexpr Machine machine = Machine::invite_server;

BOOST_AUTO_TEST_CASE(proceeding) {
  std::map<std::string, std::string> expected = {{"request again", "response proceeding"},
                                                 {"provisional", "response proceeding"},
                                                 {"success", "response +L32000 accepted"},
                                                 {"failure", "response +G500 +H32000 completed"},
                                                 {"transport error", "failed proceeding"}};
  state_does(machine, udp, {"start"}, expected);
  state_does(machine, udp, {"start", "provisional"}, expected);
  expected["start"] = "user proceeding";
  state_does(machine, udp, {}, expected);
}

BOOST_AUTO_TEST_CASE(completed) {
  state_does(machine, udp, {"start", "failure"},
             {{"request again", "response completed"},
              {"ACK", "-G -H +I5000 confirmed"},
              {"transport error", "failed completed"},
              {"G", "response +G1000 completed"},
              {"H", "timeout -G terminated"}});
}

BOOST_AUTO_TEST_CASE(confirmed) {
  state_does(machine, udp, {"start", "failure", "ACK"}, {{"I", "terminated"}});
}

// A repeated INVITE is absorbed, ACKs reach the user, who may send the 2xx again.
BOOST_AUTO_TEST_CASE(accepted) {
  state_does(machine, udp, {"start", "success"},
             {{"success", "response accepted"},
              {"ACK", "user accepted"},
              {"transport error", "failed accepted"},
              {"L", "terminated"}});
}

BOOST_AUTO_TEST_CASE(over_a_reliable_transport) {
  Transaction transaction(machine, tcp);
  BOOST_TEST(play(transaction, "start") == "user proceeding");
  BOOST_TEST(play(transaction, "failure") == "response +H32000 completed");
  BOOST_TEST(play(transaction, "ACK") == "-G -H +I0 confirmed");
  BOOST_TEST(play(transaction, "I") == "terminated");
  Transaction taken(machine, tcp);
  play(taken, "start");
  BOOST_TEST(play(taken, "success") == "response +L32000 accepted");
}

// §17.2.1: G doubles up to T2, H is 64*T1.
BOOST_AUTO_TEST_CASE(repetitions) {
  BOOST_TEST(schedule(machine, {"start", "failure"}) ==
             "0 500 1500 3500 7500 11500 15500 19500 23500 27500 31500 end 32000 timeout");
  BOOST_TEST(schedule(machine, {"start", "failure", "ACK"}) == "0 end 5000");
}

BOOST_AUTO_TEST_SUITE_END()

// RFC 3261 §17.1.2, figure 6.
BOOST_AUTO_TEST_SUITE(non_invite_client)

constexpr Machine machine = Machine::non_invite_client;

BOOST_AUTO_TEST_CASE(trying) {
  state_does(machine, udp, {"start"},
             {{"provisional", "user proceeding"},
              {"success", "user -E -F +K5000 completed"},
              {"failure", "user -E -F +K5000 completed"},
              {"transport error", "failed -E -F terminated"},
              {"E", "request +E1000 trying"},
              {"F", "timeout -E terminated"}});
  Transaction transaction(machine);
  BOOST_TEST(play(transaction, "start") == "request +E500 +F32000 trying");
}

BOOST_AUTO_TEST_CASE(proceeding) {
  state_does(machine, udp, {"start", "provisional"},
             {{"provisional", "user proceeding"},
              {"success", "user -E -F +K5000 completed"},
              {"failure", "user -E -F +K5000 completed"},
              {"transport error", "failed -E -F terminated"},
              {"E", "request +E4000 proceeding"},
              {"F", "timeout -E terminated"}});
}

BOOST_AUTO_TEST_CASE(completed) {
  state_does(machine, udp, {"start", "success"}, {{"K", "terminated"}});
  state_does(machine, udp, {"start", "provisional", "failure"}, {{"K", "terminated"}});
}

BOOST_AUTO_TEST_CASE(over_a_reliable_transport) {
  Transaction transaction(machine, tcp);
  BOOST_TEST(play(transaction, "start") == "request +F32000 trying");
  BOOST_TEST(play(transaction, "success") == "user -E -F +K0 completed");
  BOOST_TEST(play(transaction, "K") == "terminated");
}

// §17.1.2.2 prints the intervals: 500 ms, 1 s, 2 s, 4 s, 4 s …
BOOST_AUTO_TEST_CASE(repetitions) {
  BOOST_TEST(schedule(machine, {"start"}) ==
             "0 500 1500 3500 7500 11500 15500 19500 23500 27500 31500 end 32000 timeout");
  // After a provisional response every T2.
  BOOST_TEST(schedule(machine, {"start", "provisional"}) ==
             "0 500 4500 8500 12500 16500 20500 24500 28500 end 32000 timeout");
  BOOST_TEST(schedule(machine, {"start", "success"}) == "0 end 5000");
}

BOOST_AUTO_TEST_SUITE_END()

// RFC 3261 §17.2.2, figure 8.
BOOST_AUTO_TEST_SUITE(non_invite_server)

constexpr Machine machine = Machine::non_invite_server;

BOOST_AUTO_TEST_CASE(trying) {
  state_does(machine, udp, {"start"},
             {{"provisional", "response proceeding"},
              {"success", "response +J32000 completed"},
              {"failure", "response +J32000 completed"}});
  Transaction transaction(machine);
  BOOST_TEST(play(transaction, "start") == "user trying");
}

BOOST_AUTO_TEST_CASE(proceeding) {
  state_does(machine, udp, {"start", "provisional"},
             {{"request again", "response proceeding"},
              {"provisional", "response proceeding"},
              {"success", "response +J32000 completed"},
              {"failure", "response +J32000 completed"},
              {"transport error", "failed terminated"}});
}

BOOST_AUTO_TEST_CASE(completed) {
  state_does(machine, udp, {"start", "success"},
             {{"request again", "response completed"},
              {"transport error", "failed -J terminated"},
              {"J", "terminated"}});
}

BOOST_AUTO_TEST_CASE(over_a_reliable_transport) {
  Transaction transaction(machine, tcp);
  play(transaction, "start");
  BOOST_TEST(play(transaction, "failure") == "response +J0 completed");
  BOOST_TEST(play(transaction, "J") == "terminated");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(transactions)

BOOST_AUTO_TEST_CASE(the_machine_for_a_method) {
  BOOST_TEST((client_machine("INVITE") == Machine::invite_client));
  BOOST_TEST((client_machine("CANCEL") == Machine::non_invite_client));
  BOOST_TEST((server_machine("INVITE") == Machine::invite_server));
  BOOST_TEST((server_machine("ACK") == Machine::invite_server));
  BOOST_TEST((server_machine("OPTIONS") == Machine::non_invite_server));
}

BOOST_AUTO_TEST_CASE(the_first_states) {
  BOOST_TEST((Transaction(Machine::invite_client).state() == State::calling));
  BOOST_TEST((Transaction(Machine::invite_server).state() == State::proceeding));
  BOOST_TEST((Transaction(Machine::non_invite_client).state() == State::trying));
  BOOST_TEST((Transaction(Machine::non_invite_server).state() == State::trying));
}

BOOST_AUTO_TEST_CASE(the_input_timer_needs_step_timer) {
  Transaction transaction(Machine::invite_client);
  transaction.step(Input::start);
  BOOST_TEST((transaction.step(Input::timer) == Actions{}));
}

BOOST_AUTO_TEST_SUITE_END()
