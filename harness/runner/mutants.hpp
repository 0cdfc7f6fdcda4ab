// Gateways that misbehave in one way each, and the scenarios that must notice: the proof that the harness can
// say no.
#pragma once

#include "runner/run.hpp"
#include "script/scenario.hpp"
#include "verdict/verdict.hpp"

#include <atomic>
#include <string>
#include <vector>

namespace sipvet::runner {

struct Mutant {
  std::string name;      // what is wrong with it, for people
  std::string deviation; // one entry of the `deviations` map, as settings write it; may be empty
  // Globs over requirement ids and names of scenarios. Cells of `caught` must fail: all of them where
  // `spared` is given, at least one otherwise. Cells of `spared` and not `caught` must pass.
  std::string caught;
  std::string spared = {};
  std::string setting = {}; // one property that is set otherwise than it should be; may be empty
};
std::vector<Mutant> mutants();
// Those of them that concern TLS and certificates, the packets of media, DTLS-SRTP, SDES, and MIKEY.
std::vector<Mutant> tls_mutants();
std::vector<Mutant> media_mutants();
std::vector<Mutant> dtls_mutants();
std::vector<Mutant> sdes_mutants();
std::vector<Mutant> mikey_mutants();
// Of routing, DNS, proxy sets and permissions.
std::vector<Mutant> route_mutants();
std::vector<Mutant> uplink_mutants(); // registration and persistent connections
std::vector<Mutant> sip_mutants();    // extensions of SIP
std::vector<Mutant> telephone_mutants();
std::vector<Mutant> limit_mutants(); // of stalls, floods and garbage

struct MutantVerdict {
  Mutant mutant;
  std::vector<verdict::Result> caught_by; // the cells that failed
  std::vector<std::string> problems;      // why that is not as it should be; empty: the mutant was caught
};
// Runs against each mutant the cells that it concerns, in the simulated network. `on_verdict` may be empty.
// `options` gives seed, jobs and the folder to work in.
std::vector<MutantVerdict> run_mutants(const std::vector<script::Cell>& cells, RunOptions options,
                                       const std::function<void(const MutantVerdict&)>& on_verdict,
                                       const std::atomic<bool>& stop);

// Scenarios of which no cell has caught a mutant: nothing shows that they can fail.
std::vector<std::string> unguarded(const std::vector<script::Cell>& cells,
                                   const std::vector<MutantVerdict>& verdicts);

} // namespace sipvet::runner
