// The way from the value types to the library's own key objects and back, for this folder's .cpp files only.
#pragma once

#include "base/bytes.hpp"
#include "crypto/group.hpp"
#include "crypto/hash.hpp"
#include "crypto/rsa.hpp"

#include <optional>

struct evp_md_st;
struct evp_pkey_st;

namespace sipvet::crypto {

struct LibraryKey {
  // Lives as long as `key` or a copy of it. The library locks its inner state: threads may share it.
  static evp_pkey_st* borrow(const PrivateKey& key);
  // Takes over `key`, which must hold a private key.
  static PrivateKey adopt(evp_pkey_st* key);
};

KeyType type_of(const evp_pkey_st* key);
// Nothing when it is no elliptic-curve key, or its curve is none of Group's or given by its parameters.
std::optional<Group> curve_of(const evp_pkey_st* key);
// How the library calls the group.
const char* library_name(Group group);
// The hash that a key of `signer` signs certificates with: null for Ed25519, which has its own.
const evp_md_st* library_hash(Hash hash, KeyType signer);
// SubjectPublicKeyInfo in DER; empty when the library cannot write it.
Bytes public_key_der_of(const evp_pkey_st* key);

} // namespace sipvet::crypto
