#include "crypto/signature.hpp"

#include "crypto/forked_random.hpp"
#include "crypto/library_error.hpp"
#include "crypto/library_key.hpp"
#include "crypto/owned.hpp"
#include "crypto/scoped_random.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>

namespace sipvet::crypto {
namespace {

using KeyPtr = Owned<EVP_PKEY, EVP_PKEY_free>;
using Digesting = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

struct Properties {
  SignatureAlgorithm algorithm;
  std::string_view name;
  KeyType key_type;
  const EVP_MD* (*hash)();
  bool pss;
};
const EVP_MD* no_hash() { return nullptr; }
const std::array<Properties, 13> properties{{
    {SignatureAlgorithm::rsa_pkcs1_md5_sha1, "rsa_pkcs1_md5_sha1", KeyType::rsa, EVP_md5_sha1, false},
    {SignatureAlgorithm::rsa_pkcs1_sha1, "rsa_pkcs1_sha1", KeyType::rsa, EVP_sha1, false},
    {SignatureAlgorithm::rsa_pkcs1_sha256, "rsa_pkcs1_sha256", KeyType::rsa, EVP_sha256, false},
    {SignatureAlgorithm::rsa_pkcs1_sha384, "rsa_pkcs1_sha384", KeyType::rsa, EVP_sha384, false},
    {SignatureAlgorithm::rsa_pkcs1_sha512, "rsa_pkcs1_sha512", KeyType::rsa, EVP_sha512, false},
    {SignatureAlgorithm::rsa_pss_sha256, "rsa_pss_sha256", KeyType::rsa, EVP_sha256, true},
    {SignatureAlgorithm::rsa_pss_sha384, "rsa_pss_sha384", KeyType::rsa, EVP_sha384, true},
    {SignatureAlgorithm::rsa_pss_sha512, "rsa_pss_sha512", KeyType::rsa, EVP_sha512, true},
    {SignatureAlgorithm::ecdsa_sha1, "ecdsa_sha1", KeyType::ec, EVP_sha1, false},
    {SignatureAlgorithm::ecdsa_sha256, "ecdsa_sha256", KeyType::ec, EVP_sha256, false},
    {SignatureAlgorithm::ecdsa_sha384, "ecdsa_sha384", KeyType::ec, EVP_sha384, false},
    {SignatureAlgorithm::ecdsa_sha512, "ecdsa_sha512", KeyType::ec, EVP_sha512, false},
    {SignatureAlgorithm::ed25519, "ed25519", KeyType::ed25519, no_hash, false},
}};
const Properties& of(SignatureAlgorithm algorithm) { return properties[static_cast<std::size_t>(algorithm)]; }

bool set_padding(EVP_PKEY_CTX* context, const Properties& wanted) {
  if (!wanted.pss) return true;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

} // namespace

std::string_view name(SignatureAlgorithm algorithm) { return of(algorithm).name; }
KeyType key_type_of(SignatureAlgorithm algorithm) { return of(algorithm).key_type; }

Result<Bytes> sign(const PrivateKey& key, SignatureAlgorithm algorithm, ByteView data, Random& random) {
  const Properties& wanted = of(algorithm);
  if (key.type() != wanted.key_type)
    return fail("expected a key of type " + std::string(name(wanted.key_type)) + " for " +
                std::string(wanted.name) + ", this one is " + std::string(name(key.type())));
  ForkedRandom fork(random);
  const ScopedRandom scope(fork);
  const Digesting digesting(EVP_MD_CTX_new());
  EVP_PKEY_CTX* context = nullptr; // belongs to `digesting`
  std::size_t size = 0;
  Bytes signature;
  bool made =
      EVP_DigestSignInit(digesting.get(), &context, wanted.hash(), nullptr, LibraryKey::borrow(key)) == 1 &&
      set_padding(context, wanted) &&
      EVP_DigestSign(digesting.get(), nullptr, &size, data.data(), data.size()) == 1;
  if (made) {
    signature.resize(size);
    made = EVP_DigestSign(digesting.get(), signature.data(), &size, data.data(), data.size()) == 1;
  }
  if (!made)
    return fail("the key of " + std::to_string(key.bits()) + " bits cannot sign with " +
                std::string(wanted.name) + ": " + take_library_error());
  signature.resize(size);
  return signature;
}

bool verify(const Certificate& certificate, SignatureAlgorithm algorithm, ByteView data, ByteView signature) {
  const Properties& wanted = of(algorithm);
  if (certificate.key_type != wanted.key_type) return false;
  const unsigned char* at = certificate.public_key_der.data();
  const KeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(certificate.public_key_der.size())));
  const Digesting digesting(EVP_MD_CTX_new());
  EVP_PKEY_CTX* context = nullptr; // belongs to `digesting`
  const bool right =
      key != nullptr &&
      EVP_DigestVerifyInit(digesting.get(), &context, wanted.hash(), nullptr, key.get()) == 1 &&
      set_padding(context, wanted) &&
      EVP_DigestVerify(digesting.get(), signature.data(), signature.size(), data.data(), data.size()) == 1;
  take_library_error();
  return right;
}

} // namespace sipvet::crypto
