// The registry of cipher suites: IANA's code and name, and what a suite is made of.
#pragma once

#include "crypto/cipher.hpp"
#include "crypto/hash.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sipvet::tlswire {

enum class KeyExchange {
  any, // TLS 1.3: not the suite's matter
  rsa, // static RSA: the server's private key opens a capture
  dhe_rsa,
  dhe_dss,
  ecdhe_rsa,
  ecdhe_ecdsa,
  dh_anon,
  ecdh_anon,
  psk,
  dhe_psk,
  rsa_psk,
  ecdhe_psk,
  dh_dss, // fixed Diffie-Hellman: the server's value stands in its certificate
  dh_rsa,
  ecdh_ecdsa,
  ecdh_rsa,
  srp, // a password (RFC 5054), without or with a signature of the server
  srp_rsa,
  srp_dss,
};
std::string_view name(KeyExchange exchange);

enum class SuiteCipher {
  null,
  rc4_128,
  tdes_cbc,
  aes_128_cbc,
  aes_256_cbc,
  aes_128_gcm,
  aes_256_gcm,
  aes_128_ccm,
  aes_256_ccm,
  aes_128_ccm_8,
  aes_256_ccm_8,
  chacha20_poly1305,
  des_cbc,
  camellia_128_cbc,
  camellia_256_cbc,
  aria_128_cbc,
  aria_256_cbc,
  aria_128_gcm,
  aria_256_gcm,
  camellia_128_gcm,
  camellia_256_gcm,
  seed_cbc,
};

enum class SuiteMode { stream, cbc, aead }; // `null` is a stream cipher (RFC 5246 §6.2.3.1)

struct Suite {
  std::uint16_t code = 0;
  std::string_view name; // IANA's
  KeyExchange exchange = KeyExchange::any;
  SuiteCipher cipher = SuiteCipher::null;
  std::optional<crypto::Hash> mac;         // none for AEAD ciphers
  crypto::Hash prf = crypto::Hash::sha256; // TLS 1.2 PRF, or TLS 1.3 HKDF; TLS 1.0 and 1.1 have their own
  std::uint16_t min_version = 0x0301;

  SuiteMode mode() const;
  bool is_tls13() const { return min_version == 0x0304; }
  std::size_t key_octets() const;
  std::size_t mac_key_octets() const;
  std::size_t block_octets() const; // of CBC ciphers; 0 otherwise
  std::size_t
  fixed_iv_octets() const;        // AEAD: the implicit part of the nonce (RFC 5288 §3: 4; RFC 7905 §2: 12)
  std::size_t tag_octets() const; // AEAD
};

std::span<const Suite> all_suites();
const Suite* find_suite(std::uint16_t code);         // nullptr: not in the table
const Suite* find_suite(std::string_view iana_name); // nullptr: not in the table
// IANA name, also of a few suites that are not in the table, or "0x1a1a".
std::string suite_name(std::uint16_t code);

} // namespace sipvet::tlswire
