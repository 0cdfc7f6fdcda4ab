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
      {"takes offers in UPDATE and answers none", "offers_unanswered: true", "sip/update-new-keys"},
      {"takes what it should refuse", "", "sip/update-refused", "", "netborder.media.srtp.mode: as-needed"},
      {"never sends UPDATE for new keys", "", "sip/update-by-gateway", "", "sipvet.sip.update: supported"},
      {"takes offers before the answer and answers none", "offers_unanswered: true", "sip/update-early"},
      {"answers no offer of its callee", "offers_unanswered: true", "sip/update-early-by-callee"},
      {"takes an offer that crosses its own", "crossing_offers_taken: true", "sip/update-glare"},
      {"does not offer again what crossed", "no_repeated_offer: true", "sip/update-crossed"},
      {"takes an offer before it has answered the first", "crossing_offers_taken: true",
       "sip/update-too-early"},
      {"changes the session without asking", "", "sip/update-asks-somebody", "",
       "sipvet.telephone.asksBeforeChanges: false"},
      {"takes the offer in a PRACK and answers none", "offers_unanswered: true", "sip/prack-offer"},
      {"takes RTP where SRTP is a must", "", "sip/prack-offer-refused", "",
       "netborder.media.srtp.mode: as-needed"},
      {"makes its offer in the 2xx only", "", "sip/prack-answer", "",
       "sipvet.sip.reliableProvisional: never"},
      {"answers no challenge within calls", "unchallenged_in_call: true", "proxy/challenged-in-call"},
      {"does not tell what came of a transfer", "no_transfer_notice: true", "sip/transfer"},
      {"does not tell that a transfer failed", "no_transfer_notice: true", "sip/transfer-fails"},
      {"follows transfers that are not allowed", "", "sip/transfer-refused", "",
       "sipvet.telephone.transfers: true"},
  };
}

} // namespace sipvet::runner
