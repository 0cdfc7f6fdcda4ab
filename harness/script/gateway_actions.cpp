// What the gateway's telephone does in steps, and what is expected of it.
#include "script/action_tables.hpp"

namespace sipvet::script {
namespace {

using enum ValueType;

constexpr KeyInfo telephone_options_options[] = {
    {"uri", text, "",
     "The URI to ask, whose servers are looked up and tried as those of calls are; default the peer's "
     "address."},
};
constexpr KeyInfo telephone_call_options[] = {
    {"number", text, "", "The number dialled at the telephone side."},
    {"through", text, "", "The proxy that the call goes through; the gateway is registered there."},
};
constexpr KeyInfo registration_options[] = {
    {"outcome", text, "registered, refused, unanswered, unconnected",
     "What must come of it; default registered."},
};
constexpr KeyInfo refused_key{
    "refused", text, "",
    "The gateway must refuse the order: what it says matches this regular expression, and nothing is done."};
constexpr KeyInfo telephone_order_options[] = {refused_key};
constexpr KeyInfo dial_options[] = {
    {"caller", text, "", "The caller's number (ANI)."},
    {"caller_name", text, "", "The caller's name."},
    {"channel", text, "", "The telephone line it comes in by; default A1."},
    refused_key,
};
constexpr KeyInfo dropped_keys[] = {
    {"malformed", integer, counts, "No RTP or RTCP."},
    {"plain-on-secured", integer, counts, "Not protected, on a leg with keys."},
    {"authentication", integer, counts, "The tag is wrong."},
    {"unknown-mki", integer, counts, "Of no key that was agreed on."},
    {"key-expired", integer, counts, "The key's lifetime was over."},
    {"replay", integer, counts, "Seen before, or older than the replay window."},
    {"wrong-source", integer, counts, "From where no description says, on a gateway that looks at that."},
    {"unknown-payload-type", integer, counts, "Of no format that was agreed on."},
    {"before-keys", integer, counts, "Came before the keys."},
    {"other-fork", integer, counts, "Of an early dialog that is not the one heard."},
};
constexpr KeyTable dropped_table{dropped_keys};
constexpr KeyInfo telephone_media_keys[] = {
    {"packets", integer, counts, "RTP packets that were accepted."},
    {"reports", integer, counts, "RTCP packets that were accepted."},
    {"checks-answered", integer, counts,
     "STUN checks of the other side that were answered (RFC 5763 §6.7.2)."},
    {"checks-confirmed", integer, counts, "Answers that came to STUN checks of the gateway's own."},
    {"dropped", map, "", "How many of both were dropped, and why; what is not named is 0.", &dropped_table},
};
constexpr KeyTable telephone_media_table{telephone_media_keys};
constexpr KeyInfo recording_keys[] = {
    {"file", text, "", "The file's name, as `record` had it; required."},
    {"voice", text, "", "The peer whose voice must be in it."},
    {"for", duration, "", "How long that must be; default 200ms."},
    {"digits", text, "", "The keys whose tones must be in it, in this order and no others; none for none."},
};
constexpr KeyTable recording_table{recording_keys};
constexpr KeyInfo telephone_outcome_keys[] = {
    {"ringing", boolean, "", "Whether a call rings at the telephone; waits for that to be so."},
    {"call", text, "answered, failed", "Whether the call was answered, or the OPTIONS got a 2xx."},
    {"status", any, "", "The status that the telephone side is told: a code or a class, such as 503 or 5xx."},
    {"reason", text, "", "The phrase with it: a regular expression."},
    {"fax", text, "no-signal, cng, ced, v21-preamble",
     "The fax signal that the gateway must get over T.38; waits for it."},
    {"dtmf", text, "", dtmf_text},
    {"recording", map, "",
     "The file of a recording, which ends with this step where it has not ended before: what the telephone "
     "has heard.",
     &recording_table},
    {"log", text, "", "A line of the gateway's log, its level in front: a regular expression."},
    {"media", map, "",
     "What became of the packets that came to the gateway in its last call, whoever placed it; waits for as "
     "many as are named. The capture must show the same.",
     &telephone_media_table},
    {"registered", boolean, "", "Whether all accounts are registered; waits for that to be so."},
    {"link", text, "Up, Down", "How its persistent connections stand; waits for that to be so."},
    {"links", texts, "",
     "Each of its persistent connections, in their order: LOCAL-PORT ADDRESS:PORT and Up or Down; waits for "
     "that "
     "to be so."},
    {"refused", text, "",
     "The gateway must not start; what it says of its settings: a regular expression. Stands alone."},
};
constexpr KeyTable telephone_outcome{telephone_outcome_keys};

constexpr ActionInfo action_table[] = {
    {"dial",
     ActorKind::gateway,
     {"dial", text, "", "The number."},
     dial_options,
     "Places a call from the gateway's telephone side that goes where the gateway's own settings say: "
     "routing "
     "rules, a proxy set, a trunk, or sip.out.requestUri."},
    {"call",
     ActorKind::gateway,
     {"call", text, "", "The peer to call."},
     telephone_call_options,
     "Places a call from the gateway's telephone side."},
    {"hang up",
     ActorKind::gateway,
     {"hang up", text, "", "The peer whose call ends."},
     telephone_order_options,
     "Ends the call at the gateway's telephone side: with BYE, or with CANCEL where it was placed there and "
     "still rings."},
    {"answer",
     ActorKind::gateway,
     {"answer", text, "", "The peer whose call is answered."},
     telephone_order_options,
     "Answers a call that rings at a gateway which does not answer by itself "
     "(sipvet.telephone.autoAnswer: false)."},
    {"decline",
     ActorKind::gateway,
     {"decline", text, "", "The peer whose call is declined."},
     telephone_order_options,
     "Declines a call that rings, with sipvet.telephone.declineStatus."},
    {"dtmf",
     ActorKind::gateway,
     {"dtmf", text, "", "The digits: 0 to 9, *, #, A to D."},
     telephone_order_options,
     "Presses keys of the telephone in the last call: telephone events (RFC 4733), or SIP INFO where "
     "sipvet.telephone.dtmf says so."},
    {"record",
     ActorKind::gateway,
     {"record", text, "", "The file's name, NAME.wav; it stands with the evidence of the cell."},
     {},
     "Records from now on what the telephone hears in the last call."},
    {"options",
     ActorKind::gateway,
     {"options", text, "", "The peer to ask."},
     telephone_options_options,
     "Sends OPTIONS, as gateways do to learn whether the other side is alive."},
    {"fax",
     ActorKind::gateway,
     {"fax", text, "", "The peer whose call it is about."},
     {},
     "A fax machine begins at the gateway's telephone side: the call changes to T.38 where that is allowed."},
    {"disconnect",
     ActorKind::gateway,
     {"disconnect", text, "", "From whom."},
     {},
     "Closes the gateway's connections with the peer, whoever made them."},
    {"registers_with",
     ActorKind::gateway,
     {"registers_with", text, "", "The peer that acts as proxy."},
     registration_options,
     "Takes the peer for registrar and proxy: connects, registers its accounts, and waits for what comes of "
     "it."},
    {"unregisters",
     ActorKind::gateway,
     {"unregisters", text, "", "The proxy."},
     {},
     "Removes its bindings and waits for the response."},
    {"expect",
     ActorKind::gateway,
     {"expect", map, "", "What must come of it.", &telephone_outcome},
     {},
     "Waits for the outcome of the last call or OPTIONS of the gateway."},
};

} // namespace

std::span<const ActionInfo> gateway_actions() { return action_table; }

} // namespace sipvet::script
