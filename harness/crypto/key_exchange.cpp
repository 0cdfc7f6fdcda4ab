#include "crypto/key_exchange.hpp"

#include "crypto/library_error.hpp"
#include "crypto/library_key.hpp"
#include "crypto/owned.hpp"
#include "crypto/scoped_random.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace sipvet::crypto {
namespace {

using KeyPtr = Owned<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

constexpr std::uint8_t uncompressed = 4; // SEC 1 §2.3.3

std::string_view curve_name(Group group) { return group == Group::x25519 ? "curve25519" : name(group); }

} // namespace

struct EphemeralKey::Handle {
  KeyPtr key;
};

EphemeralKey::EphemeralKey(Group group, std::unique_ptr<Handle> handle)
    : group_(group), handle_(std::move(handle)) {
  unsigned char* octets = nullptr;
  const std::size_t size = EVP_PKEY_get1_encoded_public_key(handle_->key.get(), &octets);
  public_value_.assign(octets, octets + size);
  OPENSSL_free(octets);
}

EphemeralKey::EphemeralKey(EphemeralKey&&) noexcept = default;
EphemeralKey& EphemeralKey::operator=(EphemeralKey&&) noexcept = default;
EphemeralKey::~EphemeralKey() = default;

EphemeralKey EphemeralKey::make(Group group, Random& random) {
  const ScopedRandom scope(random);
  auto handle = std::make_unique<Handle>();
  handle->key.reset(group == Group::x25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, library_name(group))
                                           : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", library_name(group)));
  // A broken installation only: every group here is part of the library.
  if (handle->key == nullptr) throw std::runtime_error("no key could be made: " + take_library_error());
  return EphemeralKey(group, std::move(handle));
}

Result<Bytes> EphemeralKey::shared_secret(ByteView peer_public) const {
  const std::string of_group = " of " + std::string(name(group_));
  if (peer_public.size() != public_value_.size())
    return fail("expected a public value" + of_group + " of " + std::to_string(public_value_.size()) +
                " octets, got " + std::to_string(peer_public.size()));
  if (group_ != Group::x25519 && peer_public.front() != uncompressed)
    return fail("expected an uncompressed point" + of_group + ", which starts with 04", 0);
  const KeyPtr peer(EVP_PKEY_new());
  if (EVP_PKEY_copy_parameters(peer.get(), handle_->key.get()) != 1 ||
      EVP_PKEY_set1_encoded_public_key(peer.get(), peer_public.data(), peer_public.size()) != 1) {
    take_library_error();
    return fail("expected a point of " + std::string(curve_name(group_)) + ": it is not on the curve");
  }
  const KeyContext context(EVP_PKEY_CTX_new(handle_->key.get(), nullptr));
  std::size_t size = 0;
  if (EVP_PKEY_derive_init(context.get()) != 1 || EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1 ||
      EVP_PKEY_derive(context.get(), nullptr, &size) != 1)
    return fail("the public value" + of_group + " cannot be used: " + take_library_error());
  Bytes secret(size);
  if (EVP_PKEY_derive(context.get(), secret.data(), &size) != 1) {
    const std::string reason = take_library_error();
    if (group_ == Group::x25519)
      return fail("the public value of x25519 has a small order: the shared secret is all zeros");
    return fail("the public value" + of_group + " cannot be used: " + reason);
  }
  secret.resize(size);
  return secret;
}

} // namespace sipvet::crypto
