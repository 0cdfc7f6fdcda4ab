// From premaster secret, or TLS 1.3 traffic secret, to the keys of each direction.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/suites.hpp"

#include <cstdint>

namespace sipvet::tlswire {

constexpr std::size_t premaster_octets = 48; // of RSA key exchange
constexpr std::size_t master_secret_octets = 48;

// The PRF of a version and suite (TLS 1.0 to 1.2). SSL 3.0 has no label in its own.
Bytes prf(std::uint16_t version, const Suite& suite, ByteView secret, std::string_view label, ByteView seed,
          std::size_t count);

// RFC 5246 §8.1.
Bytes master_secret(std::uint16_t version, const Suite& suite, ByteView premaster, ByteView client_random,
                    ByteView server_random);
// RFC 7627 §4: `session_hash` is the transcript's hash up to and including ClientKeyExchange.
Bytes extended_master_secret(std::uint16_t version, const Suite& suite, ByteView premaster,
                             ByteView session_hash);

// What one direction's protection needs.
struct DirectionKeys {
  Bytes mac_key; // empty for AEAD
  Bytes key;
  Bytes iv; // TLS 1.0 CBC: the first IV; AEAD: the implicit part of the nonce; TLS 1.3: all of it. Empty
            // otherwise.
};
struct ConnectionKeys {
  DirectionKeys client; // what the client writes with
  DirectionKeys server;
};
// RFC 5246 §6.3 (and RFC 2246 §6.3, where CBC suites draw IVs from the block as well).
ConnectionKeys connection_keys(std::uint16_t version, const Suite& suite, ByteView master,
                               ByteView client_random, ByteView server_random);

// TLS 1.3 (RFC 8446 §7.3): key and IV of a traffic secret.
DirectionKeys traffic_keys(const Suite& suite, ByteView traffic_secret);
// RFC 8446 §7.2: the secret after a KeyUpdate.
Bytes next_traffic_secret(const Suite& suite, ByteView traffic_secret);

// Derive-Secret of RFC 8446 §7.1, for the whole schedule from a shared secret.
Bytes derive_secret(const Suite& suite, ByteView secret, std::string_view label, ByteView transcript_hash);

} // namespace sipvet::tlswire
