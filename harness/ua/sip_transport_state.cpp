// What happens on a SipTransport's connections: made, used again, up, broken.
#include "ua/sip_transport_state.hpp"

#include "ua/transport.hpp"

namespace sipvet::ua {

namespace {

// RFC 5626 §4.4.1: the answer to a CRLF CRLF ping.
constexpr std::string_view pong = "\r\n";

} // namespace

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

void SipTransport::State::learn(const IpAddress& peer, const IpAddress& own) {
  const bool room = own_address.size() < max_known_peers || own_address.contains(peer);
  if (room && !own.is_unspecified() && own.v6 == peer.v6) own_address[peer] = own;
}

// A datagram on a socket bound to every address does not say which one it came to; its Request-URI does, when
// it names an address. Only that peer is told it again.
void SipTransport::State::learn_from(const sip::Message& request, const Endpoint& peer) {
  const Result<Target> named = target_of_uri(request.uri(), Transport::udp);
  if (named) learn(peer.ip, named->remote.ip);
}

} // namespace sipvet::ua
