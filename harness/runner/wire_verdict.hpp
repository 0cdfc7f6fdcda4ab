// The second witness: what the decrypted capture of a cell shows, held against what the peers saw and what
// the scenario expects.
#pragma once

#include "analysis/report.hpp"
#include "peers/peer.hpp"
#include "script/scenario.hpp"

#include <map>
#include <string>
#include <vector>

namespace sipvet::runner {

// What one peer says of the run.
struct PeerView {
  std::string name;
  rtp::Voiceprint voiceprint;
  std::vector<peers::Peer::AgreedCall> calls;
};

struct PeersView {
  rtp::Voiceprint gateway_voiceprint;
  std::vector<PeerView> peers;
  std::vector<std::string> messages; // every SIP message that a peer sent or received, as text
  bool media_proven = false;         // the peers heard both sides: then the wire must show it, too
};

struct WireVerdict {
  std::vector<verdict::Finding> findings;
  std::map<std::string, std::string>
      observations; // "server > gateway": what the wire shows of that direction
};
WireVerdict judge_wire(const script::Cell& cell, const PeersView& view, const analysis::Report& report);

// The scenario's own `wire:` list alone.
std::vector<verdict::Finding> check_expectations(const script::Cell& cell, const analysis::Report& report);

} // namespace sipvet::runner
