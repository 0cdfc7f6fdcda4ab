#include "crypto/library_key.hpp"

#include "crypto/encode_der.hpp"
#include "crypto/library_error.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>

namespace sipvet::crypto {
namespace {

struct GroupNames {
  Group group;
  std::string_view name;
  const char* library_name;
};
constexpr std::array<GroupNames, 4> groups{{
    {Group::secp256r1, "secp256r1", "prime256v1"},
    {Group::secp384r1, "secp384r1", "secp384r1"},
    {Group::secp521r1, "secp521r1", "secp521r1"},
    {Group::x25519, "x25519", "X25519"},
}};

} // namespace

std::string_view name(Group group) { return groups[static_cast<std::size_t>(group)].name; }
const char* library_name(Group group) { return groups[static_cast<std::size_t>(group)].library_name; }

KeyType type_of(const evp_pkey_st* key) {
  switch (EVP_PKEY_get_base_id(key)) {
  case EVP_PKEY_RSA:
    return KeyType::rsa;
  case EVP_PKEY_EC:
    return KeyType::ec;
  case EVP_PKEY_ED25519:
    return KeyType::ed25519;
  default:
    return KeyType::other;
  }
}

std::optional<Group> curve_of(const evp_pkey_st* key) {
  if (type_of(key) != KeyType::ec) return std::nullopt;
  std::array<char, 64> text{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, text.data(), text.size(), &size) != 1) {
    take_library_error();
    return std::nullopt;
  }
  for (const GroupNames& each : groups) {
    if (std::string_view(text.data(), size) == each.library_name) return each.group;
  }
  return std::nullopt;
}

const evp_md_st* library_hash(Hash hash, KeyType signer) {
  if (signer == KeyType::ed25519) return nullptr;
  switch (hash) {
  case Hash::md5:
    return EVP_md5();
  case Hash::sha1:
    return EVP_sha1();
  case Hash::sha256:
    break;
  case Hash::sha384:
    return EVP_sha384();
  case Hash::sha512:
    return EVP_sha512();
  }
  return EVP_sha256();
}

Bytes public_key_der_of(const evp_pkey_st* key) {
  Bytes der = encode_der<i2d_PUBKEY>(key);
  if (der.empty()) take_library_error();
  return der;
}

} // namespace sipvet::crypto
