// Key derivation functions: the pseudorandom functions of TLS 1.0 to 1.2 and HKDF.
#pragma once

#include "base/bytes.hpp"
#include "crypto/hash.hpp"

#include <cstddef>
#include <string_view>

namespace sipvet::crypto {

// RFC 2246 §5: the exclusive or of P_MD5 and P_SHA1, each with one half of the secret. TLS 1.0 and 1.1.
Bytes tls10_prf(ByteView secret, std::string_view label, ByteView seed, std::size_t count);

// RFC 5246 §5: P_hash alone, with the hash that the suite names (SHA-256 when it names none).
Bytes tls12_prf(Hash hash, ByteView secret, std::string_view label, ByteView seed, std::size_t count);

// RFC 5869 §2.2 and §2.3. Expansion yields at most 255 times octets(hash); more is cut off there.
Bytes hkdf_extract(Hash hash, ByteView salt, ByteView input_key);
Bytes hkdf_expand(Hash hash, ByteView pseudorandom_key, ByteView info, std::size_t count);

// RFC 8446 §7.1; `label` without the "tls13 " in front of it.
Bytes hkdf_expand_label(Hash hash, ByteView secret, std::string_view label, ByteView context,
                        std::size_t count);

} // namespace sipvet::crypto
