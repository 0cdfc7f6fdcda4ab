// The replaceable generator is OpenSSL's old interface; its successor, a provider of our own, cannot take a
// different source for each call.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/scoped_random.hpp"

#include <openssl/rand.h>

#include <cstddef>

namespace sipvet::crypto {
namespace {

thread_local Random* current = nullptr;

int fill(unsigned char* out, int count) {
  if (current == nullptr) return RAND_OpenSSL()->bytes(out, count);
  if (count > 0) current->fill({out, static_cast<std::size_t>(count)});
  return 1;
}

int seed(const void* data, int count) { return current != nullptr ? 1 : RAND_OpenSSL()->seed(data, count); }
int add(const void* data, int count, double entropy) {
  return current != nullptr ? 1 : RAND_OpenSSL()->add(data, count, entropy);
}
int status() { return current != nullptr ? 1 : RAND_OpenSSL()->status(); }

const RAND_METHOD method = {seed, fill, nullptr, add, fill, status};

} // namespace

ScopedRandom::ScopedRandom(Random& random) : previous_(current) {
  static const bool installed = RAND_set_rand_method(&method) == 1;
  static_cast<void>(installed);
  current = &random;
}

ScopedRandom::~ScopedRandom() { current = previous_; }

} // namespace sipvet::crypto
