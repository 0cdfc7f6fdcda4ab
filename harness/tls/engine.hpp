// A TLS endpoint as a machine: octets of the wire in, octets for the wire and events out. It knows no socket
// and no clock; a transport moves the octets.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "tls/deviations.hpp"
#include "tls/peer_rejection.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sipvet::tls {

enum class Role { client, server };

enum class Version : std::uint16_t { tls1_0 = 0x0301, tls1_1 = 0x0302, tls1_2 = 0x0303, tls1_3 = 0x0304 };
std::string_view name(Version version); // "TLSv1.2"
std::optional<Version> find_version(std::string_view name);

// How much of the peer's certificate is checked.
enum class Verify {
  none,           // any certificate, or none, will do
  chain_if_given, // server: a client certificate is asked for; one that is given must chain to a trusted root
  chain_required, // the peer must present one that chains to a trusted root, within its dates
};

// Who does the protocol: OpenSSL, or the engine of our own, which does what libraries refuse (3DES, the
// ClientHello in SSLv2 format, deviations).
enum class EngineKind {
  automatic, // OpenSSL where it can do everything that is configured
  openssl,
  wire,
};
std::string_view name(EngineKind kind); // "automatic", "openssl", "wire"
std::optional<EngineKind> find_engine_kind(std::string_view name);

// What is done when the other side wants a new handshake on an open connection, before TLS 1.3.
enum class Renegotiation {
  refuse, // warning no_renegotiation (RFC 5246 §7.2.2)
  secure, // done where the other side does RFC 5746
};

struct Config {
  Role role = Role::server;
  EngineKind engine = EngineKind::automatic;
  Version min_version = Version::tls1_2;
  Version max_version = Version::tls1_3;
  // IANA names in order of preference ("TLS_RSA_WITH_AES_128_CBC_SHA"). Empty: the library's own. A server
  // picks its own first that the client offers. A list without suites of TLS 1.3 leaves that version out, one
  // with nothing else leaves the others out.
  std::vector<std::string> ciphers;
  std::string certificate_pem; // own certificate first, then its chain; empty: none
  std::string private_key_pem;
  std::string private_key_password; // of an encrypted key
  std::string trusted_roots_pem;    // PEM blocks; text between them is skipped
  Verify verify = Verify::none;
  // Client: the server's certificate must be for the domain that make_engine() is told (RFC 5922 §7). Without
  // `verify` it counts nothing.
  bool verify_identity = false;
  std::string server_name; // client: SNI (RFC 6066 §3); empty: none sent
  // 0 allows TLS 1.0 and 1.1, SHA-1 signatures and 1024-bit keys, where a profile asks for old peers.
  int security_level = 1;
  bool allow_resumption = false;
  Renegotiation renegotiation = Renegotiation::refuse;
  // Named groups of key exchange by preference ("x25519", "secp256r1"); empty: x25519 and the NIST curves. A
  // client of TLS 1.3 sends a share for the first alone.
  std::vector<std::string> groups;
  // Server: a ClientHello in SSL 2.0 format (RFC 5246 appendix E.2) ends the connection unless this is set.
  bool accept_sslv2_hello = false;
  // Client: its hello is in that format, and offers no extension.
  bool send_sslv2_hello = false;
  // Negotiated unless a peer from before RFC 7366 or RFC 7627 is to be played.
  bool encrypt_then_mac = true;
  bool extended_master_secret = true;
  Deviations deviations; // any of them wants the wire engine, but for those about certificates

  bool operator==(const Config&) const = default;
};

enum class AlertLevel : std::uint8_t { warning = 1, fatal = 2 };
struct Alert {
  AlertLevel level = AlertLevel::fatal;
  std::uint8_t description = 0; // RFC 8446 §6
  bool operator==(const Alert&) const = default;
};
std::string to_string(const Alert& alert); // "fatal handshake_failure(40)"

struct SessionInfo {
  Version version = Version::tls1_2;
  std::string cipher; // IANA name
  bool resumed = false;
  std::string server_name;           // as sent or received
  std::vector<Bytes> peer_chain_der; // leaf first; empty: the peer presented none
  bool sslv2_hello = false;          // the client's hello came in SSLv2 format
};

struct HandshakeDone {
  SessionInfo session;
};
struct Received {
  Bytes octets;
}; // application data
struct AlertReceived {
  Alert alert;
}; // close_notify included
struct AlertSent {
  Alert alert;
};
struct KeylogLine {
  std::string line;
}; // NSS key log format, no line end
// The connection cannot go on. `cause` is one sentence for a person that ends with what went over the wire
// last; `alert` what was sent or received, if any.
struct Failed {
  std::string cause;
  std::optional<Alert> alert;
  std::optional<PeerRejection> rejection = {}; // when the other side's certificate is why
};
struct PeerClosed {}; // after the peer's close_notify
using Event = std::variant<HandshakeDone, Received, AlertReceived, AlertSent, KeylogLine, Failed, PeerClosed>;

class Engine {
 public:
  virtual ~Engine() = default;
  virtual void start() = 0;                  // a client's hello; a server waits
  virtual void receive(ByteView octets) = 0; // from the wire, in any pieces
  virtual void send(ByteView octets) = 0;    // application data; kept until the handshake is done
  virtual void close() = 0;                  // close_notify
  virtual Bytes take_output() = 0;           // for the wire; empty when there is nothing
  virtual std::vector<Event> take_events() = 0;
  // "sent ClientHello last, received nothing": for who must say why a handshake stopped.
  virtual std::string progress() const = 0;
};

// Whom a client connects to. Both may be empty.
struct PeerName {
  std::string server_name; // SNI, in the place of the configuration's
  std::string identity;    // SIP domain or IP address that the certificate must be for
};
// A configuration made ready: certificates, keys and names are read once, and any number of engines is made
// from it. Safe to share between threads.
class Context {
 public:
  virtual ~Context() = default;
  virtual EngineKind kind() const = 0; // openssl or wire
  // An engine of it; cheap. `clock` and `random` must outlive the engine: certificates are checked against
  // now(), and all randomness is drawn from `random`, so a seeded run repeats.
  virtual std::unique_ptr<Engine> make_engine(const Clock& clock, Random& random,
                                              const PeerName& peer) const = 0;
};
// Fails when a certificate, key, root or cipher name cannot be used, when no engine can do all that is asked,
// or when settings contradict each other; says which and why, and what is known.
Result<std::shared_ptr<const Context>> make_context(const Config& config);
// make_context() and make_engine() in one, for a single connection.
Result<std::unique_ptr<Engine>> make_engine(const Config& config, const Clock& clock, Random& random,
                                            const PeerName& peer = {});

// Checks a configuration without making an engine: for start-up, before anything else happens.
Result<void> check_config(const Config& config);

} // namespace sipvet::tls
