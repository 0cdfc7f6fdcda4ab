// Turns what a tap sees into the packets that would have carried it: a capture without privileges, whole and
// in order.
#pragma once

#include "base/result.hpp"
#include "net/tap.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sipvet::io {

// Packets are raw IP with TCP (handshake, sequence numbers, acknowledgments, FIN or RST, at most 1400 octets
// of payload each) or UDP. The same events give the same octets. Time never runs backwards in it, even when
// the clock does.
class CaptureTap final : public net::Tap {
 public:
  CaptureTap();
  ~CaptureTap() override;

  void connected(Instant when, const net::Flow& flow) override;
  void refused(Instant when, const net::Flow& flow) override;
  void bytes(Instant when, const net::Flow& flow, net::Direction direction, ByteView octets) override;
  void ended(Instant when, const net::Flow& flow, net::Direction direction, net::Ending how) override;
  void datagram(Instant when, const Endpoint& from, const Endpoint& to, ByteView octets) override;
  void secret(std::string_view keylog_line) override;

  // Each line once, in the order of arrival.
  const std::vector<std::string>& keylog_lines() const;
  std::size_t frame_count() const;
  void for_each_frame(const std::function<void(Instant, ByteView raw_ip)>& visit) const;

  // pcapng: the secrets first, then the packets in order of time.
  Result<void> write(const std::string& path) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::io
