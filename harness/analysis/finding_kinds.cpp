#include "analysis/finding_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::analysis {
namespace {

constexpr auto error = verdict::Severity::error, warning = verdict::Severity::warning,
               info = verdict::Severity::info;

constexpr FindingKind kinds[] = {
    // The capture and what was given to open it.
    {"unused-key", warning, "A key that was given opens nothing in the capture.",
     "give the key of the certificate or stream that the capture holds"},
    {"keylog-line-unreadable", info, "A line of a key log is no secret.",
     "write secrets in the NSS key log format; the other lines were used"},
    {"capture-truncated", warning, "The file ends in the middle of a frame.",
     "let the capture end before copying it"},
    {"frame-undecodable", warning, "A frame cannot be taken apart.",
     "capture with a larger snap length, or look at the frame in a protocol analyser"},
    {"fragments-incomplete", info, "IP fragments are missing.", "capture without loss"},
    {"media-left-out", warning, "There are more streams than are followed at once.",
     "inspect the capture in parts"},

    // TLS.
    {"tls-not-decrypted", warning, "A connection could not be read, or not to its end; the reason is named.",
     "give the secret that the reason asks for"},
    {"plain-sip-to-tls-port", error, "SIP came without TLS to a port that speaks TLS.",
     "set the transport towards this port to TLS, or use the port for plain SIP"},
    {"sslv2-hello-refused", warning, "The server closed on a ClientHello in SSL 2.0 format.",
     "let the server accept that format (RFC 5246 appendix E.2), or the client send a hello of TLS"},
    {"no-common-tls", warning, "Client and server have no version or suite in common.",
     "compare the suites and versions that both sides allow"},
    {"tls-handshake-failed", warning, "A handshake ended with a fatal alert; the alert is named.",
     "look at the alert: its sender says what it does not accept"},
    {"certificate-expired", warning, "The server's certificate had run out when the connection was made.",
     "renew the certificate, or set the clocks right"},
    {"certificate-not-yet-valid", warning, "The server's certificate was not valid yet.",
     "set the clocks of both sides right, or wait"},
    {"certificate-wrong-name", warning, "The server's certificate does not name the host that was asked for.",
     "issue a certificate with that name as subjectAltName (RFC 5922 §7.1)"},
    {"certificate-self-signed", info, "The server's certificate is its own issuer.",
     "have it signed by a CA that the clients trust, or give them this certificate"},
    {"certificate-refused", warning, "One side refused the other's certificate; its alert says why.",
     "give that side the issuer's certificate, or a certificate that it can accept"},
    {"weak-or-old-tls", warning, "An old version of TLS, or a suite that is broken.",
     "use TLS 1.2 or 1.3 with AES or ChaCha20 (RFC 8996, RFC 9325 §4.1)"},
    {"static-rsa", info, "The key exchange is static RSA: who gets the key later can read it all.",
     "prefer ECDHE suites (RFC 9325 §4.1)"},
    {"tls-closed-idle", warning,
     "A connection was closed after a long silence although calls, registrations or requests depended on it.",
     "lengthen the idle timer, or keep the connection alive (RFC 5626 §3.5.1)"},

    // SIP.
    {"sip-message-unreadable", warning, "A datagram begins like SIP and cannot be read.",
     "compare the message with RFC 3261 §7 at the octet named"},
    {"sip-framing-lost", error, "A SIP stream cannot be followed from here on.",
     "compare Content-Length with the body before this octet, or capture without loss"},
    {"contact-without-tls", warning, "A Contact sent over TLS asks for no TLS: later requests leave it.",
     "add transport=tls to the Contact, or use a sips URI (RFC 3261 §19.1.1)"},
    {"record-route-without-tls", warning, "A Record-Route sent over TLS asks for no TLS.",
     "add transport=tls to the Record-Route, or use a sips URI (RFC 3261 §16.6)"},
    {"request-astray", warning, "A request followed such a URI and left TLS.",
     "correct the Contact or Record-Route that the finding names"},
    {"sip-retransmission", warning, "A message was sent again: its answer came late, or never.",
     "look for loss on this path, or for a peer that is slow to answer"},
    {"request-unanswered", warning, "A request got no answer.",
     "look at whether it arrived, and at whether its receiver could send back to the Via"},
    {"offer-refused", warning, "An offer was refused; the lines it was about are shown.",
     "offer what the other side supports: compare profile, keys and codecs"},

    // Keys in descriptions.
    {"sdp-unreadable", error, "A session description breaks the grammar.",
     "compare the line with RFC 8866 §9"},
    {"mikey-sdes-mismatch", warning, "One side keys with MIKEY, the other with SDES.",
     "use the same key management on both sides"},
    {"mikey-oddity", warning,
     "A MIKEY message has something odd that implementations are known to stumble over.",
     "compare the security policy with RFC 3830 §6.10.1, and protect the message (§4.2)"},
    {"crypto-line-unreadable", error, "A crypto line breaks the grammar.",
     "compare the line with the grammar of RFC 4568 §9"},
    {"key-not-base64", error, "The key of a crypto line is not base64.",
     "write key and salt in base64, with padding (RFC 4568 §6.1)"},
    {"crypto-line-odd", info, "A crypto line can be read and is not written as it should be.",
     "write keys with their padding, suites as registered, and MKI and KDR from 1 (RFC 4568 §6.1, §6.3.1, "
     "RFC "
     "6188 §4)"},
    {"crypto-at-session-level", warning,
     "A crypto line stands where it says nothing: before the first section.",
     "write a=crypto in each media section (RFC 4568 §4)"},
    {"key-repeated", error, "A description has the same key twice.",
     "draw a fresh random key for each line and each section (RFC 4568 §6.1)"},
    {"key-length-wrong", error, "A key has not the length that its suite needs.",
     "send as many octets of key and salt as the suite has"},
    {"crypto-line-unusable", error, "A crypto line follows the grammar and cannot be used.",
     "give each key of a line an MKI of its own, all of one length, that its number fits into (RFC 4568 "
     "§6.1)"},
    {"weak-key", warning, "A key shows a pattern: it was not drawn at random.",
     "draw keys from a cryptographic random source (RFC 4568 §6.1, RFC 4086)"},
    {"srtp-key-reused", error, "Both directions have one key.",
     "draw a fresh random key for each direction (RFC 4568 §7.1.2)"},
    {"key-reused-across-calls", warning, "A key came again in another call.",
     "draw a fresh random key for each call (RFC 3711 §9.1)"},
    {"key-over-plain-transport", warning, "An SRTP key was sent in the clear.",
     "send SDES keys over TLS only (RFC 4568 §8.3)"},
    {"answer-changed", warning, "A response answers otherwise than one before it in the same dialog.",
     "repeat the answer of the provisional response as it was (RFC 3261 §13.2.1)"},
    {"answer-suite-not-offered", error, "The answer chose a suite that was not offered.",
     "answer with tag and suite of one offered line (RFC 4568 §5.1.2)"},
    {"answer-tag-not-offered", error, "The answer's tag was not offered.",
     "answer with the tag of the offered line (RFC 4568 §5.1.2)"},
    {"answer-parameters-not-offered", error,
     "An answer's negotiated session parameters are not those offered.",
     "answer UNENCRYPTED_SRTP, UNENCRYPTED_SRTCP and UNAUTHENTICATED_SRTP as they were offered (RFC 4568 "
     "§6.3)"},
    {"answer-without-key", error, "A secure section was answered without a key.",
     "answer with a crypto line, or refuse the section (RFC 4568 §5.1.2)"},
    {"answer-with-several-keys", warning, "An answer has more than one crypto line.",
     "answer with exactly one (RFC 4568 §5.1.2)"},
    {"dtls-fingerprint-mismatch", error,
     "A certificate of a DTLS handshake is not the one that the session description promises.",
     "find out who answers at this address; else compare a=fingerprint with the certificate (RFC 5763 §5)"},
    {"dtls-fingerprint-missing", error, "A section for DTLS-SRTP has no fingerprint.",
     "write a=fingerprint into the section or the session (RFC 5763 §5)"},
    {"dtls-setup-contradiction", error, "The answer's a=setup is none that the offer allows.",
     "answer actpass with active or passive, active with passive, passive with active (RFC 4145 §4.1)"},
    {"dtls-profile-not-offered", error, "The DTLS server chose an SRTP profile that was not offered.",
     "choose one of the client's use_srtp extension (RFC 5764 §4.1.1)"},
    {"dtls-handshake-failed", warning, "A DTLS handshake ended with a fatal alert; the alert is named.",
     "look at the alert: its sender says what it does not accept"},

    // Media.
    {"plain-media-on-secured-leg", error, "RTP in the clear where SRTP was negotiated.",
     "send SRTP from the first packet on, and drop what is not authentic"},
    {"plain-rtcp-on-secured-leg", warning, "RTCP in the clear where SRTP was negotiated.",
     "protect RTCP as well, or negotiate UNENCRYPTED_SRTCP (RFC 4568 §6.3.2)"},
    {"srtp-on-plain-leg", warning, "SRTP where plain RTP was negotiated.",
     "send SRTP only when the answer agreed to it (RFC 4568 §5.1.2)"},
    {"srtp-no-key", warning, "No key is known for a stream.",
     "decrypt the signalling that carried it, or give the key with --srtp-key"},
    {"srtp-authentication-failed", error, "Packets are not authentic under any key that is known.",
     "compare the key, suite and rollover counter of sender and receiver"},
    {"srtp-wrong-direction-key", error, "The sender uses a key that is not its own.",
     "each side sends with the key in its own description (RFC 4568 §7.1.1)"},
    {"media-suite-mismatch", error, "The sender uses another suite, tag length or MKI than was negotiated.",
     "use suite and MKI of the answered line (RFC 4568 §5.1.2, §6.1)"},
    {"srtp-wrong-roc", warning,
     "The stream begins at another rollover counter than 0, or than its MIKEY message says.",
     "begin every session and every SSRC at rollover counter 0 (RFC 3711 §3.3.1, RFC 4568 §6.4), or tell it "
     "in "
     "the CS ID map of MIKEY (RFC 3830 §6.1.1); a change of keys leaves it alone, unless the address changes "
     "with it (RFC 4568 §7.1.4)"},
    {"srtp-key-lifetime", warning, "A key was used for more packets than its line allows.",
     "change the key before its lifetime ends (RFC 4568 §6.1)"},
    {"media-address-unknown", warning, "Media between addresses that no description names.",
     "look for NAT on the way, or for a sender that ignores the description (RFC 4961)"},
    {"one-way-media", warning, "Media was promised both ways and came one way.",
     "check what blocks this direction: an address behind NAT, a firewall, a refused key"},
    {"media-replayed", warning, "Packets came a second time, later than a network repeats them.",
     "look for who sends them again; a receiver must drop them (RFC 3711 §3.3.2)"},
    {"media-lost", warning, "Packets of a stream are missing.",
     "look for loss between sender and capture; compare with the receiver reports"},
    {"media-jitter", warning, "Packets of a stream come too unevenly for usual buffers.",
     "look for congestion or a busy sender on the way"},
};

} // namespace

std::span<const FindingKind> finding_kinds() { return kinds; }

const FindingKind* find_finding_kind(std::string_view id) {
  const auto* found = std::ranges::find(kinds, id, &FindingKind::id);
  return found == std::end(kinds) ? nullptr : found;
}

std::string finding_kinds_markdown() {
  std::string out =
      "# Findings of `sipvet inspect`\n\n"
      "Generated by `sipvet inspect --list-findings`; ids are stable. The severity is the usual one. "
      "Those about keys come first, then by frame, those\nof one frame in the order of this table, and of "
      "one kind by their texts.\n\n"
      "| id | severity | what it means | what to do |\n|---|---|---|---|\n";
  for (const auto& kind : kinds)
    out +=
        fmt::format("| `{}` | {} | {} | {} |\n", kind.id, to_string(kind.severity), kind.meaning, kind.fix);
  return out;
}

} // namespace sipvet::analysis
