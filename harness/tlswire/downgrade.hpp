// The marks in a server's random that give a downgrade away (RFC 8446 §4.1.3).
#pragma once

#include "tlswire/client_hello.hpp"

#include <cstdint>

namespace sipvet::tlswire {

enum class Downgrade {
  none,
  to_tls12,          // set by servers that could have spoken TLS 1.3
  to_tls11_or_older, // set by servers that could have spoken TLS 1.2 or 1.3
};

// Overwrites the last 8 octets for the version negotiated, when it is older than TLS 1.3. Whether the server
// could have spoken a newer one is the caller's to know.
void mark_downgrade(HelloRandom& server_random, std::uint16_t negotiated_version);
Downgrade find_downgrade(const HelloRandom& server_random);

} // namespace sipvet::tlswire
