// Private keys, from PEM or made, and RSA encryption as TLS has it for its premaster secret.
#pragma once

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/group.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sipvet::crypto {

struct Certificate;

enum class KeyType { rsa, ec, ed25519, other };
std::string_view name(KeyType type);

// A private key; a copy shares the same key, and threads may use it at the same time. Only RSA keys decrypt;
// crypto/signature.hpp signs with any.
class PrivateKey {
 public:
  // The first private key found in `pem`: PKCS#1, SEC 1 or PKCS#8, plain or encrypted with `password`. Text
  // around the block is skipped. The error says whether there is no key, the password is missing, or it is
  // wrong.
  static Result<PrivateKey> from_pem(std::string_view pem, std::string_view password = {});

  // New keys; the same octets from `random` make the same key. RSA keys have 512 to 8192 bits and the public
  // exponent 65537; x25519 is a group for key exchange, not a curve that certificates have.
  static Result<PrivateKey> generate_rsa(int bits, Random& random);
  static Result<PrivateKey> generate_ec(Group curve, Random& random);
  static PrivateKey generate_ed25519(Random& random);

  KeyType type() const;
  std::optional<Group> curve() const; // of an EC key
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
  friend struct LibraryKey;
  struct Handle;
  explicit PrivateKey(std::shared_ptr<const Handle> handle) : handle_(std::move(handle)) {}
  std::shared_ptr<const Handle> handle_;
};

// RSAES-PKCS1-v1_5 to the RSA key of `certificate`: at most key_bits/8 - 11 octets.
Result<Bytes> encrypt_pkcs1(const Certificate& certificate, ByteView plaintext, Random& random);
// RSAEP (RFC 8017 §5.1.1) of `block`, which is as long as the modulus and smaller in value; no padding is
// added. For premaster secrets that are padded wrongly on purpose.
Result<Bytes> encrypt_raw(const Certificate& certificate, ByteView block);

} // namespace sipvet::crypto
