// EncryptedExtensions (RFC 8446 §4.3.1): what a TLS 1.3 server answers to extensions that no key depends on.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/extensions.hpp"

namespace sipvet::tlswire {

// The list may be empty; its length must be there.
Result<Extensions> parse_encrypted_extensions(ByteView body);
Bytes write_encrypted_extensions(const Extensions& extensions);

} // namespace sipvet::tlswire
