// The second witness: what the decrypted capture of a cell shows, held against what the peers saw and what
// the scenario expects.
#pragma once

#include "analysis/report.hpp"
#include "peers/peer.hpp"
#include "script/scenario.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::runner {

// What one peer says of the run.
struct PeerView {
  std::string name;
  rtp::Voiceprint voiceprint;
  std::vector<peers::Peer::AgreedCall> calls;
  std::vector<peers::ConnectionRecord> connections = {};
  bool misbehaves_in_tls = false;   // by its settings: what it sends may be impossible to read
  bool misbehaves_in_media = false; // likewise: what it sends need not be whole

  // A step expected that a connection of it comes to nothing, and it did.
  bool failure_expected() const;
};

struct PeersView {
  rtp::Voiceprint gateway_voiceprint;
  std::vector<PeerView> peers;
  std::vector<std::string> messages;     // every SIP message that a peer sent or received, as text
  bool media_proven = false;             // the peers heard both sides: then the wire must show it, too
  bool gateway_failure_expected = false; // a step expected that a call of the gateway comes to nothing
  // What the gateway counted of the packets that came to it in its last call, where a step judged that.
  std::optional<ua::MediaCounters> gateway_media = {};
};

struct WireVerdict {
  std::vector<verdict::Finding> findings;
  std::map<std::string, std::string>
      observations; // "server > gateway": what the wire shows of that direction
};
WireVerdict judge_wire(const script::Cell& cell, const PeersView& view, const analysis::Report& report);

// Connections of peers that came to nothing although no step expected that.
std::vector<verdict::Finding> check_peers_connections(const script::Cell& cell, const PeersView& view);

// The scenario's own `wire:` list alone.
std::vector<verdict::Finding> check_expectations(const script::Cell& cell, const analysis::Report& report);

} // namespace sipvet::runner
