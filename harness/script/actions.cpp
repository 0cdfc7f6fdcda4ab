#include "script/actions.hpp"

#include <algorithm>

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
constexpr KeyInfo dtmf_options[] = {
    {"by", text, "events, info",
     "Telephone events (RFC 4733), or a SIP INFO for each digit; default events."},
};
constexpr KeyInfo dial_options[] = {
    {"caller", text, "", "The caller's number (ANI)."},
    {"caller_name", text, "", "The caller's name."},
    {"channel", text, "", "The telephone line it comes in by; default A1."},
    refused_key,
};
constexpr KeyInfo media_options[] = {
    {"for", duration, "", "Media that must go each way; default 200ms."},
};

constexpr std::string_view counts = "0..1000000";
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

constexpr std::string_view dtmf_text = "The digits that must have been heard in the last call, and no "
                                       "others: telephone events and SIP INFO; waits "
                                       "for them. none: none were heard until now.";
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
    {"dial",
     ActorKind::gateway,
     {"dial", text, "", "The number."},
     dial_options,
     "Places a call from the gateway's telephone side that goes where the gateway's own settings say: "
     "routing "
     "rules, a proxy set, a trunk, or sip.out.requestUri."},
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
    {"between",
     ActorKind::media,
     {"between", texts, "", "The two actors."},
     media_options,
     "Both actors send their own voice and must recognise the other's."},
    {"passes",
     ActorKind::time,
     {"passes", duration, "", "How long."},
     {},
     "Nothing is done. Only in scenarios that are always simulated."},
};

constexpr KeyInfo scenario_table[] = {
    {"scenario", text, "", "Its name, folder/name; required."},
    {"title", text, "", "One sentence that says what is shown; required."},
    {"covers", texts, "", "Requirements that a pass proves."},
    {"tags", texts, "", "Words to pick scenarios by."},
    {"matrix", map, "", "Variables and the values each takes; the steps run once for every combination."},
    {"oracle", map, "",
     "Variables whose value depends on the matrix: nested maps, a level for each dimension."},
    {"gateway", map, "", "The gateway's profile and settings."},
    {"peers", map, "", "Name of each peer to its profile and settings."},
    {"dns", map, "",
     "Records that the gateway's DNS server has: name to a record, or to a list of them, as zone files write "
     "them without the name; {peer} is a peer's address and {peer:port} its port."},
    {"steps", ValueType::list, "", "What happens, in order: a list of actor to action; required."},
    {"wire", ValueType::list, "", "What the decrypted capture must show: a list of checks."},
    {"explain", text, "", "Why it must be so, for the reader of a failure."},
    {"known_failure", map, "", "The defect that makes this fail today; a pass is then a failure."},
    {"deadline", duration, "", "Time for the whole cell; default 10s."},
    {"network", text, "simulated",
     "Runs in the simulated network whatever is asked for: where minutes pass in a moment, and addresses and "
     "ports are as written."},
};

constexpr KeyInfo step_table[] = {
    {"if", text, "answered, rejected", "Only when the last call ended so."},
    {"within", duration, "", "Deadline of this step; default the cell's."},
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

constexpr KeyInfo known_failure_table[] = {
    {"reason", text, "", "What is wrong and where that is written down; required."},
    {"finding", text, "", "Id of the finding that must be among the failures; required."},
};

constexpr KeyInfo client_hello_keys[] = {
    {"format", text, "tls, sslv2", "Its format."},
    {"version", text, "", "The version field, such as TLSv1.2."},
    {"versions", texts, "",
     "All versions offered, in order: supported_versions, or the field where that is missing."},
    {"suites", texts, "", "The suites offered, in order; signalling values and GREASE left out."},
    {"server_name", text, "", "The server name; none for none."},
    {"extensions", texts, "", "Extensions that are there, by IANA's names."},
    {"extensions_absent", texts, "", "Extensions that are not there."},
};
constexpr KeyTable client_hello_table{client_hello_keys};
constexpr KeyInfo server_hello_keys[] = {
    {"downgrade_mark", text, "none, TLSv1.1, TLSv1.2",
     "The mark in its random (RFC 8446 §4.1.3): TLSv1.1 stands for TLS 1.1 and older."},
    {"encrypt_then_mac", boolean, "", "Whether encrypt-then-MAC was agreed on."},
    {"extended_master_secret", boolean, "", "Whether the extended master secret was agreed on."},
    {"renegotiation_info", boolean, "", "Whether it has renegotiation_info (RFC 5746)."},
    {"compression", integer, "0..255", "The compression method; 0 is none."},
    {"extensions", texts, "", "Extensions that are there, by IANA's names."},
    {"extensions_absent", texts, "", "Extensions that are not there."},
};
constexpr KeyTable server_hello_table{server_hello_keys};
constexpr KeyInfo tls_keys[] = {
    {"connection", integer, "1..1000000", "Which connection is meant, in the order they began; default all."},
    {"version", text, "", "Version of every connection: TLSv1.2."},
    {"cipher", text, "", "IANA name of every connection's suite."},
    {"connections", integer, "0..1000000", "How many connections there are."},
    {"resumed", integer, "0..1000000", "How many of them resumed a session."},
    {"client_hello", map, "", "The first ClientHello.", &client_hello_table},
    {"server_hello", map, "", "The first ServerHello.", &server_hello_table},
    {"client_certificate", text, "none, empty, given",
     "Whether the client sent a Certificate message, and one with a certificate in it."},
    {"close_notify", text, "none, client, server, both", "Who sent close_notify."},
    {"alerts", texts, "", "Names of the other alerts, in order, whoever sent them."},
    {"premaster_version", text, "", "The version inside the RSA premaster secret."},
};
constexpr KeyTable tls_table{tls_keys};
constexpr KeyInfo sip_keys[] = {
    {"messages", integer, "0..1000000", "How many messages there are."},
    {"methods", texts, "", "Methods of the requests, in order."},
};
constexpr KeyTable sip_table{sip_keys};
constexpr KeyInfo wire_dtmf_key{
    "dtmf", text, "",
    "Digits that one of the streams carries as telephone events; none: none of them carries any."};
constexpr KeyInfo srtp_keys[] = {
    {"suite", text, "", "Suite of every stream."},
    {"streams", integer, "0..1000000", "How many streams there are."},
    {"reports", integer, "0..1000000", "How many SRTCP packets are authentic."},
    wire_dtmf_key,
};
constexpr KeyTable srtp_table{srtp_keys};
constexpr KeyInfo rtp_keys[] = {
    {"streams", integer, "0..1000000", "How many streams there are."},
    wire_dtmf_key,
};
constexpr KeyTable rtp_table{rtp_keys};
constexpr KeyInfo t38_keys[] = {
    {"streams", integer, "0..1000000", "How many streams there are."},
};
constexpr KeyTable t38_table{t38_keys};

constexpr KeyInfo wire_dtls_keys[] = {
    {"handshakes", integer, "0..1000000", "How many handshakes were completed."},
    {"version", text, "DTLSv1.0, DTLSv1.2", "Version of each of them."},
    {"profile", text, "", "IANA name of the SRTP protection profile of each of them."},
};
constexpr KeyTable wire_dtls_table{wire_dtls_keys};

constexpr KeyInfo capture_keys[] = {
    {"rsa-keys", text, "",
     "The keys that there are, as Wireshark's preferences have them: ADDRESS,PORT,PROTOCOL,KEYFILE, several "
     "joined by semicolons. {NAME} is the address of the gateway or of a peer, {NAME:port} its TLS port, "
     "{NAME:key} the file of its key. Braces need quotes in YAML."},
    {"begins", text, "start, after-handshake",
     "Where it begins; after-handshake: with the first SIP message. Default start."},
    {"decrypted", integer, "0..1000000", "How many TLS connections can be read."},
    {"messages", integer, "0..1000000", "How many SIP messages can be read."},
    {"reason", text, "", "Why each of the other connections cannot: a regular expression."},
    {"advice", text, "", "What is said to do about each of them: a regular expression."},
};
constexpr KeyTable capture_table{capture_keys};

constexpr KeyInfo wire_table[] = {
    {"tls", map, "", "The TLS connections.", &tls_table},
    {"sip", map, "", "The SIP messages.", &sip_table},
    {"srtp", map, "", "The SRTP streams.", &srtp_table},
    {"rtp", map, "", "The plain RTP streams.", &rtp_table},
    {"dtls", map, "", "The DTLS handshakes that key media.", &wire_dtls_table},
    {"t38", map, "", "The streams of T.38, which is never encrypted.", &t38_table},
    {"capture", map, "",
     "What others see in the capture: those who have RSA keys of servers, and none of the secrets of the "
     "run.",
     &capture_table},
    {"finding", text, "", "Id of a finding that must be there."},
    {"no_finding", text, "", "Id of a finding that must not be there."},
};

} // namespace

std::span<const ActionInfo> actions() { return action_table; }
std::span<const KeyInfo> scenario_keys() { return scenario_table; }
std::span<const KeyInfo> step_keys() { return step_table; }
std::span<const KeyInfo> outcome_keys() { return outcome_table; }
std::span<const KeyInfo> known_failure_keys() { return known_failure_table; }
std::span<const KeyInfo> wire_checks() { return wire_table; }

const ActionInfo* find_action(ActorKind actor, std::string_view name) {
  const auto* const row =
      std::find_if(std::begin(action_table), std::end(action_table),
                   [&](const ActionInfo& a) { return a.actor == actor && a.name == name; });
  return row == std::end(action_table) ? nullptr : row;
}

std::string_view to_string(ActorKind actor) {
  switch (actor) {
  case ActorKind::peer:
    return "a peer";
  case ActorKind::gateway:
    return "the gateway";
  case ActorKind::media:
    return "media";
  case ActorKind::time:
    return "time";
  }
  return "media";
}

std::string_view describe(ValueType type) {
  switch (type) {
  case text:
    return "a text";
  case integer:
    return "an integer";
  case boolean:
    return "true or false";
  case duration:
    return "a duration such as 200ms";
  case texts:
    return "a text or a list of texts";
  case list:
    return "a list";
  case map:
    return "a map";
  case media_outcome:
    return "an outcome such as srtp, rtp, answered, 488, 4xx or a map";
  case any:
    return "a value";
  }
  return "a value";
}

} // namespace sipvet::script
