// What peers do in steps, and the outcomes they wait for.
#include "script/action_tables.hpp"

namespace sipvet::script {
namespace {

using enum ValueType;

constexpr std::string_view offers = "srtp-only, srtp-and-rtp, rtp-only, none";
constexpr std::string_view offers_in_call = "srtp-only, srtp-and-rtp, rtp-only, t38, none";
constexpr std::string_view forms =
    "two-sections, avp-with-crypto, capability-negotiation, avp-with-encryption";
constexpr std::string_view transports = "udp, tcp, tls";
constexpr KeyInfo offer_key{"offer", text, offers, "What the session description offers; default rtp-only."};
constexpr KeyInfo form_key{
    "form", text, forms,
    "How srtp-and-rtp is written: two m= lines, RTP/AVP with crypto attributes, those of RFC "
    "5939, or with a=encryption; default from the peer's settings."};
constexpr KeyInfo crypto_key{
    "crypto", texts, "",
    "The crypto lines, whatever they say: values of a=crypto in which {key} is a fresh key, {key:29} one of "
    "29 octets, {bare} one without its padding, and in an answer {tag} and {suite} are those chosen. Braces "
    "need quotes in YAML."};
constexpr KeyInfo sdp_key{"sdp", texts, "",
                          "Lines that the session description must have: regular expressions."};
constexpr KeyInfo no_sdp_key{"no_sdp", texts, "", "Lines that it must not have: regular expressions."};
constexpr KeyInfo suites_key{"suites", texts, "", "SRTP crypto suites in order of preference."};
constexpr KeyInfo headers_key{"headers", map, "", "Header fields to add or replace: name to value."};
constexpr KeyInfo transport_key{"transport", text, transports,
                                "Transport to use; default from the peer's settings."};
constexpr KeyInfo through_key{"through", text, "", "The proxy that the call goes through."};
constexpr KeyInfo call_options[] = {
    through_key,
    offer_key,
    form_key,
    suites_key,
    crypto_key,
    {"to", text, "", "User part of the request URI; default from the settings."},
    transport_key,
    headers_key,
    {"prack", text, offers,
     "What the PRACK for the response that answers offers in its turn (RFC 3262 §5); default nothing."},
};
constexpr KeyInfo receive_options[] = {
    {"offer", text, offers_in_call, "What the session description of the request must offer."},
    {"form", text, forms, "How it must be written."},
    {"suites", texts, "", "The suites it must offer, in this order."},
    {"key-exchange", texts, "", "The ways to make SRTP keys that it must offer, in this order."},
    {"attributes", map, "",
     "Attributes of the session description that must match: name, or session/name or media/name, to regular "
     "expression; none for none."},
    {"header", map, "", "Header fields that must match: name to regular expression."},
    sdp_key,
    no_sdp_key,
    {"body", text, "", "What the body must match: a regular expression."},
};
constexpr KeyInfo ring_options[] = {
    {"sdp", boolean, "",
     "Whether the response carries a session description, with which early media begins; default false."},
    {"media", text, "srtp, rtp, best", "What that accepts; default best: SRTP if it was offered."},
    {"suite", text, "", "The suite it chooses; default the first one offered that the peer has."},
    crypto_key,
};
constexpr KeyInfo answer_options[] = {
    {"media", text, "srtp, rtp, best", "What to accept; default best: SRTP if it was offered."},
    {"suite", text, "", "The suite to choose; default the first one offered that the peer has."},
    crypto_key,
    headers_key,
};
constexpr KeyInfo reject_options[] = {
    {"reason", text, "", "Reason phrase; default the RFC's."},
    headers_key,
};
constexpr KeyInfo reinvite_options[] = {
    {"offer", text, offers_in_call,
     "What the session description offers; default rtp-only. t38: the call changes to fax."},
    form_key,
    suites_key,
    crypto_key};
constexpr KeyInfo options_options[] = {headers_key};
constexpr KeyInfo refer_options[] = {
    {"to", text, "", "The peer that the gateway shall call."},
    {"uri", text, "",
     "The URI that it shall call, in place of a peer's; without either there is no Refer-To."},
    headers_key,
};
constexpr KeyInfo connect_options[] = {
    transport_key,
    {"count", integer, "1..1000", "How many connections; default 1. Done when none is on its way any more."},
};
constexpr KeyInfo pieces_key{
    "pieces", integer, "1..10000",
    "How many TLS records, or segments, the octets are cut into; default 1. With more, "
    "the connection is made first."};
constexpr KeyInfo send_octets_options[] = {pieces_key};
constexpr KeyInfo send_options[] = {
    pieces_key,
    {"times", integer, "1..10000",
     "How many copies go out together, each with its number in the place of {n}; default 1."},
};
constexpr KeyInfo dtmf_options[] = {
    {"by", text, "events, info",
     "Telephone events (RFC 4733), or a SIP INFO for each digit; default events."},
};
constexpr KeyInfo connection_keys[] = {
    {"established", boolean, "",
     "Whether the handshake succeeded. A connection that a fatal alert ends before any "
     "data came counts as one that did not."},
    {"port", integer, "1..65535", "The port at the gateway's end."},
    {"version", text, "TLSv1.0, TLSv1.1, TLSv1.2, TLSv1.3", "The TLS version."},
    {"cipher", text, "", "IANA name of the cipher suite."},
    {"resumed", boolean, "", "Whether a session was resumed."},
    {"alert", text, "",
     "The alert that the peer received: the fatal one, or else the last warning that is no "
     "close_notify; none for none."},
    {"sent_alert", text, "", "The alert that the peer sent, likewise."},
    {"close_notify", boolean, "", "Whether the peer received close_notify."},
    {"server_name", text, "", "The server name that the client sent; none for none."},
    {"certificate", boolean, "", "Whether the gateway presented a certificate."},
    {"closed", boolean, "", "Whether the gateway ended the connection."},
};
constexpr KeyTable connection_table{connection_keys};
constexpr KeyInfo dtls_keys[] = {
    {"established", boolean, "", "Whether the handshake succeeded and the certificate was taken."},
    {"role", text, "client, server", "What the peer is in it."},
    {"version", text, "DTLSv1.0, DTLSv1.2", "The DTLS version."},
    {"profile", text, "", "IANA name of the SRTP protection profile."},
    {"alert", text, "", "The fatal alert that the peer received; none for none."},
    {"sent_alert", text, "", "The fatal alert that the peer sent; none for none."},
    {"failure", text, "", "Why it failed, as the peer sees it: a regular expression."},
};
constexpr KeyTable dtls_table{dtls_keys};

constexpr ActionInfo action_table[] = {
    {"call",
     ActorKind::peer,
     {"call", text, "", "The gateway; or the user to call through a proxy."},
     call_options,
     "Sends an INVITE."},
    {"expect",
     ActorKind::peer,
     {"expect", media_outcome, "", "The outcome that must come."},
     {},
     "Waits for the outcome of the last request sent, or of the last connection."},
    {"receive",
     ActorKind::peer,
     {"receive", text, "",
      "The method: INVITE, BYE and so on; or the status of a provisional response, such as 183."},
     receive_options,
     "Waits for a request, or for a provisional response to its INVITE."},
    {"ring",
     ActorKind::peer,
     {"ring", integer, "180..199", "The status code."},
     ring_options,
     "Sends a provisional response to the INVITE received; 199 (RFC 6228) ends this early dialog."},
    {"answer",
     ActorKind::peer,
     {"answer", integer, "200..299", "The status code."},
     answer_options,
     "Sends the final success response to the INVITE received."},
    {"reject",
     ActorKind::peer,
     {"reject", integer, "300..699", "The status code."},
     reject_options,
     "Sends a final failure response to the INVITE received."},
    {"cancel",
     ActorKind::peer,
     {"cancel", text, "gateway", "Whose call."},
     {},
     "Sends CANCEL for the INVITE that is still open."},
    {"hang up",
     ActorKind::peer,
     {"hang up", text, "gateway", "Whose call."},
     {},
     "Sends BYE and waits for its 200."},
    {"re-invite",
     ActorKind::peer,
     {"re-invite", text, "gateway", "Whose call."},
     reinvite_options,
     "Sends an INVITE inside the dialog."},
    {"update",
     ActorKind::peer,
     {"update", text, "gateway", "Whose call."},
     reinvite_options,
     "Sends UPDATE in its call, answered already or not, with an offer or, with offer none, without."},
    {"options",
     ActorKind::peer,
     {"options", text, "gateway", "Whom to ask."},
     options_options,
     "Sends OPTIONS."},
    {"refer",
     ActorKind::peer,
     {"refer", text, "gateway", "Whom to ask."},
     refer_options,
     "Sends REFER in its call: the gateway shall call somebody else."},
    {"connect",
     ActorKind::peer,
     {"connect", text, "gateway", "Where to."},
     connect_options,
     "Opens the connection, with its TLS handshake, and sends no message; done when that has succeeded or "
     "failed."},
    {"disconnect",
     ActorKind::peer,
     {"disconnect", text, "gateway", "From whom."},
     {},
     "Closes the connection."},
    {"finish",
     ActorKind::peer,
     {"finish", text, "gateway", "With whom."},
     {},
     "Ends its direction of the last connection, and still reads: a half-close."},
    {"send",
     ActorKind::peer,
     {"send", texts, "",
      "The whole message, or several that go out together; `Content-Length: auto` is computed."},
     send_options,
     "Sends exactly this message, lines ended by LF or CRLF."},
    {"send octets",
     ActorKind::peer,
     {"send octets", text, "", "In hexadecimal, with or without blanks."},
     send_octets_options,
     "Sends these octets on its connection, which is made first where there is none."},
    {"ping",
     ActorKind::peer,
     {"ping", text, "gateway", "Whom to ping."},
     {},
     "Sends CRLF CRLF on its connection, made first where there is none, and waits for the CRLF that "
     "answers."},
    {"dtmf",
     ActorKind::peer,
     {"dtmf", text, "", "The digits: 0 to 9, *, #, A to D."},
     dtmf_options,
     "Sends the digits in its last call; by INFO it waits for the response to each."},
    {"listen",
     ActorKind::peer,
     {"listen", boolean, "", "true: somebody is at its port; false: nobody, and its connections end."},
     {},
     "The peer's servers come up or go down."},
    {"registers_with",
     ActorKind::peer,
     {"registers_with", text, "", "The peer that acts as proxy."},
     {},
     "Registers with a proxy, answers its challenge, and waits for the 200; the binding is renewed from then "
     "on."},
    {"unregisters",
     ActorKind::peer,
     {"unregisters", text, "", "The proxy."},
     {},
     "Removes the binding and waits for the response."},
};

constexpr KeyInfo outcome_table[] = {
    {"status", any, "", "A status code or class, such as 488 or 4xx."},
    {"media", text, "srtp, rtp, t38", "What the answer accepted."},
    {"suite", text, "", "The crypto suite of the answer."},
    {"key-exchange", text, "", "How the answer makes SRTP keys: sdes, mikey, dtls-srtp."},
    {"attributes", map, "",
     "Attributes of the answer's session description that must match: name, or session/name or media/name, "
     "to "
     "regular expression; none for none."},
    {"header", map, "", "Header fields of the response that must match: name to regular expression."},
    {"reason", text, "", "The reason phrase."},
    sdp_key,
    no_sdp_key,
    {"tls", map, "",
     "The last connection of the peer, made or accepted; waits for one to come, and for its handshake to "
     "end.",
     &connection_table},
    {"fax", text, "no-signal, cng, ced, v21-preamble",
     "The fax signal that the peer must get over T.38; waits for it."},
    {"dtmf", text, "", dtmf_text},
    {"next-hop", text, "address, port, transport, encryption, none",
     "On which of the settings of its next hop the peer and the gateway disagree, as far as the peer can "
     "see."},
    {"dtls", map, "",
     "The DTLS association that keys the media of the peer's last call; waits for its handshake to end.",
     &dtls_table},
};

} // namespace

std::span<const ActionInfo> peer_actions() { return action_table; }
std::span<const KeyInfo> outcome_keys() { return outcome_table; }

} // namespace sipvet::script
