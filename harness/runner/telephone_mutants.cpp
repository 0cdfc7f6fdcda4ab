// Gateways whose telephone side misbehaves in one way each, and the scenario that must notice.
#include "runner/mutants.hpp"

namespace sipvet::runner {

std::vector<Mutant> telephone_mutants() {
  return {
      {"answers by itself a call that nobody answered", "", "telephone/answered-by-hand", "",
       "sipvet.telephone.autoAnswer: true"},
      {"answers a call twice", "late_answer_taken: true", "telephone/answered-by-hand"},
      {"declines every call in the same way", "", "telephone/declined", "",
       "sipvet.telephone.declineStatus: 488"},
      {"answers a call that was given up", "late_answer_taken: true", "telephone/answered-too-late"},
      {"lets a call ring that was hung up", "no_cancel: true", "telephone/given-up-here"},
      {"answers all calls as they come", "", "telephone/two-calls-ring", "",
       "sipvet.telephone.autoAnswer: true"},
      {"hears no keys", "media: {events_unheard: true}", "telephone/keys-heard"},
      {"hears a key with every packet of its event", "media: {each_event_packet_counts: true}",
       "telephone/keys-heard"},
      {"sends no keys", "media: {events_unsent: true}", "telephone/keys-pressed"},
      {"sends keys as events whatever is configured", "", "telephone/keys-pressed", "",
       "sipvet.telephone.dtmf: events"},
      {"sends keys by INFO whatever is configured", "", "telephone/keys-pressed", "",
       "sipvet.telephone.dtmf: info"},
      {"sends events that were not agreed on", "media: {events_unasked: true}",
       "telephone/keys-not-negotiated"},
      {"records silence", "silent_recording: true", "telephone/recorded"},
      {"records no keys", "media: {events_unheard: true}", "telephone/recorded"},
      {"records silence from the first ring on", "silent_recording: true", "telephone/recorded-in-part"},
  };
}

} // namespace sipvet::runner
