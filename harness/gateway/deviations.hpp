// Every way in which the reference gateway can be told to misbehave; each field is one, and its default is
// correct behaviour. A key of the `deviations` map in the gateway's settings is a field of the same name.
#pragma once

#include "gateway/route_deviations.hpp"
#include "gateway/srtp_policy.hpp"
#include "keying/mikey_deviations.hpp"
#include "keying/sdes_deviations.hpp"
#include "tls/deviations.hpp"
#include "ua/dtls_deviations.hpp"
#include "ua/media_deviations.hpp"

#include <optional>

namespace sipvet::gateway {

// One changed entry of the inbound table: {mode: always, offer: rtp-only, treatment: rtp}.
struct AnswerOverride {
  SrtpMode mode = SrtpMode::always;
  keying::OfferShape offer = keying::OfferShape::rtp_only;
  Treatment treatment = Treatment::srtp;
};

// One changed entry of the outbound table: {mode: never, offer: srtp-only}.
struct OfferOverride {
  SrtpMode mode = SrtpMode::always;
  keying::OfferShape offer = keying::OfferShape::rtp_only;
};

struct Deviations {
  std::optional<AnswerOverride> srtp_answer;
  std::optional<OfferOverride> srtp_offer;
  int status_instead_of_488 = 488;          // 406 and 415 are seen in the field
  bool plain_media_on_secured_leg = false;  // agrees on SRTP, sends RTP
  bool reuse_key_both_directions = false;   // answers with the offerer's own key
  bool wrong_suite_in_answer = false;       // names the other suite in the answer than the one it uses
  bool answer_tag_changed = false;          // answers a crypto tag that was not offered
  bool offer_suites_reversed = false;       // offers the configured suites last first
  bool answer_picks_offerers_order = false; // takes the offerer's first suite instead of its own
  bool silent_media = false;                // sends packets without sound
  bool wrong_voiceprint = false;            // sends the caller's own sound back
  bool one_way_media = false;               // sends nothing
  bool t38_beside_srtp = false;             // changes a call with SRTP to T.38 whatever is configured
  bool no_t38 = false;                      // turns T.38 down whatever is configured
  bool no_ack = false;                      // does not acknowledge a 2xx
  bool no_bye_response = false;             // does not answer BYE
  bool second_answer_kept = false;          // does not end a second fork that answers
  bool sip_contact_for_sips = false;        // answers a sips request with a Contact of scheme sip
  bool message_for_each_read = false;       // takes what a read gives for one SIP message
  bool no_pong = false;                     // does not answer keep-alives
  bool connection_for_each_request = false; // sends no request over a connection that is there
  bool no_credentials = false;              // answers no challenge
  bool ignores_next_nonce = false;          // goes on with a nonce when another was announced
  bool tries_refused_password = false;      // answers challenges whatever became of the last answer
  bool no_persistent_connection = false;    // registers over a connection of any port, and keeps none
  bool one_persistent_port = false;         // every persistent connection asks for the base port
  bool no_reconnect = false;                // a persistent connection that is lost stays so
  bool no_renewed_registration = false;     // none over a new connection, and none in time
  bool no_unregister = false;               // leaves its bindings where they are
  bool ignores_min_expires = false;         // a 423 is a failure like others
  bool no_keep_alive = false;               // sends none whatever is configured
  bool ignores_missing_pong = false;        // takes a silent connection for a good one
  bool udp_in_dialog = false;               // forgets the transport of routes and Contacts
  bool tls_for_some = false;                // lets TLS and plain gateways stand side by side
  bool no_prack = false;                    // does not acknowledge reliable provisional responses
  bool any_prack = false;                   // takes any PRACK for the one that is due
  bool no_session_refresh = false;          // lets sessions run out that it is to refresh
  bool no_session_end = false;              // keeps sessions that were not refreshed
  bool takes_any_interval = false;          // takes session intervals below its minimum
  bool offers_unanswered = false;           // answers no offer in PRACK and UPDATE
  bool crossing_offers_taken = false;       // takes an offer while another one is open
  bool no_repeated_offer = false;           // does not offer again what crossed another offer
  bool unchallenged_in_call = false;        // answers no challenge to requests within a call
  bool garbage_kept = false;                // keeps connections whose octets are no SIP
  bool silent_about_limits = false;         // does not say which limit was reached, and by whom
  bool no_transfer_notice = false;          // does not tell what came of a transfer
  bool no_cancel = false;                   // does not cancel a call that it hangs up before the answer
  bool late_answer_taken = false;           // takes an order to answer whatever became of the call
  bool silent_recording = false;            // records as much silence
  tls::Deviations tls;                      // in both roles
  keying::SdesDeviations sdes;              // as offerer and as answerer
  ua::DtlsDeviations dtls;                  // of its media
  keying::MikeyDeviations mikey;            // of its session descriptions
  ua::MediaDeviations media;                // of every call
  RouteDeviations route;                    // of whom it speaks to
};

// The tables with the overrides in them.
SrtpPolicy policy_of(const Deviations& deviations);

} // namespace sipvet::gateway
