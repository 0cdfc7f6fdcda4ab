// The real network: TCP and UDP sockets over IPv4 and IPv6, one event loop for one thread.
#pragma once

#include "net/network.hpp"
#include "net/tap.hpp"

#include <memory>

namespace sipvet::io {

class SocketNetwork final : public net::Network {
 public:
  // `random` is the kernel's unless a seed is given.
  explicit SocketNetwork(std::optional<std::uint64_t> seed = std::nullopt);
  ~SocketNetwork() override;
  // Octets between two endpoints of this network are reported once (when sent); octets from and to others
  // both ways.
  void set_tap(net::Tap* tap);
  // Ends run_until() soon, from any thread or a signal handler.
  void interrupt();

  Result<net::ListenerId> listen(net::Node& node, const Endpoint& local) override;
  Result<net::SocketId> open_datagram(net::Node& node, const Endpoint& local) override;
  net::ConnectionId connect(net::Node& node, const Endpoint& local, const Endpoint& remote) override;
  void send(net::ConnectionId connection, ByteView octets) override;
  void send_to(net::SocketId socket, const Endpoint& to, ByteView datagram) override;
  void finish(net::ConnectionId connection) override;
  void close(net::ConnectionId connection) override;
  void abort(net::ConnectionId connection) override;
  void close(net::ListenerId listener) override;
  void close(net::SocketId socket) override;
  Endpoint local_endpoint(net::ListenerId listener) const override;
  Endpoint local_endpoint(net::SocketId socket) const override;
  Result<IpAddress> source_address(const IpAddress& remote) const override;
  net::TimerId wake_after(net::Node& node, Duration delay) override;
  void cancel(net::TimerId timer) override;
  void forget(net::Node& node) override;
  Instant now() const override;
  Random& random() override;
  bool run_until(const std::function<bool()>& done, Instant deadline) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::io
