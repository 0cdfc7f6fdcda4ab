#include "gateway/server_link.hpp"

#include <algorithm>
#include <utility>

namespace sipvet::gateway {

namespace {

std::string list_of(const std::vector<ua::Target>& targets) {
  std::string out;
  for (const ua::Target& target : targets) out += (out.empty() ? "" : ", ") + to_string(target.remote);
  return out;
}

} // namespace

ServerLink::ServerLink(LinkWish wish, Surroundings around, Events events)
    : wish_(std::move(wish)), around_(std::move(around)), events_(std::move(events)) {}

ServerLink::~ServerLink() { around_.network.forget(*this); }

void ServerLink::wake(Duration after, std::function<void()> what) {
  around_.network.cancel(timer_);
  due_ = std::move(what);
  timer_ = around_.network.wake_after(*this, after);
}

void ServerLink::on_timer(net::TimerId timer) {
  if (timer == timer_ && due_) std::exchange(due_, nullptr)();
}

void ServerLink::open() {
  if (targets_.empty())
    look();
  else if (connection_)
    connection_->open();
}

ua::LocationWish ServerLink::location() const {
  ua::LocationWish wish;
  wish.uri.scheme = "sip";
  wish.uri.host = wish_.server.host;
  if (wish_.server.port != 0) wish.uri.port = wish_.server.port;
  wish.transport = wish_.transport;
  wish.supported = {wish_.transport};
  return wish;
}

void ServerLink::look() {
  around_.locate(location(), [this](const Result<std::vector<ua::Target>>& found) { take(found); });
}

// One address family has one local end.
std::vector<ua::Target> ServerLink::usable(std::vector<ua::Target> found) const {
  if (wish_.persistent && !wish_.local.ip.is_unspecified())
    std::erase_if(found, [&](const ua::Target& each) { return each.remote.ip.v6 != wish_.local.ip.v6; });
  if (!wish_.failover && found.size() > 1) found.resize(1);
  return found;
}

void ServerLink::take(const Result<std::vector<ua::Target>>& found) {
  std::vector<ua::Target> targets = usable(found ? *found : std::vector<ua::Target>{});
  if (targets.empty()) {
    const std::string why = found ? "no server has an address of our own family" : found.error().what;
    around_.log(LogLevel::warning, to_string(wish_.server) + " is not found: " + why + ".");
    const unsigned doublings = std::min(lookups_failed_++, 16u);
    const auto& pauses = wish_.connection;
    wake(std::min(pauses.first_pause * (std::int64_t{1} << doublings), pauses.longest_pause),
         [this] { look(); });
    return events_.changed();
  }
  lookups_failed_ = 0;
  targets_ = std::move(targets);
  current_ = 0;
  if (is_name(wish_.server))
    around_.log(LogLevel::info, to_string(wish_.server) + " is " + list_of(targets_) + ".");
  use_current();
}

void ServerLink::use_current() {
  if (!wish_.persistent) return events_.up(targets_[current_]);
  if (!connection_) make_connection();
  connection_->open();
}

void ServerLink::make_connection() {
  Endpoint local = wish_.local;
  const bool v6 = targets_.front().remote.ip.v6;
  if (local.ip.v6 != v6) local.ip = IpAddress{v6, {}};
  ua::PersistentConnection::Events events;
  events.establishing = [this] {
    around_.log(LogLevel::debug, "Establishing persistent connection " + std::to_string(local_port()) +
                                     " with " + to_string(remote()) + ".");
  };
  events.up = [this] {
    was_up_ = true;
    around_.log(LogLevel::info, "Persistent connection " + std::to_string(local_port()) + " with " +
                                    to_string(remote()) + " is Up.");
    events_.up(connection_->target());
    events_.changed();
  };
  events.down = [this](const std::string& cause) { lost(cause); };
  connection_ = std::make_unique<ua::PersistentConnection>(
      around_.network, around_.transport, targets_[current_], local, wish_.connection, std::move(events));
}

// RFC 3263 §4.3: the next server where one cannot be reached. A connection that was up before is looked for
// anew, from the first server on, as is everything when all have failed.
void ServerLink::lost(const std::string& cause) {
  around_.log(LogLevel::warning,
              "Persistent connection with " + to_string(remote()) + " is Down: " + cause + ".");
  if (!std::exchange(was_up_, false) && current_ + 1 < targets_.size()) {
    connection_->move_to(targets_[++current_], true);
  } else {
    current_ = 0;
    connection_->move_to(targets_.front(), false);
    if (is_name(wish_.server)) look_again();
  }
  events_.down();
  events_.changed();
}

// DNS may name others by now; what it has said before goes on as long as it says nothing.
void ServerLink::look_again() {
  around_.locate(location(), [this](const Result<std::vector<ua::Target>>& found) {
    std::vector<ua::Target> targets = usable(found ? *found : std::vector<ua::Target>{});
    if (targets.empty() || connection_->state() != ua::PersistentConnection::State::down || current_ != 0)
      return;
    targets_ = std::move(targets);
    connection_->move_to(targets_.front(), false);
  });
}

void ServerLink::go_on(const std::string& why) {
  if (targets_.size() < 2 || !up()) return; // a connection that is down goes on by itself
  if (due_) return;                         // another account has said so
  const bool round_over = current_ + 1 == targets_.size();
  const Endpoint left = remote();
  current_ = round_over ? 0 : current_ + 1;
  around_.log(LogLevel::warning, "Server " + to_string(left) + " is of no use: " + why + "; goes on to " +
                                     to_string(targets_[current_].remote) + ".");
  // Later, for it is told from inside of what it changes.
  wake(round_over ? wish_.round_pause : Duration{}, [this] {
    if (connection_) {
      connection_->close();
      was_up_ = false;
      connection_->move_to(targets_[current_], false);
      events_.down();
    }
    use_current();
    events_.changed();
  });
}

bool ServerLink::up() const {
  if (!wish_.persistent) return !targets_.empty();
  return connection_ && connection_->state() == ua::PersistentConnection::State::up;
}

std::uint16_t ServerLink::local_port() const {
  return connection_ ? connection_->local().port : wish_.local.port;
}

Endpoint ServerLink::remote() const { return targets_.empty() ? Endpoint{} : targets_[current_].remote; }

Result<std::vector<ua::Target>> ServerLink::targets() const {
  if (targets_.empty()) return fail(to_string(wish_.server) + " is not found");
  if (!up()) return fail("the persistent connection with " + to_string(remote()) + " is down");
  if (connection_) return std::vector{connection_->target()};
  std::vector<ua::Target> out(targets_.begin() + static_cast<std::ptrdiff_t>(current_), targets_.end());
  out.insert(out.end(), targets_.begin(), targets_.begin() + static_cast<std::ptrdiff_t>(current_));
  return out;
}

} // namespace sipvet::gateway
