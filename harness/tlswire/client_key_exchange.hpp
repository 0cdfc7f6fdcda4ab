// ClientKeyExchange (RFC 5246 §7.4.7): what a client sends to make the premaster secret.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>

namespace sipvet::tlswire {

// The RSA-encrypted premaster secret. SSL 3.0 sends it bare, TLS with a 16-bit length (RFC 5246 §7.4.7.1);
// some old TLS clients kept to the bare form, so at TLS a body whose length does not fit is taken whole.
Result<ByteView> parse_rsa_client_key_exchange(ByteView body, std::uint16_t version);
Bytes write_rsa_client_key_exchange(ByteView encrypted_premaster, std::uint16_t version);

// RFC 8422 §5.7: the client's ephemeral public value, 1 to 255 octets.
Result<ByteView> parse_ecdhe_client_key_exchange(ByteView body);
Bytes write_ecdhe_client_key_exchange(ByteView public_value);

} // namespace sipvet::tlswire
