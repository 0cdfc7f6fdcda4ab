// What the capture of a run must show.
#include "script/action_tables.hpp"

namespace sipvet::script {
namespace {

using enum ValueType;

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

std::span<const KeyInfo> wire_checks() { return wire_table; }

} // namespace sipvet::script
