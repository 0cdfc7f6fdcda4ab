#include "io/socket_network.hpp"

#include "io/posix_socket.hpp"
#include "io/tcp_sockets.hpp"
#include "io/udp_sockets.hpp"

#include <algorithm>
#include <atomic>
#include <map>

namespace sipvet::io {

using net::ConnectionId;
using net::ListenerId;
using net::SocketId;
using net::TimerId;

struct SocketNetwork::State {
  SocketContext context; // before what closes its descriptors in it
  TcpSockets tcp{context};
  UdpSockets udp{context};
  std::map<TimerId, net::Node*> timers;
  std::unique_ptr<Random> random;
  std::atomic<bool> interrupted = false;

  SteadyTime wait_until(Instant deadline) const {
    // Instants are of the system's clock, which may be set; so look again now and then.
    constexpr Duration longest = std::chrono::seconds(1);
    const Duration left = std::clamp(deadline - SystemClock().now(), Duration::zero(), longest);
    const SteadyTime until = SocketContext::now() + left;
    return std::min(until, context.timers.next().value_or(until));
  }
};

SocketNetwork::SocketNetwork(std::optional<std::uint64_t> seed) : state_(std::make_unique<State>()) {
  if (seed)
    state_->random = std::make_unique<SeededRandom>(*seed);
  else
    state_->random = std::make_unique<SystemRandom>();
}

SocketNetwork::~SocketNetwork() = default;

void SocketNetwork::set_tap(net::Tap* tap) { state_->context.ledger.set_tap(tap); }

void SocketNetwork::interrupt() {
  state_->interrupted = true;
  state_->context.reactor.wake();
}

Result<ListenerId> SocketNetwork::listen(net::Node& node, const Endpoint& local) {
  return state_->tcp.listen(node, local);
}

Result<SocketId> SocketNetwork::open_datagram(net::Node& node, const Endpoint& local) {
  return state_->udp.open(node, local);
}

ConnectionId SocketNetwork::connect(net::Node& node, const Endpoint& local, const Endpoint& remote) {
  return state_->tcp.connect(node, local, remote);
}

void SocketNetwork::send(ConnectionId connection, ByteView octets) { state_->tcp.send(connection, octets); }

void SocketNetwork::send_to(SocketId socket, const Endpoint& to, ByteView datagram) {
  state_->udp.send_to(socket, to, datagram);
}

void SocketNetwork::finish(ConnectionId connection) { state_->tcp.finish(connection); }
void SocketNetwork::close(ConnectionId connection) { state_->tcp.close(connection); }
void SocketNetwork::abort(ConnectionId connection) { state_->tcp.abort(connection); }
void SocketNetwork::close(ListenerId listener) { state_->tcp.close(listener); }
void SocketNetwork::close(SocketId socket) { state_->udp.close(socket); }
Endpoint SocketNetwork::local_endpoint(ListenerId id) const { return state_->tcp.local_endpoint(id); }
Endpoint SocketNetwork::local_endpoint(SocketId id) const { return state_->udp.local_endpoint(id); }

Result<IpAddress> SocketNetwork::source_address(const IpAddress& remote) const {
  const IpAddress source = source_address_for(remote);
  if (source.is_unspecified()) return fail("there is no way to " + to_string(remote));
  return source;
}

TimerId SocketNetwork::wake_after(net::Node& node, Duration delay) {
  const auto id = state_->context.new_id<TimerId>();
  state_->timers[id] = &node;
  const SteadyTime at = SocketContext::now() + net::bounded_delay(delay);
  state_->context.timers.add(static_cast<std::uint64_t>(id), at, [this, id] {
    const auto timer = state_->timers.find(id);
    net::Node* const owner = timer->second;
    state_->timers.erase(timer);
    owner->on_timer(id);
  });
  return id;
}

void SocketNetwork::cancel(TimerId timer) {
  if (state_->timers.erase(timer) != 0) state_->context.timers.cancel(static_cast<std::uint64_t>(timer));
}

void SocketNetwork::forget(net::Node& node) {
  state_->tcp.forget(node);
  state_->udp.forget(node);
  std::erase_if(state_->timers, [&](const auto& timer) {
    if (timer.second != &node) return false;
    state_->context.timers.cancel(static_cast<std::uint64_t>(timer.first));
    return true;
  });
}

Instant SocketNetwork::now() const { return SystemClock().now(); }
Random& SocketNetwork::random() { return *state_->random; }

// Timers and sockets take turns, so that neither can starve the other.
bool SocketNetwork::run_until(const std::function<bool()>& done, Instant deadline) {
  SocketContext& context = state_->context;
  while (!done()) {
    if (state_->interrupted.exchange(false)) return false;
    const bool timer_ran = context.timers.run_due(SocketContext::now());
    if (timer_ran && done()) return true;
    if (context.reactor.poll_one() || timer_ran) {
      if (now() >= deadline) return done();
      continue;
    }
    if (now() >= deadline) return false;
    context.reactor.run_one(state_->wait_until(deadline));
  }
  return true;
}

} // namespace sipvet::io
