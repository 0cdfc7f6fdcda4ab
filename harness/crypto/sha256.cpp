// The library wants hashes to be fetched and kept in objects of its own; its older functions work on octets
// that the caller owns, which is what is wanted here.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/sha256.hpp"

#include <openssl/sha.h>

#include <cstring>

namespace sipvet::crypto {

static_assert(sizeof(SHA256_CTX) == 112 && alignof(SHA256_CTX) <= alignof(std::uint64_t));

Sha256::Sha256() {
  SHA256_CTX context;
  SHA256_Init(&context);
  std::memcpy(state_.data(), &context, sizeof context);
}

void Sha256::update(ByteView data) {
  SHA256_Update(reinterpret_cast<SHA256_CTX*>(state_.data()), data.data(), data.size());
}

std::array<std::uint8_t, 32> Sha256::peek() const {
  SHA256_CTX copy;
  std::memcpy(&copy, state_.data(), sizeof copy);
  std::array<std::uint8_t, 32> hash{};
  SHA256_Final(hash.data(), &copy);
  return hash;
}

} // namespace sipvet::crypto
