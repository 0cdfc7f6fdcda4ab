// Mutants that concern extensions of SIP.
#include "runner/mutants.hpp"

namespace sipvet::runner {

std::vector<Mutant> sip_mutants() {
  return {
      {"lets sessions run out that it is to refresh", "no_session_refresh: true", "sip/session-refreshed"},
      {"does not refresh the sessions of its own calls", "no_session_refresh: true",
       "sip/session-refreshed-by-gateway"},
      {"keeps sessions that were not refreshed", "no_session_end: true", "sip/session-runs-out"},
      {"takes session intervals below its minimum", "takes_any_interval: true", "sip/session-too-short"},
      {"knows no session timers", "", "sip/session-asked-longer", "",
       "sipvet.sip.sessionTimer.supported: false"},
      {"does not acknowledge reliable provisional responses", "no_prack: true", "sip/ringing-acknowledged"},
      {"knows no reliable provisional responses", "", "sip/reliable-ringing", "",
       "sipvet.sip.reliableProvisional: never"},
      {"rings without insisting on an acknowledgement", "", "sip/ringing-not-acknowledged", "",
       "sipvet.sip.reliableProvisional: never"},
      {"takes callers without reliable provisional responses", "", "sip/extension-required", "",
       "sipvet.sip.reliableProvisional: supported"},
      {"does not tell what came of a transfer", "no_transfer_notice: true", "sip/transfer"},
      {"does not tell that a transfer failed", "no_transfer_notice: true", "sip/transfer-fails"},
      {"follows transfers that are not allowed", "", "sip/transfer-refused", "",
       "sipvet.telephone.transfers: true"},
  };
}

} // namespace sipvet::runner
