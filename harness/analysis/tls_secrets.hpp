// Where the secrets of TLS connections come from: the user's key logs, the capture's own, RSA keys, and
// sessions opened before.
#pragma once

#include "analysis/keys.hpp"
#include "tlswire/key_schedule.hpp"
#include "tlswire/suites.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::analysis {

namespace key_source {
inline constexpr std::string_view rsa = "rsa", keylog = "keylog", dsb = "dsb", resumed = "resumed",
                                  psk = "psk";
}

class TlsSecrets {
 public:
  explicit TlsSecrets(const Keys& keys) : keys_(keys), rsa_uses_(keys.rsa.size()) {}

  // Of a Decryption Secrets Block.
  Result<void> add_line(std::string_view line);
  // Grows with every secret that is added, so that a connection that found none knows when to look again.
  std::uint64_t generation() const { return generation_; }

  struct Found {
    const Bytes* secret = nullptr;
    std::string_view source;
    explicit operator bool() const { return secret != nullptr; }
  };
  // The user's key logs come before the file's own.
  Found find(std::string_view label, ByteView id) const;
  bool has_keylog() const { return !keys_.keylog.empty() || !from_file_.empty(); }
  bool has_rsa() const { return !keys_.rsa.empty(); }

  // The pre-shared key of an identity.
  const Bytes* psk(ByteView identity) const;
  bool has_psk() const { return !keys_.tls_psks.empty(); }

  struct RsaUse {
    bool fits_certificate = false; // its public half stood in a certificate of the capture
    bool opened = false;           // a premaster secret
  };
  const std::vector<RsaKey>& rsa_keys() const { return keys_.rsa; }
  std::vector<RsaUse>& rsa_uses() { return rsa_uses_; }
  // What was read of a certificate; thousands of connections show the same one.
  struct CertificateFacts {
    bool readable = false;
    std::string subject;
    std::vector<bool> fits; // in the order of rsa_keys(): whether the key belongs to it
  };
  const CertificateFacts& certificate(ByteView der);
  // A server certificate was there to compare RSA keys with.
  bool certificate_seen() const { return certificate_seen_; }

  // Sessions that may be resumed: by session id, or by the whole ticket (RFC 5077 §3.4).
  void remember_session(ByteView id_or_ticket, ByteView master);
  const Bytes* session(ByteView id_or_ticket) const;

 private:
  // A session takes about 300 octets; more than a day's connections of a busy proxy.
  static constexpr std::size_t max_sessions = 100'000;

  const Keys& keys_;
  tlswire::Keylog from_file_;
  std::uint64_t generation_ = 0;
  std::vector<RsaUse> rsa_uses_;
  bool certificate_seen_ = false;
  static constexpr std::size_t max_certificates = 1'000; // remembered at once
  std::map<Bytes, CertificateFacts> certificates_;       // by the digest of their DER form
  std::map<Bytes, Bytes> sessions_;                      // digest of id or ticket to master secret
};

// The facts of a TLS 1.0 to 1.2 handshake that its master secret depends on.
struct MasterInput {
  std::uint16_t version = 0;
  const tlswire::Suite* suite = nullptr;
  ByteView client_random;
  ByteView server_random;
  ByteView encrypted_premaster; // empty: no RSA ClientKeyExchange
  ByteView psk_identity;        // of the ClientKeyExchange; RFC 4279
  ByteView session_hash;        // empty: no extended master secret
  ByteView leaf_certificate;    // DER; empty when none was captured
  ByteView session_id;          // of the ServerHello
  ByteView ticket;              // of the ClientHello
  bool resumed = false;
};

struct MasterCandidate {
  Bytes master;
  std::string_view source;
  std::optional<std::uint16_t> premaster_version = {}; // where an RSA key opened it
};

// Every master secret that the secrets at hand allow for, the most trusted first; which one is right shows
// when a record opens.
std::vector<MasterCandidate> master_candidates(TlsSecrets& secrets, const MasterInput& input);

} // namespace sipvet::analysis
