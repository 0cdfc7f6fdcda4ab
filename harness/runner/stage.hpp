// Everything that belongs to one run of one cell: its network, gateway and peers, set up from the cell's
// settings and taken down in the right order.
#pragma once

#include "analysis/keys.hpp"
#include "gateway/gateway.hpp"
#include "io/capture_tap.hpp"
#include "peers/peer.hpp"
#include "peers/proxy.hpp"
#include "runner/capture_check.hpp"
#include "runner/cell_run.hpp"
#include "runner/conductor.hpp"
#include "runner/gateway_actor.hpp"
#include "runner/lab_dns.hpp"
#include "runner/wire_verdict.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sipvet::runner {

// The messages of the run, for the lines around a failure and for the second witness.
struct Trace {
  struct PeersMessage {
    std::string peer;
    bool sent = false;
    ua::Hop hop;
    std::string text;
  };
  std::vector<std::string> lines; // "server sends INVITE sip:…"
  std::vector<PeersMessage> messages;
  std::string log; // everything, for the evidence folder

  void add(const std::string& who, bool sent, const ua::Hop& hop, const sip::Message& message);
};

class Stage {
 public:
  Stage(const script::Cell& cell, const Lab& lab, const CellOptions& options);

  // What kept the cell from starting; empty when all is up.
  Result<void> start();
  // All steps, and time for what is still on its way after the last.
  Conducted conduct(const std::atomic<bool>& stop);

  PeersView view(bool media_proven) const;
  // The TLS secrets of a run stand in its capture. The version inside a premaster secret shows only to who
  // has the server's key.
  analysis::Keys capture_keys() const;

  // Gateway and peers that take TLS connections, by their names in the scenario.
  std::map<std::string, TlsServerPlace> tls_servers() const;

  const io::CaptureTap& tap() const { return tap_; }
  const Trace& trace() const { return trace_; }
  const gateway::MemoryLog& gateway_log() const { return log_; }

 private:
  bool connections_agree() const;
  bool idle() const;
  std::function<void(std::string_view)> keylog();
  Result<void> start_peer(std::size_t index);
  Result<void> register_peers();
  bool is_between_peers(const ua::Hop& hop) const;
  Result<void> place_peer(const std::string& name, peers::Peer& peer);
  Result<void> start_dns(gateway::Config& config);
  Result<void> fill_dns();
  Result<ua::Target> find_gateway(ua::Transport transport, std::optional<std::uint16_t> port) const;
  Result<PeerPlace> find_peer(const std::string& name) const;
  // Where it listens for that transport; a peer that has one transport only, for that one.
  Result<ua::Target> find_peer_by(const std::string& name, ua::Transport transport) const;

  const script::Cell& cell_;
  const Lab& lab_;
  const CellOptions& options_;
  io::CaptureTap tap_;
  Trace trace_;
  gateway::MemoryLog log_;
  std::unique_ptr<net::Network> network_; // outlives everything below
  std::unique_ptr<LabDns> dns_;           // where the cell has records
  std::unique_ptr<gateway::Gateway> gateway_;
  std::unique_ptr<GatewayActor> actor_;
  std::vector<std::pair<std::string, std::unique_ptr<peers::Peer>>> peers_;
  std::vector<std::pair<std::string, std::unique_ptr<peers::Proxy>>> proxies_;
  std::vector<crypto::Identity> identities_; // of the peers
  std::map<std::string, ua::Target> targets_;
  Actors actors_;
};

} // namespace sipvet::runner
