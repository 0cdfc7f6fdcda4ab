#include "ua/transactions.hpp"

#include "dialog/dialog.hpp"
#include "ua/transactions_state.hpp"
#include "ua/via_stamp.hpp"

#include <algorithm>
#include <utility>

namespace sipvet::ua {

namespace {

using dialog::Actions;
using dialog::Input;

constexpr std::string_view no_answer = "no final response came in time";
constexpr std::string_view no_ack = "no ACK came for the final response";

Input input_of(int status) {
  if (status < 200) return Input::provisional;
  return status < 300 ? Input::success : Input::failure;
}

// RFC 3261 §8.2.2.2.
std::string merge_key(const sip::Message& request) {
  std::string key = dialog::from_tag(request);
  key.append("\n").append(request.header("Call-ID").value_or(""));
  key.append("\n").append(request.header("CSeq").value_or(""));
  return key;
}

bool is_invite(const sip::Message& request) { return request.method() == "INVITE"; }

} // namespace

void Transactions::State::start_timer(Side side, std::uint64_t id, dialog::Timer timer, Duration delay) {
  Running& running = table(side).at(id);
  stop_timer(running, timer);
  const net::TimerId started = network.wake_after(*this, delay);
  running.timers[timer] = started;
  timers[started] = {side, id, timer};
}

void Transactions::State::stop_timer(Running& running, dialog::Timer timer) {
  const auto found = running.timers.find(timer);
  if (found == running.timers.end()) return;
  network.cancel(found->second);
  timers.erase(found->second);
  running.timers.erase(found);
}

// The sending part of the actions; false when the transport refused.
bool Transactions::State::transmit(Side side, Running& running, const Actions& actions,
                                   const sip::Message* message) {
  bool sent = true;
  if (side == Side::client && actions.send_request) {
    sent = transport.send(running.request, running.target).has_value();
  }
  if (side == Side::server && actions.send_response && running.response) {
    sent = transport.send_response(*running.response, running.hop).has_value();
  }
  if (actions.send_ack && message != nullptr) {
    Target target = running.target;
    target.connection = running.hop.connection;
    sent = transport.send(dialog::make_ack_non_2xx(running.request, *message), target).has_value();
  }
  return sent;
}

void Transactions::State::remove(Side side, std::uint64_t id) {
  auto& all = table(side);
  const auto found = all.find(id);
  if (found == all.end()) return;
  for (const auto& [timer, started] : found->second.timers) {
    network.cancel(started);
    timers.erase(started);
  }
  auto& keys = side == Side::client ? client_keys : server_keys;
  if (const auto key = keys.find(found->second.key); key != keys.end() && key->second == id) keys.erase(key);
  if (const auto same = merge_counts.find(found->second.merge);
      side == Side::server && same != merge_counts.end() && --same->second == 0)
    merge_counts.erase(same);
  all.erase(found);
}

void Transactions::State::report_failures(Side side, std::uint64_t id, const Actions& actions,
                                          const std::string& cause) {
  if (!actions.timed_out && !actions.transport_failed) return;
  if (side == Side::client) {
    user.on_client_failed(ClientId{id}, actions.timed_out ? std::string(no_answer) : cause,
                          actions.timed_out);
  } else {
    owner.acknowledged(ServerId{id});
    user.on_server_failed(ServerId{id}, actions.timed_out ? std::string(no_ack) : cause);
  }
}

// Everything but the word to the user comes first: the user may end, answer or start transactions from within
// it.
void Transactions::State::perform(Side side, std::uint64_t id, const Actions& actions, const Hop& hop,
                                  const sip::Message* message) {
  Running& running = table(side).at(id);
  const bool sent = transmit(side, running, actions, message);
  for (const auto& [timer, delay] : actions.start) start_timer(side, id, timer, delay);
  for (const dialog::Timer timer : actions.stop) stop_timer(running, timer);
  if (actions.terminated) remove(side, id);
  if (actions.to_user && message != nullptr) {
    if (side == Side::client) {
      user.on_response(ClientId{id}, hop, *message);
    } else {
      user.on_request(ServerId{id}, hop, *message);
    }
  }
  report_failures(side, id, actions, "the transport failed");
  if (!sent && table(side).contains(id)) {
    const Actions after = table(side).at(id).machine.step(Input::transport_error);
    perform(side, id, after, hop, nullptr);
  }
}

void Transactions::State::lost_connection(const Hop& hop, const std::string& cause) {
  std::vector<std::uint64_t> affected;
  for (const auto& [id, running] : clients) {
    if (running.hop.connection == hop.connection) affected.push_back(id);
  }
  for (const std::uint64_t id : affected) {
    const auto found = clients.find(id);
    if (found == clients.end()) continue;
    const dialog::State before = found->second.machine.state();
    // With its final response a transaction has all it needs from the connection.
    if (before != dialog::State::calling && before != dialog::State::trying &&
        before != dialog::State::proceeding)
      continue;
    remove(Side::client, id);
    user.on_client_failed(ClientId{id}, cause, false);
  }
}

void Transactions::State::begin_repeating(std::uint64_t id, const sip::Message& response, const Hop& hop) {
  if (repetitions.contains(id)) return;
  Repetition& repetition = repetitions[id];
  repetition.response = response;
  repetition.hop = hop;
  repetition.interval = settings.t1;
  repetition.timer = network.wake_after(*this, repetition.interval);
  timers[repetition.timer] = {Side::repetition, id, dialog::Timer::G};
}

void Transactions::State::repeat(std::uint64_t id) {
  const auto found = repetitions.find(id);
  if (found == repetitions.end()) return;
  Repetition& repetition = found->second;
  repetition.waited += repetition.interval;
  if (repetition.waited >= 64 * settings.t1) {
    repetitions.erase(found);
    user.on_server_failed(ServerId{id}, std::string(no_ack));
    return;
  }
  const bool sent = transport.send_response(repetition.response, repetition.hop).has_value();
  if (!sent) {
    repetitions.erase(found);
    user.on_server_failed(ServerId{id}, "the 2xx could not be sent again");
    return;
  }
  repetition.interval = std::min(2 * repetition.interval, settings.t2);
  repetition.timer = network.wake_after(*this, repetition.interval);
  timers[repetition.timer] = {Side::repetition, id, dialog::Timer::G};
}

void Transactions::State::ack_came(const Hop& hop, const sip::Message& ack) {
  const auto key = server_keys.find(dialog::transaction_key(ack));
  if (key != server_keys.end()) {
    Running& running = servers.at(key->second);
    const bool for_success = running.response && running.response->status() < 300;
    if (!for_success) {
      const std::uint64_t id = key->second;
      perform(Side::server, id, running.machine.step(Input::ack), hop, nullptr);
      return;
    }
  }
  user.on_request(ServerId::none, hop, ack);
}

void Transactions::State::request_came(const Hop& hop, const sip::Message& request) {
  if (request.method() == "ACK") {
    ack_came(hop, request);
    return;
  }
  const std::string key = dialog::transaction_key(request);
  if (key.empty()) return; // nothing to answer to
  const auto known = server_keys.find(key);
  if (known != server_keys.end()) {
    const std::uint64_t id = known->second;
    perform(Side::server, id, servers.at(id).machine.step(Input::request_again), hop, &request);
    return;
  }
  const std::uint64_t id = ++last_id;
  dialog::Transaction machine(dialog::server_machine(request.method()), is_reliable(hop.transport), settings);
  Running& running =
      servers.insert({id, Running{machine, request, hop, {}, key, {}, merge_key(request), {}}}).first->second;
  server_keys[key] = id;
  ++merge_counts[running.merge];
  perform(Side::server, id, running.machine.step(Input::start), hop, &request);
}

void Transactions::State::response_came(const Hop& hop, const sip::Message& response) {
  const auto known = client_keys.find(dialog::transaction_key(response));
  if (known == client_keys.end()) {
    user.on_stray_response(hop, response);
    return;
  }
  const std::uint64_t id = known->second;
  perform(Side::client, id, clients.at(id).machine.step(input_of(response.status())), hop, &response);
}

void Transactions::State::on_timer(net::TimerId timer) {
  const auto found = timers.find(timer);
  if (found == timers.end()) return;
  const TimerUse use = found->second;
  timers.erase(found);
  if (use.side == Side::repetition) {
    repeat(use.id);
    return;
  }
  auto& all = table(use.side);
  const auto running = all.find(use.id);
  if (running == all.end()) return;
  running->second.timers.erase(use.timer);
  const Hop hop = running->second.hop;
  perform(use.side, use.id, running->second.machine.step_timer(use.timer), hop, nullptr);
}

Transactions::Transactions(net::Network& network, TransactionsUser& user, dialog::TimerSettings timers,
                           TransportTls tls, TransportUser* observer)
    : state_(std::make_unique<State>(*this, network, user, timers, std::move(tls), observer)) {}

Transactions::~Transactions() = default;

SipTransport& Transactions::transport() { return state_->transport; }
const SipTransport& Transactions::transport() const { return state_->transport; }

Result<ClientId> Transactions::send_request(const sip::Message& request, const Target& target) {
  const std::string key = dialog::transaction_key(request);
  if (key.empty()) return fail("expected a Via and a CSeq in the request to send");
  SIPVET_TRY(const Hop hop, state_->transport.send(request, target));
  const std::uint64_t id = ++state_->last_id;
  dialog::Transaction machine(dialog::client_machine(request.method()), is_reliable(target.transport),
                              state_->settings);
  Actions actions = machine.step(Input::start);
  actions.send_request = false; // sent above, where a refusal is the caller's error
  Target again = target;
  again.connection = hop.connection;
  state_->clients.insert({id, Running{machine, request, hop, again, key, {}, {}, {}}});
  state_->client_keys[key] = id;
  state_->perform(Side::client, id, actions, hop, nullptr);
  return ClientId{id};
}

Result<Hop> Transactions::send_untracked(const sip::Message& message, const Target& target) {
  return state_->transport.send(message, target);
}

Result<void> Transactions::respond(ServerId id, const sip::Message& response) {
  const auto number = static_cast<std::uint64_t>(id);
  const auto found = state_->servers.find(number);
  if (found == state_->servers.end()) return fail("the request to answer is gone");
  Running& running = found->second;
  const Hop hop = running.hop;
  const bool repeat = is_invite(running.request) && response.status() >= 200 && response.status() < 300;
  running.response = response;
  const Actions actions = running.machine.step(input_of(response.status()));
  if (repeat) state_->begin_repeating(number, response, hop); // before the user may learn that it failed
  state_->perform(Side::server, number, actions, hop, nullptr);
  return {};
}

void Transactions::acknowledged(ServerId id) {
  const auto found = state_->repetitions.find(static_cast<std::uint64_t>(id));
  if (found == state_->repetitions.end()) return;
  state_->network.cancel(found->second.timer);
  state_->timers.erase(found->second.timer);
  state_->repetitions.erase(found);
}

void Transactions::abandon(ClientId id) { state_->remove(Side::client, static_cast<std::uint64_t>(id)); }

void Transactions::ignore(ServerId id) { acknowledged(id); }

ServerId Transactions::cancelled_by(const sip::Message& cancel) const {
  const auto found = state_->server_keys.find(dialog::cancelled_key(cancel));
  return found == state_->server_keys.end() ? ServerId::none : ServerId{found->second};
}

std::optional<Hop> Transactions::hop(ClientId id) const {
  const auto found = state_->clients.find(static_cast<std::uint64_t>(id));
  return found == state_->clients.end() ? std::nullopt : std::optional(found->second.hop);
}

bool Transactions::is_merged(const sip::Message& request) const {
  const auto same = state_->merge_counts.find(merge_key(request));
  return same != state_->merge_counts.end() && same->second > 1; // its own is counted
}

void Transactions::on_message(const Hop& hop, const sip::Message& message) {
  if (state_->observer != nullptr) state_->observer->on_message(hop, message);
  if (message.is_request()) {
    // Stamped only now, so that the observer sees what was on the wire.
    sip::Message stamped = message;
    stamp_via(stamped, hop.remote);
    if (!state_->too_many(hop, stamped)) state_->request_came(hop, stamped);
  } else {
    state_->response_came(hop, message);
  }
}

void Transactions::on_sent(const Hop& hop, const sip::Message& message) {
  if (state_->observer != nullptr) state_->observer->on_sent(hop, message);
}

void Transactions::on_connected(const Hop& hop, const std::optional<tls::SessionInfo>& session) {
  if (state_->observer != nullptr) state_->observer->on_connected(hop, session);
}

void Transactions::on_connect_failed(const Hop& hop, const ConnectFailure& failure) {
  if (state_->observer != nullptr) state_->observer->on_connect_failed(hop, failure);
  state_->lost_connection(hop, failure.cause);
}

void Transactions::on_closed(const Hop& hop, const Closure& closure) {
  if (state_->observer != nullptr) state_->observer->on_closed(hop, closure);
  state_->rates.erase(hop.connection);
  state_->lost_connection(hop, closure.cause);
}

void Transactions::on_alert(const Hop& hop, const tls::Alert& alert, bool sent) {
  if (state_->observer != nullptr) state_->observer->on_alert(hop, alert, sent);
}

void Transactions::on_pong(const Hop& hop) {
  if (state_->observer != nullptr) state_->observer->on_pong(hop);
}

void Transactions::on_garbage(const Hop& hop, const Error& error) {
  if (state_->observer != nullptr) state_->observer->on_garbage(hop, error);
}

void Transactions::on_limit(const Hop& hop, const LimitHit& hit) {
  if (state_->observer != nullptr) state_->observer->on_limit(hop, hit);
}

} // namespace sipvet::ua
