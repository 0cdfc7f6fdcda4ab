#include "io/tcp_sockets.hpp"

#include <cerrno>
#include <vector>

namespace sipvet::io {

using net::ConnectionId;
using net::ListenerId;

namespace {

// After close() the peer's FIN is awaited this long, so that octets it still sends are not answered with a
// reset, which would take from it what it has not read yet.
constexpr std::chrono::seconds linger{2};
// After close(), what the peer has not taken by then is given up: one that stops reading must not hold a
// descriptor for ever.
constexpr std::chrono::seconds longest_close{30};
// Octets already sent are cut off the front of a queue when there are this many.
constexpr std::size_t cut_queue_octets = 256 * 1024;
// When the process is out of descriptors, accepting is tried again after this.
constexpr std::chrono::milliseconds accept_pause{20};

net::CloseReason reason_of(int error) {
  switch (error) {
  case ECONNREFUSED:
    return net::CloseReason::refused;
  case ECONNRESET:
  case EPIPE:
    return net::CloseReason::reset;
  case ETIMEDOUT:
    return net::CloseReason::timed_out;
  default:
    return net::CloseReason::unreachable;
  }
}

IpAddress loopback_v6() {
  IpAddress ip;
  ip.v6 = true;
  ip.octets[15] = 1;
  return ip;
}

} // namespace

TcpSockets::Connection* TcpSockets::find(ConnectionId id) {
  const auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : &found->second;
}

TcpSockets::Connection* TcpSockets::find_of_node(ConnectionId id) {
  Connection* const connection = find(id);
  return connection != nullptr && connection->node != nullptr ? connection : nullptr;
}

Result<ListenerId> TcpSockets::listen(net::Node& node, const Endpoint& local) {
  SIPVET_TRY(Fd fd, listen_tcp(local));
  const auto id = context_.new_id<ListenerId>();
  const Endpoint chosen = local_endpoint_of(fd.get());
  listeners_[id] = {&node, chosen, std::make_unique<Reactor::Watched>(context_.reactor, std::move(fd))};
  context_.ledger.listening(chosen);
  await_connection(id);
  return id;
}

void TcpSockets::await_connection(ListenerId id) {
  const auto found = listeners_.find(id);
  if (found != listeners_.end()) found->second.watched->when_readable([this, id] { accept(id); });
}

void TcpSockets::accept(ListenerId listener_id) {
  const Listener& listener = listeners_.at(listener_id);
  net::Node* const node = listener.node;
  Accepted accepted = accept_one(listener.watched->fd());
  if (!accepted.socket) {
    const bool transient =
        accepted.error == EAGAIN || accepted.error == ECONNABORTED || accepted.error == EINTR;
    if (transient) return await_connection(listener_id);
    return context_.later(accept_pause, [this, listener_id] { await_connection(listener_id); });
  }
  await_connection(listener_id);
  const auto id = context_.new_id<ConnectionId>();
  Connection& connection = connections_[id];
  connection.node = node;
  connection.flow = {accepted.remote, local_endpoint_of(accepted.socket.get())};
  connection.sends = net::Direction::to_client;
  connection.established = true;
  connection.watched = std::make_unique<Reactor::Watched>(context_.reactor, std::move(accepted.socket));
  context_.ledger.accepted(connection.flow);
  await_octets(id);
  const net::Flow flow = connection.flow; // the node may end the connection at once
  node->on_accepted(listener_id, id, flow.server, flow.client);
}

ConnectionId TcpSockets::connect(net::Node& node, const Endpoint& local, Endpoint remote) {
  if (remote.ip.is_unspecified()) remote.ip = remote.ip.v6 ? loopback_v6() : IpAddress::v4(127, 0, 0, 1);
  const auto id = context_.new_id<ConnectionId>();
  Connection& connection = connections_[id];
  connection.node = &node;
  connection.flow = {local, remote};
  Connecting started = start_connect(local, remote);
  if (started.error != 0) {
    context_.soon([this, id, error = started.error] { fail_to_connect(id, error); });
    return id;
  }
  connection.flow.client = local_endpoint_of(started.socket.get());
  context_.ledger.connecting(connection.flow);
  connection.watched = std::make_unique<Reactor::Watched>(context_.reactor, std::move(started.socket));
  connection.watched->when_writable([this, id] { connect_result(id); });
  return id;
}

void TcpSockets::connect_result(ConnectionId id) {
  Connection* const connection = find(id);
  if (connection == nullptr) return;
  const int error = pending_error(connection->watched->fd());
  if (error != 0) return fail_to_connect(id, error);
  connection->established = true;
  context_.ledger.established(connection->flow);
  await_octets(id);
  write_queue(id, *connection);
  if (connection->fin_wanted && connection->queue.empty()) send_fin(id, *connection);
  if (connection->node == nullptr) {
    if (connection->queue.empty()) send_fin(id, *connection);
    return;
  }
  const Endpoint local = connection->flow.client;
  connection->node->on_connected(id, local);
}

void TcpSockets::fail_to_connect(ConnectionId id, int error) {
  Connection* const connection = find(id);
  if (connection == nullptr) return;
  net::Node* const node = connection->node;
  if (error == ECONNREFUSED) context_.ledger.refused(connection->flow);
  erase(id);
  if (node != nullptr) node->on_closed(id, reason_of(error));
}

void TcpSockets::await_octets(ConnectionId id) {
  find(id)->watched->when_readable([this, id] { read(id); });
}

void TcpSockets::read(ConnectionId id) {
  Connection* const connection = find(id);
  if (connection == nullptr) return;
  const Transfer transfer = read_some(connection->watched->fd(), context_.scratch);
  if (transfer.outcome == Transfer::Outcome::end) return peer_finished(id);
  if (transfer.outcome == Transfer::Outcome::failed) return peer_failed(id, transfer.error);
  await_octets(id);
  if (transfer.outcome == Transfer::Outcome::again) return;
  const ByteView octets = ByteView(context_.scratch).first(transfer.octets);
  context_.ledger.received(connection->flow, connection->receives(), octets);
  if (connection->node != nullptr) connection->node->on_bytes(id, octets);
}

void TcpSockets::peer_finished(ConnectionId id) {
  Connection& connection = *find(id);
  context_.ledger.ended_there(connection.flow, connection.receives(), net::Ending::finished);
  if (connection.node != nullptr && !connection.fin_wanted) {
    const bool goes_on = connection.node->on_finished(id);
    Connection* const still = find(id);
    if (still == nullptr) return;
    still->peer_is_done = true;
    if (goes_on) return;
  }
  net::Node* const node = std::exchange(connection.node, nullptr);
  connection.peer_is_done = true;
  if (connection.queue.empty()) {
    if (!connection.fin_sent) send_fin(id, connection);
    erase(id);
  }
  if (node != nullptr) node->on_closed(id, net::CloseReason::by_peer);
}

void TcpSockets::peer_failed(ConnectionId id, int error) {
  Connection& connection = *find(id);
  const net::CloseReason why = error == ETIMEDOUT ? net::CloseReason::timed_out : net::CloseReason::reset;
  if (why == net::CloseReason::reset)
    context_.ledger.ended_there(connection.flow, connection.receives(), net::Ending::reset);
  net::Node* const node = connection.node;
  erase(id);
  if (node != nullptr) node->on_closed(id, why);
}

void TcpSockets::send(ConnectionId id, ByteView octets) {
  Connection* const connection = find_of_node(id);
  if (connection == nullptr || octets.empty() || connection->fin_wanted) return;
  append(connection->queue, octets);
  if (connection->established && !connection->waits_for_room) write_queue(id, *connection);
}

void TcpSockets::write_queue(ConnectionId id, Connection& connection) {
  while (connection.queue_begin < connection.queue.size()) {
    const ByteView rest = ByteView(connection.queue).subspan(connection.queue_begin);
    const Transfer transfer = write_some(connection.watched->fd(), rest);
    if (transfer.outcome == Transfer::Outcome::again) {
      connection.waits_for_room = true;
      if (connection.queue_begin >= cut_queue_octets) {
        const auto sent = static_cast<std::ptrdiff_t>(std::exchange(connection.queue_begin, 0));
        connection.queue.erase(connection.queue.begin(), connection.queue.begin() + sent);
      }
      return connection.watched->when_writable([this, id] { write(id); });
    }
    if (transfer.outcome != Transfer::Outcome::moved) break; // the reader learns why, and tells the node
    context_.ledger.sent(connection.flow, connection.sends, rest.first(transfer.octets));
    connection.queue_begin += transfer.octets;
  }
  connection.queue.clear();
  connection.queue_begin = 0;
}

void TcpSockets::write(ConnectionId id) {
  Connection* const connection = find(id);
  if (connection == nullptr) return;
  connection->waits_for_room = false;
  write_queue(id, *connection);
  if (!connection->queue.empty()) return;
  if (connection->fin_wanted && !connection->fin_sent) send_fin(id, *connection);
  if (connection->node != nullptr) return;
  if (!connection->fin_sent) send_fin(id, *connection);
  if (connection->peer_is_done) erase(id);
}

void TcpSockets::send_fin(ConnectionId id, Connection& connection) {
  connection.fin_sent = true;
  shut_down_sending(connection.watched->fd());
  context_.ledger.ended_here(connection.flow, connection.sends, net::Ending::finished);
  if (!connection.peer_is_done && connection.node == nullptr)
    context_.later(linger, [this, id] { erase(id); });
}

void TcpSockets::erase(ConnectionId id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  context_.ledger.gone(found->second.flow, found->second.sends);
  connections_.erase(found);
}

void TcpSockets::finish(ConnectionId id) {
  Connection* const connection = find_of_node(id);
  if (connection == nullptr || connection->fin_wanted) return;
  connection->fin_wanted = true;
  if (connection->established && connection->queue.empty()) send_fin(id, *connection);
}

void TcpSockets::close(ConnectionId id) {
  Connection* const connection = find_of_node(id);
  if (connection == nullptr) return;
  connection->node = nullptr;
  if (!connection->queue.empty()) { // write() finishes it
    context_.later(longest_close, [this, id] { give_up(id); });
    return;
  }
  if (!connection->established) return erase(id);
  if (!connection->fin_sent)
    send_fin(id, *connection);
  else if (!connection->peer_is_done)
    context_.later(linger, [this, id] { erase(id); });
  if (connection->peer_is_done) erase(id);
}

void TcpSockets::give_up(ConnectionId id) {
  Connection* const connection = find(id);
  if (connection == nullptr || connection->queue.empty()) return;
  if (connection->established) reset_on_close(connection->watched->fd());
  erase(id);
}

void TcpSockets::abort(ConnectionId id) {
  Connection* const connection = find_of_node(id);
  if (connection == nullptr) return;
  if (connection->established) {
    reset_on_close(connection->watched->fd());
    context_.ledger.ended_here(connection->flow, connection->sends, net::Ending::reset);
  }
  erase(id);
}

void TcpSockets::close(ListenerId id) {
  const auto found = listeners_.find(id);
  if (found == listeners_.end()) return;
  context_.ledger.not_listening(found->second.local);
  listeners_.erase(found);
}

void TcpSockets::forget(net::Node& node) {
  std::vector<ListenerId> listeners;
  for (const auto& [id, listener] : listeners_)
    if (listener.node == &node) listeners.push_back(id);
  for (const ListenerId id : listeners) close(id);
  std::vector<ConnectionId> connections;
  for (const auto& [id, connection] : connections_)
    if (connection.node == &node) connections.push_back(id);
  for (const ConnectionId id : connections) close(id);
}

Endpoint TcpSockets::local_endpoint(ListenerId id) const {
  const auto found = listeners_.find(id);
  return found == listeners_.end() ? Endpoint{} : found->second.local;
}

} // namespace sipvet::io
