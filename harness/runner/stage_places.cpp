// Where the actors of a cell find each other: addresses, ports, and names in the lab's DNS.
#include "runner/stage.hpp"

#include <fmt/format.h>

namespace sipvet::runner {

namespace {

// A port that was free a moment ago, and is again.
Result<Endpoint> closed_port(net::Network& network) {
  struct Nobody final : net::Node {
  } nobody;
  SIPVET_TRY(const net::ListenerId listener, network.listen(nobody, {IpAddress::v4(127, 0, 0, 1), 0}));
  const Endpoint at = network.local_endpoint(listener);
  network.forget(nobody);
  return at;
}

} // namespace

Result<void> Stage::start_dns(gateway::Config& config) {
  if (cell_.dns.is_null()) return {};
  const bool sim = options_.network == NetworkKind::sim;
  dns_ = std::make_unique<LabDns>(*network_);
  const Endpoint wanted =
      sim ? Endpoint{dns_address(), dns::server_port} : Endpoint{IpAddress::v4(127, 0, 0, 1), 0};
  SIPVET_TRY(const Endpoint at, dns_->start(wanted));
  config.dns_servers = {at};
  return {};
}

// When the peers know their ports; nothing was asked before, for nothing has run.
Result<void> Stage::fill_dns() {
  if (!dns_) return {};
  ReadZone read = read_zone(cell_.dns, [this](const std::string& name) -> std::optional<Endpoint> {
    const auto target = targets_.find(name);
    return target == targets_.end() ? std::nullopt : std::optional(target->second.remote);
  });
  if (!read.errors.empty()) return fail(to_string(read.errors.front()));
  dns_->serve(std::move(read.zone));
  return {};
}

// A port of the gateway's settings is another one over sockets; where it has no such port, nobody is there.
Result<ua::Target> Stage::find_gateway(ua::Transport transport, std::optional<std::uint16_t> port) const {
  const std::string& domain = gateway_->config().domain;
  const auto target_at = [&](const Endpoint& endpoint) {
    return ua::Target{transport, endpoint, net::ConnectionId::none, domain, {}, domain};
  };
  if (!port) {
    if (const auto endpoint = gateway_->endpoint(transport)) return target_at(*endpoint);
    return fail(fmt::format("the gateway does not listen on {}", ua::name(transport)));
  }
  for (const gateway::Gateway::Listening& each : gateway_->endpoints()) {
    const bool datagrams = each.transport == ua::Transport::udp;
    if (each.configured_port == *port && datagrams == (transport == ua::Transport::udp))
      return target_at(each.endpoint);
  }
  if (options_.network == NetworkKind::sim) return target_at({gateway_address(), *port});
  SIPVET_TRY(const Endpoint closed, closed_port(*network_));
  return target_at(closed);
}

Result<ua::Target> Stage::find_peer_by(const std::string& name, ua::Transport transport) const {
  SIPVET_TRY(const PeerPlace place, find_peer(name));
  for (const auto& [proxy_name, proxy] : proxies_)
    if (const auto endpoint = proxy->endpoint(transport); endpoint && proxy_name == name)
      return ua::Target{transport, *endpoint, net::ConnectionId::none, place.target.domain};
  return place.target;
}

std::map<std::string, TlsServerPlace> Stage::tls_servers() const {
  std::map<std::string, TlsServerPlace> out;
  if (const auto own = gateway_->endpoint(ua::Transport::tls))
    out["gateway"] = {*own, gateway_->config().tls.private_key_pem};
  for (std::size_t i = 0; i < cell_.peers.size() && i < identities_.size(); ++i) {
    const auto target = targets_.find(cell_.peers[i].name);
    if (target != targets_.end() && target->second.transport == ua::Transport::tls)
      out[target->first] = {target->second.remote, identities_[i].private_key_pem};
  }
  return out;
}

Result<PeerPlace> Stage::find_peer(const std::string& name) const {
  const auto target = targets_.find(name);
  if (target == targets_.end()) return fail(fmt::format("there is no peer '{}'", name));
  PeerPlace place{target->second, {}, rtp::Voiceprint()};
  for (const auto& [peer_name, peer] : peers_) {
    if (peer_name != name) continue;
    place.voiceprint = peer->voiceprint();
    for (const ua::Hop& hop : peer->open_connections()) place.connected_at.push_back(hop.local);
  }
  for (const auto& [proxy_name, proxy] : proxies_) {
    if (proxy_name != name) continue;
    for (const ua::Hop& hop : proxy->open_connections()) place.connected_at.push_back(hop.local);
  }
  return place;
}

} // namespace sipvet::runner
