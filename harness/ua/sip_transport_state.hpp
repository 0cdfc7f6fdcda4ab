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
  NetworkClock(const net::Network& network, Duration offset) : network_(network), offset_(offset) {}
  Instant now() const override { return network_.now() + offset_; }

 private:
  const net::Network& network_;
  Duration offset_;
};

struct Connection {
  Hop hop;
  StreamLink link;
  net::TimerId deadline = net::TimerId::none;
  std::size_t queued_octets = 0; // while it is not up
  bool undecided = false;        // accepted where TLS and TCP share a port, and nothing came yet
  std::string context = {};      // of the listener
  bool named = false;            // see connect_from()
  std::size_t unanswered = 0;    // requests that came and have no final response
  bool half_closed = false;      // by the other side, which waits for these
  bool message_came = false;     // since the octets before
  Instant last_activity{};
};
using ConnectionPtr = std::shared_ptr<Connection>;

struct Listener {
  net::ListenerId id = net::ListenerId::none;
  net::SocketId socket = net::SocketId::none;
  Transport transport = Transport::udp;
  Endpoint local;
  ListenOptions options = {};

  bool serves(Transport wanted) const {
    return transport == wanted || (options.tcp_beside_tls && wanted == Transport::tcp);
  }
};

struct SipTransport::State {
  State(SipTransport& owner, net::Network& net, TransportUser& transport_user, TransportTls settings)
      : network(net), user(transport_user), tls(std::move(settings)), node(owner),
        clock(net, tls.clock_offset) {}

  net::Network& network;
  TransportUser& user;
  TransportTls tls;
  SipTransport& node;
  NetworkClock clock;
  // By name and whether it is the server's; made when first needed.
  std::map<std::pair<std::string, bool>, std::shared_ptr<const tls::Context>> contexts;
  std::vector<Listener> listeners;
  std::optional<Listener> client_socket[2]; // UDP without a listening one: IPv4, IPv6
  std::map<net::ConnectionId, ConnectionPtr> connections;
  struct Deadline {
    net::ConnectionId connection = net::ConnectionId::none;
    Limit limit = Limit::handshake_time;
  };
  std::map<net::TimerId, Deadline> deadlines;
  std::map<Endpoint, net::ConnectionId> aliases;

  const Listener* find_listener(net::ListenerId id) const;
  IpAddress source_for(const Target& target) const;
  const Listener* listener_for(const Target& target) const;
  Result<Listener> datagram_socket(const Target& target);
  Result<std::unique_ptr<tls::Engine>> engine(Transport transport, bool server, const tls::PeerName& peer,
                                              const std::string& context);
  bool decide(const ConnectionPtr& connection, ByteView first); // false: it was given up
  Result<ConnectionPtr> open(const Target& target, const Endpoint* from = nullptr);
  ConnectionPtr existing(const Target& target) const; // null: one has to be made
  Result<ConnectionPtr> connection_for(const Target& target);
  Result<Hop> send(ByteView octets, const Target& target);
  void pump(const ConnectionPtr& connection);
  void handle(const ConnectionPtr& connection, LinkEvent& event);
  void handle_stream(const ConnectionPtr& connection, sip::StreamEvent& event);
  void mark_up(const ConnectionPtr& connection, const std::optional<tls::SessionInfo>& session);
  void give_up(const ConnectionPtr& connection, const LinkBroken& why, bool network_closed);
  void drop(const ConnectionPtr& connection);
  void watch(const ConnectionPtr& connection, Duration time, Limit limit);
  void stop_watching(const ConnectionPtr& connection);
  // The limit that one more connection from there would exceed.
  std::optional<Limit> exceeded_by(const Listener& listener, const Endpoint& remote) const;
  void watch_message(const ConnectionPtr& connection); // that has begun and is not complete
  void refuse_body(const ConnectionPtr& connection, const sip::Message& head);
  sip::FramerLimits framer_limits() const;
  void note_answered(const ConnectionPtr& connection);
  bool alive(const ConnectionPtr& connection) const;
};

} // namespace sipvet::ua
