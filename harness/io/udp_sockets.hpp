// The UDP part of the socket network.
#pragma once

#include "io/socket_context.hpp"
#include "net/network.hpp"

#include <map>

namespace sipvet::io {

class UdpSockets {
 public:
  explicit UdpSockets(SocketContext& context) : context_(context) {}

  Result<net::SocketId> open(net::Node& node, const Endpoint& local);
  void send_to(net::SocketId id, const Endpoint& to, ByteView datagram);
  void close(net::SocketId id);
  void forget(net::Node& node);
  Endpoint local_endpoint(net::SocketId id) const;

 private:
  struct Socket {
    net::Node* node = nullptr;
    Endpoint local;
    std::unique_ptr<Reactor::Watched> watched;
  };
  void await_datagram(net::SocketId id);
  void receive(net::SocketId id);

  SocketContext& context_;
  std::map<net::SocketId, Socket> sockets_;
};

} // namespace sipvet::io
