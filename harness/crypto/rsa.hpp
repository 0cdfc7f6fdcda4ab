// Private keys from PEM, and the raw RSA decryption that opens a TLS premaster secret.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace sipvet::crypto {

enum class KeyType { rsa, ec, ed25519, other };
std::string_view name(KeyType type);

// A private key; a copy shares the same key. RSA keys decrypt; keys of other types can only be compared and
// written.
class PrivateKey {
 public:
  // The first private key found in `pem`: PKCS#1, SEC 1 or PKCS#8, plain or encrypted with `password`. Text
  // around the block is skipped. The error says whether there is no key, the password is missing, or it is
  // wrong.
  static Result<PrivateKey> from_pem(std::string_view pem, std::string_view password = {});

  KeyType type() const;
  std::size_t bits() const;
  // SubjectPublicKeyInfo in DER: two keys are a pair when this is the same.
  Bytes public_key_der() const;
  // Names a key in messages without giving it away: SHA-256 of public_key_der().
  Bytes public_key_sha256() const;

  // PKCS#8, plain or encrypted (PBES2 with AES-256-CBC).
  std::string to_pem() const;
  Result<std::string> to_encrypted_pem(std::string_view password) const;

  // RSAES-PKCS1-v1_5 (RFC 8017 §7.2.2). The padding is taken off here, not by the library, whose implicit
  // rejection would hide that the key is the wrong one.
  Result<Bytes> decrypt_pkcs1(ByteView ciphertext) const;
  // The other direction, with the public half; at most bits()/8 - 11 octets.
  Result<Bytes> encrypt_pkcs1(ByteView plaintext) const;

 private:
  struct Handle;
  explicit PrivateKey(std::shared_ptr<const Handle> handle) : handle_(std::move(handle)) {}
  std::shared_ptr<const Handle> handle_;
};

} // namespace sipvet::crypto
