// The key derivation functions of MIKEY: MIKEY-1 (RFC 3830 §4.1.2) and its SHA-256 sibling (RFC 6043 §6.1).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "mikey/algorithms.hpp"

#include <cstddef>

namespace sipvet::mikey {

// The input key is cut into blocks of 256 bits, each of which keys an HMAC chain over the label; the output
// is the XOR of all chains. Fails when the function is unknown or the key is empty.
Result<Bytes> prf(Prf function, ByteView key, ByteView label, std::size_t out_octets);

} // namespace sipvet::mikey
