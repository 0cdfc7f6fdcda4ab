#include "net/sim_state.hpp"

#include <algorithm>

namespace sipvet::net {

namespace {

// RFC 768 and RFC 791: what fits an IPv4 packet behind its header and that of UDP.
constexpr std::size_t max_datagram_octets = 65'507;

std::optional<Endpoint> client_endpoint(Endpoint local, const Endpoint& remote, DynamicPorts& ports,
                                        const std::set<Flow>& flows,
                                        const AddressBook<ListenerId>& listening) {
  if (local.ip.is_unspecified()) local.ip = any_host(remote.ip.v6);
  if (local.ip.v6 != remote.ip.v6) return std::nullopt;
  if (local.port == 0) {
    const auto port = ports.next([&](std::uint16_t p) {
      const Endpoint candidate{local.ip, p};
      return !flows.contains({candidate, remote}) && listening.is_free(candidate);
    });
    if (!port) return std::nullopt;
    local.port = *port;
  }
  if (flows.contains({local, remote})) return std::nullopt;
  return local;
}

} // namespace

ConnectionId SimNetwork::State::connect(Node& node, Endpoint local, Endpoint remote) {
  remote = with_host(remote);
  const auto id = new_id<ConnectionId>();
  Half& half = connections[id];
  half.node = &node;
  const auto chosen = client_endpoint(local, remote, ports, flows, listening);
  if (!chosen) {
    queue.add(now, [this, id] { end_arrives(id, CloseReason::unreachable); });
    return id;
  }
  half.flow = {*chosen, remote};
  flows.insert(half.flow);
  queue.add(arrival(half), [this, id] { syn_arrives(id); });
  return id;
}

void SimNetwork::State::syn_arrives(ConnectionId client_id) {
  Half* const client = find(client_id);
  if (client == nullptr) return;
  const auto listener = listening.find(client->flow.server);
  if (!listener) {
    if (tap != nullptr) tap->refused(now, client->flow);
    queue.add(now + conditions.latency, [this, client_id] { end_arrives(client_id, CloseReason::refused); });
    return;
  }
  const auto server_id = new_id<ConnectionId>();
  Half& server = connections[server_id];
  server.node = listeners.at(*listener).node;
  server.flow = client->flow;
  server.sends = Direction::to_client;
  server.peer = client_id;
  server.established = true;
  client->peer = server_id;
  if (tap != nullptr) tap->connected(now, server.flow);
  queue.add(arrival(server), [this, client_id] { established(client_id); });
  const Flow flow = server.flow; // the node may end the connection at once
  server.node->on_accepted(*listener, server_id, flow.server, flow.client);
}

void SimNetwork::State::established(ConnectionId client_id) {
  Half* const client = find(client_id);
  if (client == nullptr) return;
  client->established = true;
  if (!client->queued.empty()) send(*client, std::exchange(client->queued, {}));
  if (client->finish_wanted) finish(client_id);
  if (client->node == nullptr) return end(client_id, Ending::finished);
  client->node->on_connected(client_id, Endpoint(client->flow.client));
}

Instant SimNetwork::State::arrival(Half& from) {
  from.last_arrival = std::max(from.last_arrival, now + conditions.latency);
  return from.last_arrival;
}

void SimNetwork::State::send(Half& from, ByteView octets) {
  if (octets.empty() || from.finished || (from.finish_wanted && !from.established)) return;
  if (!from.established) return append(from.queued, octets);
  if (tap != nullptr) tap->bytes(now, from.flow, from.sends, octets);
  queue.add(arrival(from), [this, to = from.peer, copy = to_bytes(octets)] {
    Half* const half = find(to);
    if (half != nullptr && half->node != nullptr) half->node->on_bytes(to, copy);
  });
}

void SimNetwork::State::finish(ConnectionId id) {
  Half* const half = find(id);
  if (half == nullptr || half->node == nullptr || half->finished) return;
  half->finish_wanted = true;
  if (!half->established) return;
  half->finished = true;
  if (tap != nullptr) tap->ended(now, half->flow, half->sends, Ending::finished);
  queue.add(arrival(*half), [this, peer = half->peer] { end_arrives(peer, CloseReason::by_peer); });
}

// What was sent before close() still goes out; the node hears nothing more.
void SimNetwork::State::close(ConnectionId id) {
  Half* const half = find(id);
  if (half == nullptr || half->node == nullptr) return;
  if (!half->established && !half->queued.empty()) {
    half->node = nullptr;
    return;
  }
  if (half->peer == ConnectionId::none) return erase(id); // its SYN is still on the way
  end(id, Ending::finished);
}

void SimNetwork::State::abort(ConnectionId id) {
  Half* const half = find(id);
  if (half == nullptr || half->node == nullptr) return;
  if (half->peer == ConnectionId::none) return erase(id);
  end(id, Ending::reset);
}

void SimNetwork::State::end(ConnectionId id, Ending how) {
  Half& half = connections.at(id);
  const bool told = half.finished && how == Ending::finished;
  if (tap != nullptr && !told) tap->ended(now, half.flow, half.sends, how);
  if (told) {
    // The peer knows of one direction, and ends the other one when it wants to; what it sends is lost.
    erase(id);
    return;
  }
  const CloseReason why = how == Ending::reset ? CloseReason::reset : CloseReason::by_peer;
  queue.add(arrival(half), [this, peer = half.peer, why] { end_arrives(peer, why); });
  erase(id);
}

void SimNetwork::State::end_arrives(ConnectionId at, CloseReason why) {
  Half* const half = find(at);
  if (half == nullptr) return;
  Node* const node = half->node;
  const bool may_go_on = why == CloseReason::by_peer && node != nullptr && !half->finished;
  if (may_go_on) {
    if (node->on_finished(at)) return;
    if (find(at) == nullptr) return;
  }
  // The peer's FIN is answered with this end's own: nothing can be sent on the connection any more.
  if (why == CloseReason::by_peer && tap != nullptr && !half->finished)
    tap->ended(now, half->flow, half->sends, Ending::finished);
  // The peer that only finished its direction waits for the end of this one.
  const ConnectionId other = half->peer;
  if (may_go_on && find(other) != nullptr)
    queue.add(arrival(*half), [this, other] { end_arrives(other, CloseReason::by_peer); });
  erase(at);
  if (node != nullptr) node->on_closed(at, why);
}

// A port pair is free again when neither end is left.
void SimNetwork::State::erase(ConnectionId id) {
  const auto half = connections.find(id);
  if (!connections.contains(half->second.peer)) flows.erase(half->second.flow);
  connections.erase(half);
}

void SimNetwork::State::send_to(const Bound& from, Endpoint to, ByteView octets) {
  to = with_host(to);
  if (octets.size() > max_datagram_octets || from.local.ip.v6 != to.ip.v6) return;
  const Endpoint source = with_host(from.local);
  if (tap != nullptr) tap->datagram(now, source, to, octets);
  if (conditions.datagram_loss > 0) {
    const double drawn = static_cast<double>(for_the_wire.below(1'000'000)) / 1e6;
    if (drawn < conditions.datagram_loss) return;
  }
  Duration travel = conditions.latency;
  if (conditions.jitter > Duration::zero())
    travel += Duration(for_the_wire.below(static_cast<std::uint64_t>(conditions.jitter.count()) + 1));
  queue.add(now + travel,
            [this, source, to, copy = to_bytes(octets)] { datagram_arrives(source, to, copy); });
}

void SimNetwork::State::datagram_arrives(const Endpoint& from, const Endpoint& to, const Bytes& octets) {
  const auto id = bound.find(to);
  if (!id) return;
  sockets.at(*id).node->on_datagram(*id, from, octets);
}

} // namespace sipvet::net
