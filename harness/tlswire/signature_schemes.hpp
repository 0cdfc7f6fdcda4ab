// The registry of signature schemes (RFC 8446 §4.2.3), which TLS 1.2 knows as pairs of hash and signature
// algorithm (RFC 5246 §7.4.1.4.1).
#pragma once

#include "crypto/hash.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sipvet::tlswire {

enum class SchemeKey { rsa_pkcs1, rsa_pss, ecdsa, ed25519, ed448 };

// TLS 1.2 may sign with any of them; TLS 1.0 and 1.1 have none.
struct SignatureScheme {
  std::uint16_t code = 0;
  std::string_view name; // as the RFC writes it
  SchemeKey key = SchemeKey::rsa_pkcs1;
  std::optional<crypto::Hash> hash; // none: the algorithm hashes by itself
  // Whether TLS 1.3 messages may be signed with it. The others stand for signatures in certificates only.
  bool in_tls13 = false;
  // ECDSA: the only group whose keys TLS 1.3 lets sign with it; 0 for other keys. TLS 1.2 takes any curve.
  std::uint16_t group_in_tls13 = 0;
  // RSA-PSS: whether the certificate's key must be of the RSASSA-PSS kind instead of the common one.
  bool pss_certificate = false;
};

std::span<const SignatureScheme> all_signature_schemes();
const SignatureScheme* find_signature_scheme(std::uint16_t code);    // nullptr: not in the table
const SignatureScheme* find_signature_scheme(std::string_view name); // nullptr: not in the table
// "rsa_pss_rsae_sha256", or "0x0402" for codes that are not in the table.
std::string signature_scheme_name(std::uint16_t code);

} // namespace sipvet::tlswire
