// A TLS endpoint as a machine: octets of the wire in, octets for the wire and events out. It knows no socket
// and no clock; a transport moves the octets.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"

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

struct Config {
  Role role = Role::server;
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
  std::string server_name; // client: SNI (RFC 6066 §3); empty: none sent
  // 0 allows TLS 1.0 and 1.1, SHA-1 signatures and 1024-bit keys, where a profile asks for old peers.
  int security_level = 1;
  bool allow_resumption = false;
  // Server: OpenSSL takes a ClientHello in SSL 2.0 format (RFC 5246 appendix E.2) by itself; unless this is
  // set, one ends the connection.
  bool accept_sslv2_hello = false;
  // Negotiated unless a peer from before RFC 7366 or RFC 7627 is to be played.
  bool encrypt_then_mac = true;
  bool extended_master_secret = true;

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
// The connection cannot go on. `cause` is one sentence for a person, `alert` what was sent or received, if
// any.
struct Failed {
  std::string cause;
  std::optional<Alert> alert;
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
};

// The OpenSSL engine over memory BIOs. `random` and `now` must outlive it: certificates are checked against
// now(), and all randomness of the handshake is drawn from `random`, so a seeded run repeats. Fails when a
// certificate, key, root or cipher name cannot be used, and says which and why.
Result<std::unique_ptr<Engine>> make_openssl_engine(const Config& config, const Clock& clock, Random& random);

// A configuration made ready: certificates, keys and names are read once, and any number of engines is made
// from it. Safe to share between threads.
class Context {
 public:
  virtual ~Context() = default;
};
Result<std::shared_ptr<const Context>> make_context(const Config& config);
// An engine of a context from make_context(); cheap. `server_name` takes the place of the configuration's
// when not empty.
std::unique_ptr<Engine> make_engine(const std::shared_ptr<const Context>& context, const Clock& clock,
                                    Random& random, const std::string& server_name = {});

// Checks a configuration without making an engine: for start-up, before anything else happens.
Result<void> check_config(const Config& config);

} // namespace sipvet::tls
