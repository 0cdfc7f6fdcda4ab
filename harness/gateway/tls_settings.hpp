// How the gateway does TLS: its properties as values, and the configuration that its engines get from them.
#pragma once

#include "tls/engine.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sipvet::gateway {

inline constexpr std::string_view no_lab_item = "none";

// PEM texts; where they came from stands in `*_file` for error messages.
struct TlsSettings {
  std::string certificate_pem, private_key_pem, private_key_password, trusted_roots_pem;
  std::string certificate_file, private_key_file, trusted_roots_file;
  // In place of files, where there is a lab to give them: a certificate variant, or "none", which says that
  // there is no host certificate; "lab", "other" or "none" for whom to trust. Empty: not said.
  std::string lab_certificate, lab_trust;

  tls::EngineKind engine = tls::EngineKind::automatic;
  // By preference.
  std::vector<std::string> suites = {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"};
  std::vector<std::string> groups; // of key exchange, by preference; empty: the engine's own
  tls::Version min_version = tls::Version::tls1_0;
  tls::Version max_version = tls::Version::tls1_2;
  bool sslv2_hello = false; // takes ClientHellos in SSL 2.0 format, and sends its own so

  // Both sides authenticate where there is a store of trusted roots; without one nothing can be verified.
  tls::Verify verify_clients = tls::Verify::chain_required; // that connect to it
  tls::Verify verify_servers = tls::Verify::chain_required; // that it connects to
  bool verify_identity = false;                             // of those servers (RFC 5922 §7)
  bool present_as_client = true;                            // its certificate, when asked
  int identity_mismatch_status = 503;                       // of calls that end for that
  int security_level = 0; // the guide's suites and versions are below OpenSSL's level 1

  bool resumption = false;
  tls::Renegotiation renegotiation = tls::Renegotiation::refuse;
};

tls::Config tls_config(const TlsSettings& settings, tls::Role role, const tls::Deviations& deviations);

} // namespace sipvet::gateway
