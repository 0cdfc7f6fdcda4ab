// The inside of SipTransport: its listeners and connections. Only the sip_transport*.cpp files include it.
#pragma once

#include "ua/sip_transport.hpp"
#include "ua/stream_link.hpp"

#include <map>
#include <memory>
#include <utility>

namespace sipvet::ua {

class NetworkClock final : public Clock {
 public:
  explicit NetworkClock(const net::Network& network) : network_(network) {}
  Instant now() const override { return network_.now(); }

 private:
  const net::Network& network_;
};

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

// Peers whose way to this host is remembered (see State::own_address); beyond that, nothing more is learned.
inline constexpr std::size_t max_known_peers = 1024;

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
  // Where listeners are bound to every address: the one a peer is known to reach us at, by the peer's
  // address.
  std::map<IpAddress, IpAddress> own_address;

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
  void learn(const IpAddress& peer, const IpAddress& own);
  void learn_from(const sip::Message& request, const Endpoint& peer);
};

} // namespace sipvet::ua
