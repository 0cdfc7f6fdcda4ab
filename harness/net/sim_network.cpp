#include "net/sim_network.hpp"

#include "net/sim_state.hpp"

#include <vector>

namespace sipvet::net {

namespace {

// The ids in `map` that belong to `node`.
template <typename Map>
auto owned_by(const Map& map, const Node& node) {
  std::vector<typename Map::key_type> ids;
  for (const auto& [id, entry] : map)
    if (entry.node == &node) ids.push_back(id);
  return ids;
}

template <typename Map, typename Id>
Endpoint local_of(const Map& map, Id id) {
  const auto found = map.find(id);
  return found == map.end() ? Endpoint{} : found->second.local;
}

} // namespace

SimNetwork::SimNetwork(std::uint64_t seed, SimConditions conditions, Instant start)
    : state_(std::make_unique<State>(seed, conditions, start)) {}
SimNetwork::~SimNetwork() = default;

void SimNetwork::set_tap(Tap* tap) { state_->tap = tap; }
void SimNetwork::set_conditions(const SimConditions& conditions) { state_->conditions = conditions; }

Result<ListenerId> SimNetwork::listen(Node& node, const Endpoint& local) {
  const auto id = state_->new_id<ListenerId>();
  SIPVET_TRY(const Endpoint chosen, state_->listening.add(local, id, state_->ports));
  state_->listeners[id] = {&node, chosen};
  return id;
}

Result<SocketId> SimNetwork::open_datagram(Node& node, const Endpoint& local) {
  const auto id = state_->new_id<SocketId>();
  SIPVET_TRY(const Endpoint chosen, state_->bound.add(local, id, state_->ports));
  state_->sockets[id] = {&node, chosen};
  return id;
}

ConnectionId SimNetwork::connect(Node& node, const Endpoint& local, const Endpoint& remote) {
  return state_->connect(node, local, remote);
}

void SimNetwork::send(ConnectionId connection, ByteView octets) {
  State::Half* const half = state_->find(connection);
  if (half != nullptr && half->node != nullptr) state_->send(*half, octets);
}

void SimNetwork::send_to(SocketId socket, const Endpoint& to, ByteView datagram) {
  const auto found = state_->sockets.find(socket);
  if (found != state_->sockets.end()) state_->send_to(found->second, to, datagram);
}

void SimNetwork::finish(ConnectionId connection) { state_->finish(connection); }
void SimNetwork::close(ConnectionId connection) { state_->close(connection); }
void SimNetwork::abort(ConnectionId connection) { state_->abort(connection); }

void SimNetwork::close(ListenerId listener) {
  state_->listening.remove(local_endpoint(listener));
  state_->listeners.erase(listener);
}

void SimNetwork::close(SocketId socket) {
  state_->bound.remove(local_endpoint(socket));
  state_->sockets.erase(socket);
}

Endpoint SimNetwork::local_endpoint(ListenerId listener) const {
  return local_of(state_->listeners, listener);
}
Endpoint SimNetwork::local_endpoint(SocketId socket) const { return local_of(state_->sockets, socket); }

Result<IpAddress> SimNetwork::source_address(const IpAddress& remote) const { return any_host(remote.v6); }

TimerId SimNetwork::wake_after(Node& node, Duration delay) {
  State& state = *state_;
  const auto id = state.new_id<TimerId>();
  state.timers[id] = &node;
  state.queue.add(state.now + bounded_delay(delay), [&state, id] {
    const auto timer = state.timers.find(id);
    if (timer == state.timers.end()) return;
    Node* const owner = timer->second;
    state.timers.erase(timer);
    owner->on_timer(id);
  });
  return id;
}

void SimNetwork::cancel(TimerId timer) { state_->timers.erase(timer); }

void SimNetwork::forget(Node& node) {
  State& state = *state_;
  for (const ListenerId id : owned_by(state.listeners, node)) close(id);
  for (const SocketId id : owned_by(state.sockets, node)) close(id);
  for (const ConnectionId id : owned_by(state.connections, node)) close(id);
  std::erase_if(state.timers, [&](const auto& timer) { return timer.second == &node; });
}

Instant SimNetwork::now() const { return state_->now; }
Random& SimNetwork::random() { return state_->for_nodes; }

bool SimNetwork::run_until(const std::function<bool()>& done, Instant deadline) {
  State& state = *state_;
  if (done()) return true;
  for (auto at = state.queue.next_time(); at && *at <= deadline; at = state.queue.next_time()) {
    state.now = std::max(state.now, *at);
    state.queue.take()();
    if (done()) return true;
  }
  // With nothing left to happen, an endless wait ends where it is.
  if (deadline != Instant::max()) state.now = std::max(state.now, deadline);
  return false;
}

} // namespace sipvet::net
