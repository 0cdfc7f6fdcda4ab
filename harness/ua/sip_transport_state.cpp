// What happens on a SipTransport's connections: made, used again, up, broken.
#include "ua/sip_transport_state.hpp"

#include "ua/transport.hpp"

#include <algorithm>

namespace sipvet::ua {

namespace {

// RFC 5626 §4.4.1: the answer to a CRLF CRLF ping.
constexpr std::string_view pong = "\r\n";

// RFC 5922 §7.3: the certificate must be for the domain the request goes to, which is the address itself
// where that is all there is.
tls::PeerName peer_name(const Target& target) {
  tls::PeerName name{target.server_name, target.domain};
  if (name.identity.empty()) name.identity = target.server_name;
  if (name.identity.empty()) name.identity = to_string(target.remote.ip);
  return name;
}

} // namespace

const Listener* SipTransport::State::find_listener(net::ListenerId id) const {
  for (const Listener& each : listeners) {
    if (each.id == id) return &each;
  }
  return nullptr;
}

// Our own address towards the target: the connection's, the one asked for, or what the network would use.
IpAddress SipTransport::State::source_for(const Target& target) const {
  IpAddress source = target.local.ip;
  const auto found = connections.find(target.connection);
  if (found != connections.end()) source = found->second->hop.local.ip;
  if (!source.is_unspecified() && source.v6 == target.remote.ip.v6) return source;
  const Result<IpAddress> chosen = network.source_address(target.remote.ip);
  return chosen ? *chosen : IpAddress{target.remote.ip.v6, {}};
}

// Of several that can be reached over that transport: the one at target.local, else at our address towards
// the target, else at every address, else the first.
const Listener* SipTransport::State::listener_for(const Target& target) const {
  std::vector<const Listener*> all;
  for (const Listener& each : listeners) {
    if (each.serves(target.transport) && each.local.ip.v6 == target.remote.ip.v6) all.push_back(&each);
  }
  if (all.size() < 2) return all.empty() ? nullptr : all.front();
  const IpAddress source = source_for(target);
  const auto fits = [&](const Listener* each) {
    if (target.local.port != 0 && each->local == target.local) return 3;
    return each->local.ip == source ? 2 : each->local.ip.is_unspecified() ? 1 : 0;
  };
  return *std::max_element(all.begin(), all.end(),
                           [&](const Listener* a, const Listener* b) { return fits(a) < fits(b); });
}

Result<Listener> SipTransport::State::datagram_socket(const Target& target) {
  if (const Listener* found = listener_for(target)) return *found;
  const Endpoint& remote = target.remote;
  std::optional<Listener>& own = client_socket[remote.ip.v6 ? 1 : 0];
  if (!own) {
    const Endpoint any{{remote.ip.v6, {}}, 0};
    SIPVET_TRY(const net::SocketId socket, network.open_datagram(node, any));
    own = Listener{net::ListenerId::none, socket, Transport::udp, network.local_endpoint(socket)};
  }
  return *own;
}

Result<std::unique_ptr<tls::Engine>> SipTransport::State::engine(Transport transport, bool server,
                                                                 const tls::PeerName& peer,
                                                                 const std::string& context_name) {
  if (transport != Transport::tls) return std::unique_ptr<tls::Engine>();
  std::shared_ptr<const tls::Context>& context = contexts[{context_name, server}];
  if (!context) {
    const auto named = tls.contexts.find(context_name);
    const TlsSides& sides = named == tls.contexts.end() ? tls : named->second;
    const std::optional<tls::Config>& config = server ? sides.server : sides.client;
    if (!config)
      return fail(server ? "no TLS settings for connections that come in"
                         : "no TLS settings to connect with");
    tls::Config own = *config;
    own.role = server ? tls::Role::server : tls::Role::client;
    SIPVET_TRY(context, tls::make_context(own));
  }
  return context->make_engine(clock, network.random(), peer);
}

void SipTransport::State::stop_watching(const ConnectionPtr& connection) {
  network.cancel(connection->deadline);
  deadlines.erase(connection->deadline);
  connection->deadline = net::TimerId::none;
}

void SipTransport::State::watch(const ConnectionPtr& connection, Duration time, Limit limit) {
  stop_watching(connection);
  if (time <= Duration::zero()) return;
  connection->deadline = network.wake_after(node, time);
  deadlines[connection->deadline] = {connection->hop.connection, limit};
}

Result<ConnectionPtr> SipTransport::State::open(const Target& target, const Endpoint* from) {
  const Listener* listener = listener_for(target);
  SIPVET_TRY(auto made, engine(target.transport, false, peer_name(target),
                               listener == nullptr ? std::string() : listener->options.context));
  // From the listening address where there is one, so that the other side sees one address of ours.
  Endpoint local{{target.remote.ip.v6, {}}, 0};
  if (listener != nullptr) local.ip = listener->local.ip;
  if (from != nullptr) local = {from->ip.is_unspecified() ? local.ip : from->ip, from->port};
  const net::ConnectionId id = network.connect(node, local, target.remote);
  auto connection =
      std::make_shared<Connection>(Connection{Hop{target.transport, local, target.remote, id},
                                              StreamLink(std::move(made), tls.deviations, framer_limits())});
  connection->named = from != nullptr;
  connection->last_activity = network.now();
  connections[id] = connection;
  watch(connection, tls.limits.handshake_time, Limit::handshake_time);
  return connection;
}

ConnectionPtr SipTransport::State::existing(const Target& target) const {
  if (const auto found = connections.find(target.connection); found != connections.end())
    return found->second;
  for (const auto& [id, each] : connections) {
    if (each->hop.transport == target.transport && each->hop.remote == target.remote && !each->half_closed)
      return each;
  }
  const auto alias = aliases.find(target.remote);
  const auto found = alias == aliases.end() ? connections.end() : connections.find(alias->second);
  return found != connections.end() && found->second->hop.transport == target.transport ? found->second
                                                                                        : nullptr;
}

Result<ConnectionPtr> SipTransport::State::connection_for(const Target& target) {
  if (const ConnectionPtr there = existing(target)) return there;
  return open(target);
}

Result<Hop> SipTransport::State::send(ByteView octets, const Target& target) {
  if (target.transport == Transport::udp) {
    SIPVET_TRY(const Listener socket, datagram_socket(target));
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

// A TLS record of type handshake, or an SSL 2.0 header with its top bit set; no SIP message begins so.
bool SipTransport::State::decide(const ConnectionPtr& connection, ByteView first) {
  constexpr std::uint8_t handshake = 0x16, sslv2_bit = 0x80;
  const bool secure = !first.empty() && (first.front() == handshake || (first.front() & sslv2_bit) != 0);
  connection->undecided = false;
  if (secure) {
    connection->hop.transport = Transport::tls;
    auto made = engine(Transport::tls, true, {}, connection->context);
    if (!made) {
      give_up(connection, {made.error().what}, false);
      return false;
    }
    connection->link = StreamLink(std::move(*made), tls.deviations, framer_limits());
  }
  connection->link.connected();
  pump(connection);
  return alive(connection);
}

bool SipTransport::State::alive(const ConnectionPtr& connection) const {
  return connections.contains(connection->hop.connection);
}

// Moves what the link has to say: octets to the network, events to the user, who may end the connection in
// between.
void SipTransport::State::pump(const ConnectionPtr& connection) {
  if (!alive(connection)) return;
  const Bytes out = connection->link.take_output();
  if (!out.empty()) {
    connection->last_activity = network.now();
    network.send(connection->hop.connection, out);
  }
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
  } else if (auto* alert = std::get_if<LinkAlert>(&event)) {
    user.on_alert(connection->hop, alert->alert, alert->sent);
  } else if (auto* broken = std::get_if<LinkBroken>(&event)) {
    give_up(connection, *broken, false);
  } else {
    handle_stream(connection, std::get<sip::StreamEvent>(event));
  }
}

void SipTransport::State::handle_stream(const ConnectionPtr& connection, sip::StreamEvent& event) {
  if (auto* framed = std::get_if<sip::Framed>(&event)) {
    connection->message_came = true;
    const bool answered = framed->message.is_request() && framed->message.method() != "ACK";
    if (answered) ++connection->unanswered;
    user.on_message(connection->hop, framed->message);
  } else if (std::holds_alternative<sip::Ping>(event)) {
    if (tls.deviations.no_pong) return;
    connection->link.send(as_bytes(pong));
    pump(connection);
  } else if (std::holds_alternative<sip::Pong>(event)) {
    user.on_pong(connection->hop);
  } else if (auto* lost = std::get_if<sip::FramingLost>(&event)) {
    using Overrun = sip::FramingLost::Overrun;
    if (lost->overrun != Overrun::none)
      user.on_limit(connection->hop,
                    {lost->overrun == Overrun::head ? Limit::head_octets : Limit::body_octets,
                     "the connection is closed"});
    user.on_garbage(connection->hop, lost->error);
    if (lost->head && alive(connection)) refuse_body(connection, *lost->head);
    if (alive(connection) && !tls.deviations.garbage_kept)
      give_up(connection, {"what came is no SIP: " + to_string(lost->error)}, false);
  }
}

void SipTransport::State::mark_up(const ConnectionPtr& connection,
                                  const std::optional<tls::SessionInfo>& session) {
  stop_watching(connection);
  user.on_connected(connection->hop, session);
}

void SipTransport::State::drop(const ConnectionPtr& connection) {
  stop_watching(connection);
  connections.erase(connection->hop.connection);
  std::erase_if(aliases, [&](const auto& each) { return each.second == connection->hop.connection; });
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
    const std::string cause = why.alert ? why.cause + " (" + to_string(*why.alert) + ")" : why.cause;
    user.on_closed(connection->hop, {cause, why.alert, why.by_remote || network_closed});
  } else {
    user.on_connect_failed(connection->hop, {why.cause, why.alert, why.rejection});
  }
}

} // namespace sipvet::ua
