// Signatures as TLS makes them: over its messages, with the key of a certificate.
#pragma once

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/certificate.hpp"
#include "crypto/rsa.hpp"

#include <string_view>

namespace sipvet::crypto {

enum class SignatureAlgorithm {
  rsa_pkcs1_md5_sha1, // of TLS 1.0 and 1.1: both hashes, no DigestInfo (RFC 4346 §7.4.3)
  rsa_pkcs1_sha1,
  rsa_pkcs1_sha256,
  rsa_pkcs1_sha384,
  rsa_pkcs1_sha512,
  rsa_pss_sha256, // MGF1 with the same hash, the salt as long as it (RFC 8446 §4.2.3)
  rsa_pss_sha384,
  rsa_pss_sha512,
  ecdsa_sha1, // on the key's own curve; the signature is DER (RFC 3279 §2.2.3)
  ecdsa_sha256,
  ecdsa_sha384,
  ecdsa_sha512,
  ed25519, // RFC 8032, no hash beforehand
};
std::string_view name(SignatureAlgorithm algorithm); // "rsa_pss_sha256"
KeyType key_type_of(SignatureAlgorithm algorithm);

// `data` is the message, not its hash. Takes the same number of octets from `random` every time. Fails when
// the key is of another type, or too short for the hash.
Result<Bytes> sign(const PrivateKey& key, SignatureAlgorithm algorithm, ByteView data, Random& random);
// By the certificate's public_key_der. A key of another type, or one that cannot be read, verifies nothing.
bool verify(const Certificate& certificate, SignatureAlgorithm algorithm, ByteView data, ByteView signature);

} // namespace sipvet::crypto
