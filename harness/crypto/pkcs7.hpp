// Certificates in a PKCS #7 file (RFC 2315 §9.1), as certificate authorities hand out a chain: signed data
// that nobody signed.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/certificate.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::crypto {

// What `file` holds, in its order; at least one certificate. `file` is DER, or text with a PEM block PKCS7 or
// CMS; a block CERTIFICATE with PKCS #7 inside, as Microsoft's CA names it, is taken as well. Signatures, if
// there are any, are not looked at.
Result<std::vector<Certificate>> parse_pkcs7(std::string_view file);

// DER of signed data with these certificates and no signature. Fails only on certificates that are none.
Result<Bytes> make_pkcs7(std::span<const Certificate> certificates);

} // namespace sipvet::crypto
