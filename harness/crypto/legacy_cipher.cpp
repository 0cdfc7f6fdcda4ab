#include "crypto/legacy_cipher.hpp"

#include "crypto/owned.hpp"

#include <openssl/evp.h>
#include <openssl/provider.h>

namespace sipvet::crypto {
namespace {

// A library context of its own: a provider that is loaded into the common one would take the place of the
// default provider for all others. Members are let go in the opposite order.
struct Legacy {
  Owned<OSSL_LIB_CTX, OSSL_LIB_CTX_free> library{OSSL_LIB_CTX_new()};
  OSSL_PROVIDER* provider = OSSL_PROVIDER_load(library.get(), "legacy");
  Owned<EVP_CIPHER, EVP_CIPHER_free> seed{
      provider != nullptr ? EVP_CIPHER_fetch(library.get(), "SEED-CBC", nullptr) : nullptr};
};

} // namespace

const EVP_CIPHER* seed_cbc() {
  static const Legacy legacy;
  return legacy.seed.get();
}

} // namespace sipvet::crypto
