// How a pre-shared or envelope key protects a message: encryption of key data and the MAC (RFC 3830 §4.2.3,
// §4.2.4).
#pragma once

#include "mikey/derivation.hpp"
#include "mikey/timestamp.hpp"

namespace sipvet::mikey {

struct TransportContext {
  DerivationContext derivation;
  Timestamp timestamp; // the initiator's
  Bytes key;           // pre-shared or envelope key
};

// Counter mode is its own inverse, so this also decrypts. AES key wrap (RFC 3394) is refused by name.
Result<Bytes> encrypt_key_data(const TransportContext& context, Encryption algorithm, ByteView data);
inline Result<Bytes> decrypt_key_data(const TransportContext& context, Encryption algorithm, ByteView data) {
  return encrypt_key_data(context, algorithm, data);
}

// Empty for the NULL algorithm.
Result<Bytes> message_mac(const TransportContext& context, Mac algorithm, ByteView covered);

} // namespace sipvet::mikey
