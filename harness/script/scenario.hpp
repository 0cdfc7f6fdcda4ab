// Scenarios as the runner takes them: every matrix cell spelled out, variables and oracle values substituted,
// profiles merged, each part with the place in the file it came from.
#pragma once

#include "script/value.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::script {

// One thing an actor does or waits for. The keys are checked against the table of actions (actions.hpp); what
// an argument means is the business of the actor that carries it out.
struct Step {
  std::string actor;              // a peer's name, "gateway", "media" or "time"
  std::string action;             // "call", "expect", …: a row of the table
  Value argument;                 // of the action's key
  Value options;                  // a map of the other keys, without `if` and `within`
  std::string condition;          // if: "answered", "rejected"; empty: always
  std::optional<Duration> within; // deadline of this step; none: the cell's
  SourceLocation at;
};

struct Peer {
  std::string name;
  std::string profile; // empty: none
  Value settings;      // the profile's peer section with the scenario's own on top; a map
  SourceLocation at;
};

struct Gateway {
  std::string profile;
  Value settings; // the profile's gateway section with the scenario's own on top; a map
  SourceLocation at;
};

// What the decrypted capture of the run must show.
struct WireExpectation {
  std::string subject; // "tls", "sip", "srtp", "rtp", "finding": a row of the table of wire checks
  Value argument;
  SourceLocation at;
};

struct KnownFailure {
  std::string reason;
  std::string finding; // the finding's id that must be among the failures
  SourceLocation at;
};

struct Cell {
  std::string
      id; // "srtp-mode/inbound-offer[mode=always,offer=rtp-only]"; without a matrix just the scenario's name
  std::string scenario; // "srtp-mode/inbound-offer"
  std::string title;
  std::vector<std::string> covers;
  std::vector<std::string> tags;
  std::map<std::string, std::string> variables; // matrix and oracle values of this cell
  Gateway gateway;
  std::vector<Peer> peers;
  std::vector<Step> steps;
  std::vector<WireExpectation> wire;
  std::string explain;
  std::optional<KnownFailure> known_failure;
  Duration deadline = std::chrono::seconds(10);
  bool simulated = false; // runs in the simulated network always, because time passes in it
  SourceLocation at;      // of the scenario
};

struct Loaded {
  std::vector<Cell> cells; // in file and matrix order; those of files without errors
  std::vector<Diagnostic> errors;
  std::size_t files = 0;
};

// Reads scenario files, or every *.yaml below a folder except its profiles/ (files in name order). Profiles
// are looked up in `profiles_folder`. Two scenarios of one name are an error.
Loaded load_scenarios(const std::vector<std::string>& paths, const std::string& profiles_folder);

} // namespace sipvet::script
