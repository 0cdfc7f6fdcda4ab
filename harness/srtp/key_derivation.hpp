// From a master key to the session keys that packets are worked on with (RFC 3711 §4.3, RFC 6188 §3, RFC 7714
// §11).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "rtp/srtp_suite.hpp"

#include <cstdint>

namespace sipvet::srtp {

enum class Traffic { rtp, rtcp };

struct SessionKeys {
  Bytes encryption;     // as long as the master key
  Bytes authentication; // 20 octets, for HMAC-SHA1; empty for an AEAD
  Bytes salt;           // as long as the master salt
};

// `period` is the packet index divided by the key derivation rate, 0 at rate 0 (RFC 3711 §4.3.1); 48 bits.
// Fails when key or salt have not the suite's length.
Result<SessionKeys> derive_session_keys(const rtp::SrtpKey& master, Traffic traffic, std::uint64_t period);

bool is_aead(rtp::SrtpSuite suite);
bool has_null_cipher(rtp::SrtpSuite suite);
// Key, salt and MKI must have lengths that the suite and RFC 4568 §6.1 allow.
Result<void> check_key(const rtp::SrtpKey& key);

} // namespace sipvet::srtp
