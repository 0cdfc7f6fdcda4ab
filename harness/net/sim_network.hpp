// The simulated network: virtual clock, any addresses, latency and loss; the same seed gives the same run to
// the octet.
#pragma once

#include "net/network.hpp"
#include "net/tap.hpp"

#include <memory>

namespace sipvet::net {

struct SimConditions {
  Duration latency = std::chrono::milliseconds(1); // one way; TCP octets and datagrams alike
  double datagram_loss = 0.0;                      // 0 to 1, drawn for each datagram; TCP loses nothing
  Duration jitter{}; // datagrams arrive up to this much later, so may be reordered
};

// Every address exists. A host that leaves its address open is 127.0.0.1 or ::1; ports that are left open are
// given out from 49152 up.
// When the virtual clock begins unless told otherwise: 2026-01-01T00:00:00Z.
inline constexpr Instant sim_start{std::chrono::seconds(1'767'225'600)};

class SimNetwork final : public Network {
 public:
  explicit SimNetwork(std::uint64_t seed, SimConditions conditions = {}, Instant start = sim_start);
  ~SimNetwork() override;
  void set_tap(Tap* tap); // nullptr: none
  void set_conditions(const SimConditions& conditions);

  Result<ListenerId> listen(Node& node, const Endpoint& local) override;
  Result<SocketId> open_datagram(Node& node, const Endpoint& local) override;
  ConnectionId connect(Node& node, const Endpoint& local, const Endpoint& remote) override;
  void send(ConnectionId connection, ByteView octets) override;
  void send_to(SocketId socket, const Endpoint& to, ByteView datagram) override;
  void finish(ConnectionId connection) override;
  void close(ConnectionId connection) override;
  void abort(ConnectionId connection) override;
  void close(ListenerId listener) override;
  void close(SocketId socket) override;
  Endpoint local_endpoint(ListenerId listener) const override;
  Endpoint local_endpoint(SocketId socket) const override;
  Result<IpAddress> source_address(const IpAddress& remote) const override; // 127.0.0.1 or ::1, see above
  TimerId wake_after(Node& node, Duration delay) override;
  void cancel(TimerId timer) override;
  void forget(Node& node) override;
  Instant now() const override;
  Random& random() override;
  bool run_until(const std::function<bool()>& done, Instant deadline) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::net
