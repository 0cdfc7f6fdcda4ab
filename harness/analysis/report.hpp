// What a capture turned out to hold: connections, messages, calls, media streams and findings, as plain data.
#pragma once

#include "analysis/dialog_list.hpp"
#include "analysis/message_list.hpp"
#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/endpoint.hpp"
#include "rtp/voiceprint.hpp"
#include "verdict/verdict.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::analysis {

// Frames are numbered from 1 through all captures of one inspection; `first_frame` says where a file begins.
struct CaptureFile {
  std::string path;
  std::size_t first_frame = 1;
  std::size_t packets = 0;
};

// What the first hello of each side says; codes as they stand on the wire, at most max_hello_codes of a list.
inline constexpr std::size_t max_hello_codes = 512;
struct ClientHelloFacts {
  bool sslv2 = false;                         // in SSL 2.0 format
  std::uint16_t version = 0;                  // the field
  std::vector<std::uint16_t> versions = {};   // supported_versions in order; without it the field alone
  std::vector<std::uint16_t> suites = {};     // in order, signalling values included
  std::vector<std::uint16_t> extensions = {}; // in order
};
struct ServerHelloFacts {
  std::string
      downgrade_mark; // of its random (RFC 8446 §4.1.3): "none", "TLSv1.2", "TLSv1.1" for that and older
  std::uint8_t compression = 0;
  std::vector<std::uint16_t> extensions = {}; // in order
};

// What the client sent when it was asked for a certificate, seen where it is readable.
enum class ClientCertificate { none, empty, given };
std::string_view to_string(ClientCertificate certificate);

struct TlsAlert {
  bool from_client = false;
  std::uint8_t level = 0;
  std::uint8_t description = 0;
};
std::string to_string(const TlsAlert& alert); // "server: fatal handshake_failure(40)"

// Octets of a TLS connection that could not be read, between others that could.
struct TlsLoss {
  bool from_client = false;
  std::uint64_t offset = 0; // of the first such octet in its direction, from 0
  std::uint64_t octets = 0; // that were not captured, or, of a damaged record, its length
  std::string damage;       // what was wrong with the record; empty when the octets were not captured
  // Where reading went on, and how many records were lost up to there; none when nothing more could be read.
  std::optional<std::uint64_t> resumed_at;
  std::uint64_t records = 0;
};

// What a server's certificate says of itself.
struct ServerCertificate {
  std::string subject; // "CN=gw.example.com,O=Lab"
  std::string issuer;
  std::string common_name;
  std::vector<std::string> dns_names; // subjectAltName, as are the two that follow
  std::vector<std::string> uris;
  std::vector<std::string> ip_addresses;
  Instant not_before;
  Instant not_after;
  std::string sha256; // of its DER form, hexadecimal
};

struct TlsConnection {
  Endpoint client;
  Endpoint server;
  std::string version;    // "TLSv1.2"; empty when no ServerHello was captured
  std::string cipher;     // IANA's name; empty the same way
  bool decrypted = false; // application data of both sides could be read, but for what `reason` names
  std::string key_source; // "rsa", "keylog", "dsb", "psk" or "resumed"; empty when nothing was decrypted
  std::uint64_t client_bytes = 0; // decrypted application data sent by the client
  std::uint64_t server_bytes = 0;
  std::string client_sha256; // over those octets in order, hexadecimal
  std::string server_sha256;
  std::optional<std::string> reason; // why not, or why not to the end (tls_reason.hpp)

  std::size_t first_frame = 0;
  std::size_t last_frame = 0;
  Instant first_time;
  Bytes client_random;     // 32 octets; empty when no ClientHello was captured
  std::string server_name; // SNI; empty when none was sent
  std::string certificate; // subject of the server's certificate, where the handshake shows it
  std::optional<std::size_t> certificate_index; // into Report::certificates
  bool handshake_completed = false;
  bool resumed = false; // abbreviated handshake (RFC 5246 §7.3) or PSK (RFC 8446 §2.2)
  std::optional<ClientHelloFacts> client_hello;
  std::optional<ServerHelloFacts> server_hello;
  ClientCertificate client_certificate = ClientCertificate::none;
  std::optional<std::uint16_t> premaster_version; // inside the RSA premaster secret, where a key opened it
  bool encrypt_then_mac = false;
  bool extended_master_secret = false;
  std::size_t renegotiations = 0;
  std::vector<TlsLoss> losses; // the first ones of each connection
  std::size_t loss_count = 0;
  std::vector<TlsAlert> alerts; // close_notify included
  Bytes master_secret;          // of TLS 1.0 to 1.2, where it is known: never to be printed unasked
  std::size_t sip_messages = 0;
  std::string next_hop;     // host that the client's first request names first: of its Route, else of its URI
  bool carries_sip = false; // false with `decrypted`: the plaintext is something else

  // Of the TCP connection below it; nothing when its end was not captured.
  std::optional<std::size_t> closed_frame;
  Instant closed_time;
  std::string closed_by;                         // "client" or "server": who sent FIN or RST first
  std::chrono::milliseconds idle_before_close{}; // silence before that; a closing alert breaks none
};

// Packets of one SSRC from one address to another.
struct MediaStream {
  std::uint32_t ssrc = 0;
  Endpoint source;
  Endpoint destination;
  bool secured = false;   // SRTP: stands in Report::srtp, else in Report::rtp
  std::string suite;      // under which it authenticates, else the negotiated one; empty: plain or not known
  std::string key_source; // "sdes", "mikey", "dtls", "supplied"; empty when no key fits
  std::uint64_t packets = 0;          // as captured, repeated ones included
  std::uint64_t authenticated = 0;    // each packet once
  std::uint32_t rollover_counter = 0; // under which the first packet authenticated
  std::uint64_t failed = 0;           // with a key at hand, not authentic under it
  std::uint64_t duplicates = 0;       // captured or sent again
  std::uint64_t plain = 0;            // on a secured leg, and not encrypted at all
  std::uint64_t lost = 0;             // numbers missing between first and last
  std::uint64_t gaps = 0;             // runs of missing numbers, and the longest of them
  std::uint64_t longest_gap = 0;
  std::uint64_t replayed = 0; // of the duplicates, those that came later than a network repeats packets
  std::optional<std::size_t> first_replayed_frame;
  double mean_jitter_ms = 0; // interarrival jitter (RFC 3550 §6.4.1), where the clock is known
  double max_jitter_ms = 0;
  std::uint64_t payload_bytes = 0; // decrypted payload, header extension and padding left out
  std::string payload_sha256;      // of that in sequence order, each packet once; empty when nothing was read
  std::optional<std::string> reason; // why packets could not be read

  std::size_t first_frame = 0;
  std::size_t last_frame = 0;
  Instant first_time;
  Instant last_time;
  std::optional<std::size_t> first_failed_frame;
  std::optional<std::size_t> first_plain_frame; // on a secured leg
  std::vector<std::uint8_t> payload_types;      // in order of first appearance
  std::string codec;   // of the first audio payload type, "PCMU/8000"; empty when not known
  std::string call_id; // of the dialog that negotiated it; empty: no signalling
  std::string dtmf;    // key presses among its telephone events (RFC 4733), each once

  std::optional<rtp::Voiceprint> voiceprint; // heard in most windows that held one
  std::size_t windows = 0;                   // of audio that were listened to
  std::size_t recognised_windows = 0;        // of those, with that voiceprint

  std::uint64_t rtcp_packets = 0; // of this SSRC between these hosts; details in Report::rtcp
  std::uint64_t rtcp_authenticated = 0;
};

// Tens of thousands: each takes what its follower gave back, and none is moved when more come.
using MediaStreams = std::deque<MediaStream>;

struct RtcpStream {
  std::uint32_t ssrc = 0; // of the sender
  Endpoint source;
  Endpoint destination;
  bool secured = false;
  std::uint64_t packets = 0;
  std::uint64_t authenticated = 0;
  std::uint64_t failed = 0;
  std::uint64_t plain = 0; // on a secured leg
  std::string key_source;
  std::string call_id;
  std::size_t first_frame = 0;
};

// A DTLS handshake between the ports of media.
struct DtlsHandshake {
  Endpoint client;
  Endpoint server;
  std::size_t first_frame = 0;
  std::string version;    // "DTLSv1.2"; empty, as what follows, when no ServerHello was captured
  std::string cipher;     // IANA's name
  std::string profile;    // of SRTP, IANA's name; empty when none was agreed on
  bool completed = false; // both sides went on encrypted
  std::string client_certificate_sha256; // of its DER form, hexadecimal; empty: none
  std::string server_certificate_sha256;
  std::string key_source; // "keylog" or "dsb"; empty when the SRTP keys could not be derived
  std::vector<TlsAlert> alerts;
};

// UDPTL packets (ITU-T T.38) from one address to another, where signalling agreed on a fax.
struct T38Stream {
  Endpoint source;
  Endpoint destination;
  std::uint64_t packets = 0;
  std::vector<std::string> signals; // of T.30, in order of first appearance: "cng"
  std::string call_id;
  std::size_t first_frame = 0;
};

struct MikeyCryptoSession {
  std::uint32_t id = 0;
  std::uint32_t ssrc = 0;
  Bytes tek; // empty unless Options::show_keys
  Bytes salt;
};

struct MikeyExchange {
  std::size_t frame = 0; // of the initiator's message
  std::string call_id;
  std::string exchange;                   // "psk", "pk", "dh"
  std::optional<bool> mac_valid;          // empty: could not be tried (no key, or no MAC in it)
  std::optional<bool> verification_valid; // of the responder's message; empty as above, or none came
  std::string tgk_sha1;                   // hexadecimal; empty when the key could not be opened
  std::vector<MikeyCryptoSession> crypto_sessions;
  std::optional<std::string> reason;
};

struct Sip {
  MessageList messages; // in the order of their times
  DialogList dialogs;   // in the order of their first messages
};

struct Report {
  std::vector<CaptureFile> files;
  std::size_t packets = 0; // frames read
  std::vector<TlsConnection> tls;
  std::vector<ServerCertificate> certificates; // each once
  Sip sip;
  MediaStreams srtp;
  MediaStreams rtp;
  std::vector<RtcpStream> rtcp;
  std::vector<MikeyExchange> mikey;
  std::vector<DtlsHandshake> dtls;
  std::vector<T38Stream> t38;
  std::vector<verdict::Finding> findings; // keys that fit nothing first, then by frame
};

// The worst of the findings; nothing when there are none.
std::optional<verdict::Severity> worst(const Report& report);

} // namespace sipvet::analysis
