#include "ua/sip_transport.hpp"

#include "base/text.hpp"
#include "sip/framer.hpp"
#include "ua/stream_link.hpp"
#include "ua/via_stamp.hpp"

#include <map>
#include <utility>

namespace sipvet::ua {

namespace {

// RFC 5626 §4.4.1: the answer to a CRLF CRLF ping.
constexpr std::string_view pong = "\r\n";

class NetworkClock final : public Clock {
 public:
  explicit NetworkClock(const net::Network& network) : network_(network) {}
  Instant now() const override { return network_.now(); }

 private:
  const net::Network& network_;
};

bool is_loopback(const IpAddress& address) {
  if (!address.v6) return address.octets[0] == 127;
  IpAddress loopback{true, {}};
  loopback.octets[15] = 1;
  return address == loopback;
}

struct Connection {
  Hop hop;
  StreamLink link;
  net::TimerId deadline = net::TimerId::none;
  std::size_t queued_octets = 0; // while it is not up
};
using ConnectionPtr = std::shared_ptr<Connection>;

struct Listener {
  net::ListenerId id = net::ListenerId::none;
  net::SocketId socket = net::SocketId::none;
  Transport transport = Transport::udp;
  Endpoint local;
};

} // namespace

struct SipTransport::State {
  State(SipTransport& owner, net::Network& net, TransportUser& transport_user, TransportTls settings)
      : network(net), user(transport_user), tls(std::move(settings)), node(owner), clock(net) {}

  net::Network& network;
  TransportUser& user;
  TransportTls tls;
  SipTransport& node;
  NetworkClock clock;
  std::shared_ptr<const tls::Context> server_context, client_context; // made when first needed
  std::vector<Listener> listeners;
  std::optional<Listener> client_socket[2]; // UDP without a listening one: IPv4, IPv6
  std::map<net::ConnectionId, ConnectionPtr> connections;
  std::map<net::TimerId, net::ConnectionId> deadlines;

  const Listener* find_listener(net::ListenerId id) const;
  Result<Listener> datagram_socket(const Endpoint& remote, const Endpoint* preferred_local);
  Result<std::unique_ptr<tls::Engine>> engine(Transport transport, bool server,
                                              const std::string& server_name);
  Result<ConnectionPtr> open(const Target& target);
  Result<ConnectionPtr> connection_for(const Target& target);
  Result<Hop> send(ByteView octets, const Target& target, const Endpoint* preferred_local);
  void pump(const ConnectionPtr& connection);
  void handle(const ConnectionPtr& connection, LinkEvent& event);
  void handle_stream(const ConnectionPtr& connection, sip::StreamEvent& event);
  void mark_up(const ConnectionPtr& connection, const std::optional<tls::SessionInfo>& session);
  void give_up(const ConnectionPtr& connection, const LinkBroken& why, bool network_closed);
  void drop(const ConnectionPtr& connection);
  void watch(const ConnectionPtr& connection);
  bool alive(const ConnectionPtr& connection) const;
};

const Listener* SipTransport::State::find_listener(net::ListenerId id) const {
  for (const Listener& each : listeners) {
    if (each.id == id) return &each;
  }
  return nullptr;
}

Result<Listener> SipTransport::State::datagram_socket(const Endpoint& remote,
                                                      const Endpoint* preferred_local) {
  const Listener* found = nullptr;
  for (const Listener& each : listeners) {
    if (each.transport != Transport::udp || each.local.ip.v6 != remote.ip.v6) continue;
    if (found == nullptr) found = &each;
    if (preferred_local != nullptr && each.local == *preferred_local) found = &each;
  }
  if (found != nullptr) return *found;
  std::optional<Listener>& own = client_socket[remote.ip.v6 ? 1 : 0];
  if (!own) {
    const Endpoint any{{remote.ip.v6, {}}, 0};
    SIPVET_TRY(const net::SocketId socket, network.open_datagram(node, any));
    own = Listener{net::ListenerId::none, socket, Transport::udp, network.local_endpoint(socket)};
  }
  return *own;
}

Result<std::unique_ptr<tls::Engine>> SipTransport::State::engine(Transport transport, bool server,
                                                                 const std::string& server_name) {
  if (transport != Transport::tls) return std::unique_ptr<tls::Engine>();
  std::shared_ptr<const tls::Context>& context = server ? server_context : client_context;
  if (!context) {
    const std::optional<tls::Config>& config = server ? tls.server : tls.client;
    if (!config)
      return fail(server ? "no TLS settings for connections that come in"
                         : "no TLS settings to connect with");
    tls::Config own = *config;
    own.role = server ? tls::Role::server : tls::Role::client;
    SIPVET_TRY(context, tls::make_context(own));
  }
  return tls::make_engine(context, clock, network.random(), server_name);
}

void SipTransport::State::watch(const ConnectionPtr& connection) {
  connection->deadline = network.wake_after(node, connect_timeout);
  deadlines[connection->deadline] = connection->hop.connection;
}

Result<ConnectionPtr> SipTransport::State::open(const Target& target) {
  if (connections.size() >= max_connections)
    return fail("more than " + std::to_string(max_connections) + " connections");
  SIPVET_TRY(auto made, engine(target.transport, false, target.server_name));
  // From the listening address where there is one, so that the other side sees one address of ours.
  Endpoint local{{target.remote.ip.v6, {}}, 0};
  for (const Listener& each : listeners) {
    if (each.transport == target.transport && each.local.ip.v6 == target.remote.ip.v6)
      local.ip = each.local.ip;
  }
  const net::ConnectionId id = network.connect(node, local, target.remote);
  auto connection = std::make_shared<Connection>(
      Connection{Hop{target.transport, local, target.remote, id}, StreamLink(std::move(made)), {}, 0});
  connections[id] = connection;
  watch(connection);
  return connection;
}

Result<ConnectionPtr> SipTransport::State::connection_for(const Target& target) {
  if (const auto found = connections.find(target.connection); found != connections.end())
    return found->second;
  for (const auto& [id, each] : connections) {
    if (each->hop.transport == target.transport && each->hop.remote == target.remote) return each;
  }
  return open(target);
}

Result<Hop> SipTransport::State::send(ByteView octets, const Target& target,
                                      const Endpoint* preferred_local) {
  if (target.transport == Transport::udp) {
    SIPVET_TRY(const Listener socket, datagram_socket(target.remote, preferred_local));
    network.send_to(socket.socket, target.remote, octets);
    return Hop{Transport::udp, socket.local, target.remote, net::ConnectionId::none};
  }
  SIPVET_TRY(const ConnectionPtr connection, connection_for(target));
  if (!connection->link.up()) {
    connection->queued_octets += octets.size();
    if (connection->queued_octets > max_queued_octets)
      return fail("too much waits for " + to_string(connection->hop));
  }
  connection->link.send(octets);
  pump(connection);
  return connection->hop;
}

bool SipTransport::State::alive(const ConnectionPtr& connection) const {
  return connections.contains(connection->hop.connection);
}

// Moves what the link has to say: octets to the network, events to the user, who may end the connection in
// between.
void SipTransport::State::pump(const ConnectionPtr& connection) {
  if (!alive(connection)) return;
  const Bytes out = connection->link.take_output();
  if (!out.empty()) network.send(connection->hop.connection, out);
  for (LinkEvent& event : connection->link.take_events()) {
    if (!alive(connection)) return;
    handle(connection, event);
  }
}

void SipTransport::State::handle(const ConnectionPtr& connection, LinkEvent& event) {
  if (auto* up = std::get_if<LinkUp>(&event)) {
    mark_up(connection, up->session);
  } else if (auto* secret = std::get_if<LinkKeylog>(&event)) {
    if (tls.keylog) tls.keylog(secret->line);
  } else if (auto* broken = std::get_if<LinkBroken>(&event)) {
    give_up(connection, *broken, false);
  } else {
    handle_stream(connection, std::get<sip::StreamEvent>(event));
  }
}

void SipTransport::State::handle_stream(const ConnectionPtr& connection, sip::StreamEvent& event) {
  if (auto* framed = std::get_if<sip::Framed>(&event)) {
    if (framed->message.is_request()) stamp_via(framed->message, connection->hop.remote);
    user.on_message(connection->hop, framed->message);
  } else if (std::holds_alternative<sip::Ping>(event)) {
    connection->link.send(as_bytes(pong));
    pump(connection);
  } else if (auto* lost = std::get_if<sip::FramingLost>(&event)) {
    user.on_garbage(connection->hop, lost->error);
    if (alive(connection)) give_up(connection, {"what came is no SIP: " + to_string(lost->error), {}}, false);
  }
}

void SipTransport::State::mark_up(const ConnectionPtr& connection,
                                  const std::optional<tls::SessionInfo>& session) {
  network.cancel(connection->deadline);
  deadlines.erase(connection->deadline);
  user.on_connected(connection->hop, session);
}

void SipTransport::State::drop(const ConnectionPtr& connection) {
  network.cancel(connection->deadline);
  deadlines.erase(connection->deadline);
  connections.erase(connection->hop.connection);
}

void SipTransport::State::give_up(const ConnectionPtr& connection, const LinkBroken& why,
                                  bool network_closed) {
  drop(connection);
  if (!network_closed) {
    connection->link.close();
    if (const Bytes last = connection->link.take_output(); !last.empty()) {
      network.send(connection->hop.connection, last);
    }
    network.close(connection->hop.connection);
  }
  if (connection->link.up()) {
    user.on_closed(connection->hop, why.alert ? why.cause + " (" + to_string(*why.alert) + ")" : why.cause);
  } else {
    user.on_connect_failed(connection->hop, why.cause, why.alert);
  }
}

SipTransport::SipTransport(net::Network& network, TransportUser& user, TransportTls tls)
    : state_(std::make_unique<State>(*this, network, user, std::move(tls))) {}

SipTransport::~SipTransport() { state_->network.forget(*this); }

Result<Endpoint> SipTransport::listen(Transport transport, const Endpoint& local) {
  Listener made;
  made.transport = transport;
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

std::optional<Endpoint> SipTransport::listening(Transport transport) const {
  for (const Listener& each : state_->listeners) {
    if (each.transport == transport) return each.local;
  }
  return std::nullopt;
}

Result<Hop> SipTransport::send(const sip::Message& message, const Target& target) {
  SIPVET_TRY(const Hop hop, state_->send(as_bytes(message.serialize()), target, nullptr));
  state_->user.on_sent(hop, message);
  return hop;
}

Result<Hop> SipTransport::send_octets(ByteView octets, const Target& target) {
  return state_->send(octets, target, nullptr);
}

Result<Hop> SipTransport::send_response(const sip::Message& response, const Hop& request_hop) {
  Target target = target_of(request_hop);
  const bool same_connection = state_->connections.contains(request_hop.connection);
  if (!same_connection)
    target.remote = response_endpoint(response, request_hop.transport, request_hop.remote);
  SIPVET_TRY(const Hop hop, state_->send(as_bytes(response.serialize()), target, &request_hop.local));
  state_->user.on_sent(hop, response);
  return hop;
}

Result<Hop> SipTransport::connect(const Target& target) {
  if (target.transport == Transport::udp) return fail("expected tcp or tls: UDP has no connections");
  SIPVET_TRY(const ConnectionPtr connection, state_->open(target));
  return connection->hop;
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

std::optional<Hop> SipTransport::hop(net::ConnectionId connection) const {
  const auto found = state_->connections.find(connection);
  return found == state_->connections.end() ? std::nullopt : std::optional(found->second->hop);
}

std::optional<tls::SessionInfo> SipTransport::session(net::ConnectionId connection) const {
  const auto found = state_->connections.find(connection);
  return found == state_->connections.end() ? std::nullopt : found->second->link.session();
}

std::size_t SipTransport::connections() const { return state_->connections.size(); }

Endpoint SipTransport::reachable_at(const Target& target) const {
  Endpoint own{{target.remote.ip.v6, {}}, 0};
  for (const Listener& each : state_->listeners) {
    if (each.transport == target.transport && each.local.ip.v6 == target.remote.ip.v6) {
      own = each.local;
      break;
    }
  }
  if (!own.ip.is_unspecified()) return own;
  if (const std::optional<Hop> link = hop(target.connection)) own.ip = link->local.ip;
  if (own.ip.is_unspecified() && is_loopback(target.remote.ip)) own.ip = target.remote.ip;
  return own;
}

void SipTransport::on_accepted(net::ListenerId listener, net::ConnectionId id, const Endpoint& local,
                               const Endpoint& remote) {
  const Listener* from = state_->find_listener(listener);
  if (from == nullptr || state_->connections.size() >= max_connections) {
    state_->network.abort(id);
    return;
  }
  const Hop hop{from->transport, local, remote, id};
  auto made = state_->engine(from->transport, true, {});
  if (!made) {
    state_->network.abort(id);
    state_->user.on_connect_failed(hop, made.error().what, std::nullopt);
    return;
  }
  auto connection = std::make_shared<Connection>(Connection{hop, StreamLink(std::move(*made)), {}, 0});
  state_->connections[id] = connection;
  state_->watch(connection);
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
  connection->link.receive(octets);
  state_->pump(connection);
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
  if (message->is_request()) stamp_via(*message, from);
  state_->user.on_message(hop, *message);
}

void SipTransport::on_timer(net::TimerId timer) {
  const auto found = state_->deadlines.find(timer);
  if (found == state_->deadlines.end()) return;
  const auto connection = state_->connections.find(found->second);
  state_->deadlines.erase(found);
  if (connection == state_->connections.end()) return;
  const ConnectionPtr late = connection->second;
  state_->give_up(late, late->link.ended("given up: its handshake took too long"), false);
}

} // namespace sipvet::ua
