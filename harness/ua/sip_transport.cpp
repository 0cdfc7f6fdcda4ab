#include "ua/sip_transport.hpp"

#include "base/text.hpp"
#include "ua/sip_transport_state.hpp"
#include "ua/via_stamp.hpp"

namespace sipvet::ua {

SipTransport::SipTransport(net::Network& network, TransportUser& user, TransportTls tls)
    : state_(std::make_unique<State>(*this, network, user, std::move(tls))) {}

SipTransport::~SipTransport() { state_->network.forget(*this); }

Result<Endpoint> SipTransport::listen(Transport transport, const Endpoint& local,
                                      const ListenOptions& options) {
  Listener made;
  made.transport = transport;
  made.options = options;
  if (transport == Transport::udp) {
    SIPVET_TRY(made.socket, state_->network.open_datagram(*this, local));
    made.local = state_->network.local_endpoint(made.socket);
  } else {
    SIPVET_TRY(made.id, state_->network.listen(*this, local));
    made.local = state_->network.local_endpoint(made.id);
  }
  state_->listeners.push_back(made);
  return made.local;
}

void SipTransport::stop_listening() {
  for (const Listener& each : std::exchange(state_->listeners, {})) {
    if (each.transport == Transport::udp)
      state_->network.close(each.socket);
    else
      state_->network.close(each.id);
  }
}

std::optional<Endpoint> SipTransport::listening(Transport transport) const {
  for (const Listener& each : state_->listeners) {
    if (each.serves(transport)) return each.local;
  }
  return std::nullopt;
}

Result<Hop> SipTransport::send(const sip::Message& message, const Target& target) {
  Target over = target;
  if (state_->tls.deviations.connection_for_each_request && message.is_request() &&
      target.transport != Transport::udp) {
    SIPVET_TRY(const ConnectionPtr fresh, state_->open(target));
    over.connection = fresh->hop.connection;
  }
  SIPVET_TRY(const Hop hop, state_->send(as_bytes(message.serialize()), over));
  state_->user.on_sent(hop, message);
  return hop;
}

Result<Hop> SipTransport::send_octets(ByteView octets, const Target& target) {
  return state_->send(octets, target);
}

Result<Hop> SipTransport::send_response(const sip::Message& response, const Hop& request_hop) {
  Target target = target_of(request_hop);
  const bool same_connection = state_->connections.contains(request_hop.connection);
  if (!same_connection)
    target.remote = response_endpoint(response, request_hop.transport, request_hop.remote);
  SIPVET_TRY(const Hop hop, state_->send(as_bytes(response.serialize()), target));
  state_->user.on_sent(hop, response);
  const auto over = state_->connections.find(hop.connection);
  if (over != state_->connections.end() && response.status() >= 200)
    state_->note_answered(ConnectionPtr(over->second));
  return hop;
}

Result<Hop> SipTransport::connect(const Target& target) {
  if (target.transport == Transport::udp) return fail("expected tcp or tls: UDP has no connections");
  SIPVET_TRY(const ConnectionPtr connection, state_->open(target));
  return connection->hop;
}

Result<Hop> SipTransport::connect_from(const Endpoint& local, const Target& target) {
  if (target.transport == Transport::udp) return fail("expected tcp or tls: UDP has no connections");
  SIPVET_TRY(const ConnectionPtr connection, state_->open(target, &local));
  return connection->hop;
}

void SipTransport::add_alias(const Endpoint& remote, net::ConnectionId connection) {
  if (state_->connections.contains(connection)) state_->aliases[remote] = connection;
}

void SipTransport::disconnect(net::ConnectionId id) {
  const auto found = state_->connections.find(id);
  if (found == state_->connections.end()) return;
  const ConnectionPtr connection = found->second;
  state_->drop(connection);
  connection->link.close();
  if (const Bytes last = connection->link.take_output(); !last.empty()) state_->network.send(id, last);
  state_->network.close(id);
}

void SipTransport::finish(net::ConnectionId id) {
  if (state_->connections.contains(id)) state_->network.finish(id);
}

std::optional<Hop> SipTransport::hop(net::ConnectionId connection) const {
  const auto found = state_->connections.find(connection);
  return found == state_->connections.end() ? std::nullopt : std::optional(found->second->hop);
}

std::vector<Hop> SipTransport::hops() const {
  std::vector<Hop> all;
  for (const auto& [id, connection] : state_->connections) all.push_back(connection->hop);
  return all;
}

bool SipTransport::is_up(net::ConnectionId connection) const {
  const auto found = state_->connections.find(connection);
  return found != state_->connections.end() && found->second->link.up();
}

Result<void> SipTransport::ping(net::ConnectionId id) {
  if (!is_up(id)) return fail("the connection is not up");
  const ConnectionPtr connection = state_->connections.at(id);
  connection->link.ping();
  state_->pump(connection);
  return {};
}

std::optional<tls::SessionInfo> SipTransport::session(net::ConnectionId connection) const {
  const auto found = state_->connections.find(connection);
  return found == state_->connections.end() ? std::nullopt : found->second->link.session();
}

std::optional<Instant> SipTransport::last_activity(net::ConnectionId connection) const {
  const auto found = state_->connections.find(connection);
  return found == state_->connections.end() ? std::nullopt : std::optional(found->second->last_activity);
}

std::size_t SipTransport::connections() const { return state_->connections.size(); }

bool SipTransport::is_accepted(net::ConnectionId connection) const {
  const auto found = state_->connections.find(connection);
  return found != state_->connections.end() && found->second->hop.accepted;
}

Endpoint SipTransport::reachable_at(const Target& target) const {
  Endpoint own{{target.remote.ip.v6, {}}, 0};
  const ConnectionPtr there = target.transport == Transport::udp ? nullptr : state_->existing(target);
  if (there && there->named) {
    own = there->hop.local;
  } else if (const Listener* listener = state_->listener_for(target)) {
    own = listener->local;
  } else if (target.transport == Transport::udp) {
    // Requests of the call come to the socket that ours went out of.
    if (const auto socket = state_->datagram_socket(target)) own = socket->local;
  }
  if (own.ip.is_unspecified()) own.ip = state_->source_for(target);
  return own;
}

void SipTransport::on_accepted(net::ListenerId listener, net::ConnectionId id, const Endpoint& local,
                               const Endpoint& remote) {
  const Listener* from = state_->find_listener(listener);
  if (from == nullptr) return state_->network.abort(id);
  if (const auto limit = state_->exceeded_by(*from, remote)) {
    state_->network.abort(id);
    return state_->user.on_limit({from->transport, local, remote, id, true},
                                 {*limit, "the connection is reset"});
  }
  const bool undecided = from->options.tcp_beside_tls;
  const Hop hop{undecided ? Transport::tcp : from->transport, local, remote, id, true};
  auto made = state_->engine(hop.transport, true, {}, from->options.context);
  if (!made) {
    state_->network.abort(id);
    state_->user.on_connect_failed(hop, {made.error().what});
    return;
  }
  auto connection = std::make_shared<Connection>(
      Connection{hop, StreamLink(std::move(*made), state_->tls.deviations, state_->framer_limits())});
  connection->undecided = undecided;
  connection->context = from->options.context;
  connection->last_activity = state_->network.now();
  state_->connections[id] = connection;
  state_->watch(connection, state_->tls.limits.handshake_time, Limit::handshake_time);
  if (undecided) return;
  connection->link.connected();
  state_->pump(connection);
}

void SipTransport::on_connected(net::ConnectionId id, const Endpoint& local) {
  const auto found = state_->connections.find(id);
  if (found == state_->connections.end()) return;
  const ConnectionPtr connection = found->second;
  connection->hop.local = local;
  connection->link.connected();
  state_->pump(connection);
}

void SipTransport::on_bytes(net::ConnectionId id, ByteView octets) {
  const auto found = state_->connections.find(id);
  if (found == state_->connections.end()) return;
  const ConnectionPtr connection = found->second;
  connection->last_activity = state_->network.now();
  if (connection->undecided && !state_->decide(connection, octets)) return;
  connection->link.receive(octets);
  state_->pump(connection);
  state_->watch_message(connection);
}

// RFC 3261 §18.2.2: the response goes over the connection that the request came by, as long as it is there.
bool SipTransport::on_finished(net::ConnectionId id) {
  const auto found = state_->connections.find(id);
  if (found == state_->connections.end()) return false;
  const ConnectionPtr connection = found->second;
  if (!connection->link.up() || connection->unanswered == 0) return false;
  connection->half_closed = true;
  state_->watch(connection, state_->tls.limits.half_closed_time, Limit::half_closed_time);
  return true;
}

void SipTransport::on_closed(net::ConnectionId id, net::CloseReason reason) {
  const auto found = state_->connections.find(id);
  if (found == state_->connections.end()) return;
  const ConnectionPtr connection = found->second;
  static const std::map<net::CloseReason, std::string> words = {
      {net::CloseReason::by_peer, "closed by the other side"},
      {net::CloseReason::reset, "reset by the other side"},
      {net::CloseReason::refused, "refused"},
      {net::CloseReason::unreachable, "impossible: the address cannot be reached"},
      {net::CloseReason::timed_out, "given up: no answer in time"},
  };
  state_->give_up(connection, connection->link.ended(words.at(reason)), true);
}

void SipTransport::on_datagram(net::SocketId socket, const Endpoint& from, ByteView octets) {
  Hop hop{Transport::udp, state_->network.local_endpoint(socket), from, net::ConnectionId::none};
  const std::string_view text = as_text(octets);
  if (trim(text).empty()) return; // a keep-alive
  Result<sip::Message> message = sip::parse_message(text);
  if (!message) {
    state_->user.on_garbage(hop, message.error());
    return;
  }
  state_->user.on_message(hop, *message);
}

void SipTransport::on_timer(net::TimerId timer) {
  const auto found = state_->deadlines.find(timer);
  if (found == state_->deadlines.end()) return;
  const auto connection = state_->connections.find(found->second.connection);
  const Limit limit = found->second.limit;
  state_->deadlines.erase(found);
  if (connection == state_->connections.end()) return;
  const ConnectionPtr late = connection->second;
  if (late->hop.accepted) state_->user.on_limit(late->hop, {limit, "the connection is closed"});
  if (!state_->alive(late)) return;
  static const std::map<Limit, std::string> words = {
      {Limit::handshake_time, "given up: its handshake took too long"},
      {Limit::message_time, "given up: a message was not complete in time"},
      {Limit::half_closed_time, "given up: half closed, and no response came in time"},
  };
  state_->give_up(late, late->link.ended(words.at(limit)), false);
}

} // namespace sipvet::ua
