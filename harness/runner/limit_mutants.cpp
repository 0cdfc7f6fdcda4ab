// Gateways that lack one limit each, and the scenario that must notice.
#include "runner/mutants.hpp"

namespace sipvet::runner {

std::vector<Mutant> limit_mutants() {
  return {
      {"waits for handshakes without end", "", "hostile/handshake-stalls", "",
       "sipvet.limits.handshakeTime: 0s"},
      {"waits for messages without end", "", "hostile/message-stalls", "", "sipvet.limits.messageTime: 0s"},
      {"takes any number of requests", "", "hostile/request-flood", "", "sipvet.limits.requestsPerSecond: 0"},
      {"takes every request of a second", "", "hostile/requests-refused", "",
       "sipvet.limits.requestsPerSecond: 0"},
      {"takes any number of connections", "", "hostile/connection-flood", "", "sipvet.limits.connections: 0"},
      {"takes any number of connections from one address", "", "hostile/connection-flood", "",
       "sipvet.limits.connectionsPerAddress: 0"},
      {"begins any number of handshakes", "", "hostile/unfinished-handshakes", "",
       "sipvet.limits.handshakes: 0"},
      {"takes bodies of any length", "", "hostile/body-too-long", "", "sipvet.limits.bodyOctets: 0"},
      {"takes heads of any length", "", "hostile/head-too-long", "", "sipvet.limits.headOctets: 0"},
      {"gives half-closed connections up at once", "", "hostile/half-closed", "",
       "sipvet.limits.halfClosedTime: 1s"},
      {"keeps half-closed connections without end", "", "hostile/half-closed-too-long", "",
       "sipvet.limits.halfClosedTime: 0s"},
      {"keeps any number of transactions", "", "hostile/pending-transactions", "",
       "sipvet.limits.transactions: 0"},
      {"reads on behind garbage", "garbage_kept: true", "hostile/garbage"},
      {"is silent about its limits", "silent_about_limits: true", "hostile/handshake-stalls"},
      {"is silent about floods", "silent_about_limits: true", "hostile/request-flood"},
  };
}

} // namespace sipvet::runner
