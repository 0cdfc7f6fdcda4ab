// A DTLS endpoint for media keys (RFC 5764) as a machine: datagrams and the time in, datagrams and events
// out. It knows no socket; who owns it moves the datagrams and calls on_time() when that is due.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "tls/engine.hpp"
#include "tlswire/use_srtp.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sipvet::tls {

enum class DtlsVersion : std::uint16_t { dtls1_0 = 0xfeff, dtls1_2 = 0xfefd };
std::string_view name(DtlsVersion version); // "DTLSv1.2"
std::optional<DtlsVersion> find_dtls_version(std::string_view name);

// Misbehaviour by name; the default is correct.
struct DtlsDeviations {
  bool no_use_srtp = false;    // neither offers nor answers the extension
  bool no_certificate = false; // a client presents none though it is asked for one
  // A server writes a profile into its answer that the client did not offer.
  bool other_profile = false;
  bool no_certificate_needed = false; // a server takes clients that present none
  bool operator==(const DtlsDeviations&) const = default;
};

struct DtlsConfig {
  Role role = Role::client;
  DtlsVersion min_version = DtlsVersion::dtls1_2; // 1.0 lowers the security level to 0
  DtlsVersion max_version = DtlsVersion::dtls1_2;
  std::vector<std::string> ciphers; // IANA names by preference; empty: the library's own
  std::string certificate_pem;      // both sides present one (RFC 5763 §5)
  std::string private_key_pem;
  // By preference, at least one. A client offers them, a server picks its first that was offered.
  std::vector<tlswire::SrtpProfile> profiles = {tlswire::SrtpProfile::aes128_cm_hmac_sha1_80};
  // Largest datagram: what fits a path of 1280 octets (RFC 8200 §5).
  std::size_t mtu = 1200;
  DtlsDeviations deviations;
  bool operator==(const DtlsConfig&) const = default;
};

struct DtlsEstablished {
  DtlsVersion version = DtlsVersion::dtls1_2;
  std::string cipher; // IANA name
  tlswire::SrtpProfile profile = tlswire::SrtpProfile::aes128_cm_hmac_sha1_80;
  Bytes exported; // RFC 5764 §4.2: exported_octets() of the profile
  Bytes peer_certificate_der;
};
using DtlsEvent = std::variant<DtlsEstablished, AlertReceived, AlertSent, KeylogLine, Failed, PeerClosed>;

// Says what is wrong with the peer's certificate, which is never looked at otherwise: its fingerprint in the
// signalling is all that counts (RFC 5763 §5).
using DtlsJudge = std::function<std::optional<PeerRejection>(ByteView certificate_der)>;

class DtlsEngine {
 public:
  virtual ~DtlsEngine() = default;
  virtual void start() = 0;                    // a client's hello; a server waits
  virtual void receive(ByteView datagram) = 0; // one that looks like DTLS
  // When on_time() is to be called: a flight went unanswered (RFC 6347 §4.2.4). None: nothing waits.
  virtual std::optional<Instant> wake_at() const = 0;
  virtual void on_time() = 0;
  virtual void close() = 0; // close_notify
  virtual std::vector<Bytes> take_datagrams() = 0;
  virtual std::vector<DtlsEvent> take_events() = 0;
  virtual std::string progress() const = 0; // as of Engine
};

// `clock` and `random` must outlive the engine, and all time and randomness come from them. Fails when
// certificate, key or a cipher cannot be used, or a profile is none the library has.
Result<std::unique_ptr<DtlsEngine>> make_dtls_engine(const DtlsConfig& config, const Clock& clock,
                                                     Random& random, DtlsJudge judge);

} // namespace sipvet::tls
