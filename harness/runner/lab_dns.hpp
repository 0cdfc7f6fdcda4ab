// The DNS server of a cell: the records of its `dns:` section, at the addresses and ports that its peers got.
#pragma once

#include "dns/zone.hpp"
#include "net/network.hpp"
#include "script/scenario.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::runner {

// How long the lab's records, and that there are none, may be remembered.
inline constexpr std::uint32_t lab_ttl_s = 60;

// Where an actor of the cell is; none: there is no such actor.
using FindActor = std::function<std::optional<Endpoint>(const std::string& name)>;

struct ReadZone {
  dns::Zone zone{lab_ttl_s};
  std::vector<script::Diagnostic> errors; // all of them, each with its place
};
// `{name}` and `{name:port}` stand for an actor's address and port.
ReadZone read_zone(const script::Value& section, const FindActor& find);
// What of the section can be seen to be wrong before anything runs.
std::vector<script::Diagnostic> check_zone(const script::Cell& cell);

class LabDns final : public net::Node {
 public:
  explicit LabDns(net::Network& network) : network_(network) {}
  ~LabDns() override { network_.forget(*this); }

  Result<Endpoint> start(const Endpoint& at); // port 0 asks for a free one
  void serve(dns::Zone zone) { zone_ = std::move(zone); }
  // "SRV _sips._tcp.example.test", oldest first.
  const std::vector<std::string>& asked() const { return asked_; }

  void on_datagram(net::SocketId, const Endpoint& from, ByteView) override;

 private:
  net::Network& network_;
  dns::Zone zone_{lab_ttl_s};
  std::vector<std::string> asked_;
};

} // namespace sipvet::runner
