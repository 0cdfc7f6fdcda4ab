// Ciphers of OpenSSL's legacy provider, fetched without touching what the rest of the process uses.
#pragma once

#include <memory>

struct evp_cipher_st;

namespace sipvet::crypto {

// SEED in CBC mode (RFC 4269, RFC 4162); nullptr where the provider is not installed.
const evp_cipher_st* seed_cbc();

} // namespace sipvet::crypto
