// Finished (RFC 5246 §7.4.9, RFC 8446 §4.4.4): the proof that both sides saw the same handshake.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/suites.hpp"

#include <cstdint>

namespace sipvet::tlswire {

enum class Side { client, server };

// TLS 1.0 to 1.2: the 12 octets that `side` sends. `transcript_hash` is Transcript::hash() of all messages
// before it.
Bytes finished_verify_data(std::uint16_t version, const Suite& suite, ByteView master_secret, Side side,
                           ByteView transcript_hash);
// TLS 1.3, from the sender's handshake traffic secret.
Bytes finished_verify_data_13(const Suite& suite, ByteView handshake_traffic_secret,
                              ByteView transcript_hash);

} // namespace sipvet::tlswire
