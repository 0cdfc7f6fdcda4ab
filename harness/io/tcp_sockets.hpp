// The TCP part of the socket network: listeners and connections.
#pragma once

#include "io/socket_context.hpp"
#include "net/network.hpp"

#include <map>

namespace sipvet::io {

class TcpSockets {
 public:
  explicit TcpSockets(SocketContext& context) : context_(context) {}

  Result<net::ListenerId> listen(net::Node& node, const Endpoint& local);
  net::ConnectionId connect(net::Node& node, const Endpoint& local, Endpoint remote);
  void send(net::ConnectionId id, ByteView octets);
  void finish(net::ConnectionId id);
  void close(net::ConnectionId id);
  void abort(net::ConnectionId id);
  void close(net::ListenerId id);
  void forget(net::Node& node);
  Endpoint local_endpoint(net::ListenerId id) const;

 private:
  struct Listener {
    net::Node* node = nullptr;
    Endpoint local;
    std::unique_ptr<Reactor::Watched> watched;
  };
  struct Connection {
    net::Node* node = nullptr; // none after the node's close() or the peer's
    net::Flow flow;
    net::Direction sends = net::Direction::to_server;
    std::unique_ptr<Reactor::Watched> watched;
    bool established = false;
    bool waits_for_room = false;
    bool fin_wanted = false; // by its node, behind what the queue holds
    bool fin_sent = false;
    bool peer_is_done = false;
    Bytes queue; // not yet taken by the kernel
    std::size_t queue_begin = 0;

    net::Direction receives() const {
      return sends == net::Direction::to_server ? net::Direction::to_client : net::Direction::to_server;
    }
  };
  Connection* find(net::ConnectionId id);
  Connection* find_of_node(net::ConnectionId id);
  void accept(net::ListenerId id);
  void await_connection(net::ListenerId id);
  void connect_result(net::ConnectionId id);
  void fail_to_connect(net::ConnectionId id, int error);
  void await_octets(net::ConnectionId id);
  void read(net::ConnectionId id);
  void peer_finished(net::ConnectionId id);
  void peer_failed(net::ConnectionId id, int error);
  void write(net::ConnectionId id);
  void write_queue(net::ConnectionId id, Connection& connection);
  void send_fin(net::ConnectionId id, Connection& connection);
  void erase(net::ConnectionId id);
  void give_up(net::ConnectionId id);

  SocketContext& context_;
  std::map<net::ListenerId, Listener> listeners_;
  std::map<net::ConnectionId, Connection> connections_;
};

} // namespace sipvet::io
