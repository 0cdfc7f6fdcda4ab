// How a scripted peer does TLS, and the configuration that its engines get from that.
#pragma once

#include "tls/engine.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::peers {

// Whose certificates a peer trusts.
enum class Trust {
  lab,   // the authority that signs what gateway and peers present
  other, // another one
  none,  // nobody's: there is nothing to check certificates against
};
std::string_view name(Trust trust); // "lab", "other", "none"

struct TlsSettings {
  tls::EngineKind engine = tls::EngineKind::automatic;
  bool sslv2_hello = false;           // as a client: its hello comes in SSL 2.0 format
  bool accept_sslv2_hello = false;    // as a server
  std::vector<tls::Version> versions; // empty: TLS 1.2 and 1.3
  std::vector<std::string> ciphers;   // IANA names in order; empty: the engine's own
  std::vector<std::string> groups;    // of key exchange, in order; empty: the engine's own
  std::optional<tls::Verify> verify;  // none: chain_required where there is an authority to trust
  bool verify_identity = false;       // as a client: the certificate must be for the gateway's domain
  Trust trust = Trust::lab;
  std::string certificate = "good"; // variant
  // From files, in the place of the lab's; empty: not given.
  std::string certificate_pem, private_key_pem, trusted_roots_pem;
  bool present_certificate = true;        // as a client, when asked
  std::optional<std::string> server_name; // SNI; none: the gateway's domain; empty: not sent
  bool resumption = false;
  tls::Renegotiation renegotiation = tls::Renegotiation::refuse;
  bool encrypt_then_mac = true;
  bool extended_master_secret = true;
  std::optional<int> security_level; // none: 0 where versions below TLS 1.2 are spoken, else 1
  tls::Deviations deviations;
};

// Without certificates, keys and roots, which are the surroundings' to give.
tls::Config tls_config(tls::Role role, const TlsSettings& settings);

} // namespace sipvet::peers
