#include "ua/persistent_connection.hpp"

#include <algorithm>

namespace sipvet::ua {

std::string_view name(PersistentConnection::State state) {
  return state == PersistentConnection::State::up ? "Up" : "Down";
}

PersistentConnection::PersistentConnection(net::Network& network, SipTransport& transport, Target target,
                                           Endpoint local, PersistentSettings settings, Events events)
    : network_(network), transport_(transport), target_(std::move(target)), wanted_local_(local),
      local_(local), settings_(settings), events_(std::move(events)) {
  target_.connection = net::ConnectionId::none;
}

PersistentConnection::~PersistentConnection() { network_.forget(*this); }

void PersistentConnection::wake(net::TimerId& timer, Duration after) {
  stop(timer);
  timer = network_.wake_after(*this, after);
}

void PersistentConnection::stop(net::TimerId& timer) {
  network_.cancel(timer);
  timer = net::TimerId::none;
}

void PersistentConnection::open() {
  if (state_ == State::down) attempt();
}

void PersistentConnection::close() {
  for (net::TimerId* timer : {&retry_, &ping_, &pong_}) stop(*timer);
  if (state_ != State::down) transport_.disconnect(target_.connection);
  target_.connection = net::ConnectionId::none;
  state_ = State::down;
}

void PersistentConnection::move_to(Target target, bool at_once) {
  if (state_ != State::down) return;
  target_ = std::move(target);
  target_.connection = net::ConnectionId::none;
  local_ = wanted_local_;
  if (!at_once || settings_.never_again) return;
  if (failures_ > 0) --failures_; // what is tried next has not failed yet
  wake(retry_, Duration{});
}

void PersistentConnection::attempt() {
  stop(retry_);
  state_ = State::establishing;
  events_.establishing();
  const Result<Hop> hop = transport_.connect_from(wanted_local_, target_);
  if (!hop) return lost(hop.error().what);
  target_.connection = hop->connection;
}

bool PersistentConnection::is_mine(const Hop& hop) const {
  return hop.connection != net::ConnectionId::none && hop.connection == target_.connection;
}

bool PersistentConnection::note_up(const Hop& hop) {
  if (!is_mine(hop)) return false;
  state_ = State::up;
  failures_ = 0;
  local_ = hop.local;
  if (settings_.keep_alive > Duration{}) wake(ping_, settings_.keep_alive);
  events_.up();
  return true;
}

bool PersistentConnection::note_lost(const Hop& hop, const std::string& cause) {
  if (!is_mine(hop)) return false;
  lost(cause);
  return true;
}

bool PersistentConnection::note_pong(const Hop& hop) {
  if (!is_mine(hop)) return false;
  stop(pong_);
  return true;
}

void PersistentConnection::lost(const std::string& cause) {
  stop(ping_);
  stop(pong_);
  state_ = State::down;
  target_.connection = net::ConnectionId::none;
  const unsigned doublings = std::min(failures_++, 30u);
  if (!settings_.never_again)
    wake(retry_, std::min(settings_.first_pause * (std::int64_t{1} << doublings), settings_.longest_pause));
  events_.down(cause);
}

void PersistentConnection::on_timer(net::TimerId timer) {
  if (timer == retry_) return attempt();
  if (timer == ping_) {
    (void)transport_.ping(target_.connection);
    if (pong_ == net::TimerId::none && !settings_.ignores_missing_pong) wake(pong_, settings_.pong_within);
    return wake(ping_, settings_.keep_alive);
  }
  if (timer != pong_) return;
  transport_.disconnect(target_.connection);
  lost("no answer to a keep-alive");
}

} // namespace sipvet::ua
