// The UDP side of a fax (ITU-T T.38): one port, UDPTL packets with T.30 indicators out and in, never
// encrypted.
#pragma once

#include "net/network.hpp"
#include "rtp/udptl.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace sipvet::ua {

struct T38Counters {
  std::uint64_t sent = 0, received = 0, unreadable = 0;
};

class T38Session final : public net::Node {
 public:
  explicit T38Session(net::Network& network, Duration pace = std::chrono::milliseconds(20));
  ~T38Session() override;

  Result<void> open(const IpAddress& address); // any free port
  std::uint16_t port() const;                  // 0 before open()
  void set_remote(const Endpoint& remote);
  // Sends this signal once for each pace, with the two before it as redundancy; or changes what is sent.
  void start(rtp::T30Indicator indicator);
  void stop();
  void close();

  const T38Counters& counters() const { return counters_; }
  std::optional<rtp::T30Indicator> heard() const { return heard_; } // the last signal that came
  std::function<void()> on_change;                                  // a packet came

  void on_datagram(net::SocketId, const Endpoint& from, ByteView) override;
  void on_timer(net::TimerId) override;

 private:
  void send();

  net::Network& network_;
  Duration pace_;
  net::SocketId socket_ = net::SocketId::none;
  net::TimerId timer_ = net::TimerId::none;
  Endpoint local_, remote_;
  bool sending_ = false;
  rtp::T30Indicator indicator_ = rtp::T30Indicator::no_signal;
  std::uint16_t sequence_ = 0;
  std::vector<Bytes> before_; // primaries, latest first
  T38Counters counters_;
  std::optional<rtp::T30Indicator> heard_;
};

} // namespace sipvet::ua
