// CertificateRequest in its three forms: TLS 1.0 and 1.1 (RFC 4346 §7.4.4), TLS 1.2 (RFC 5246 §7.4.4) and TLS
// 1.3 (RFC 8446 §4.3.2).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/extensions.hpp"

#include <cstdint>
#include <vector>

namespace sipvet::tlswire {

namespace certificate_type { // RFC 5246 §7.4.4, RFC 8422 §5.5
constexpr std::uint8_t rsa_sign = 1;
constexpr std::uint8_t ecdsa_sign = 64;
} // namespace certificate_type

struct CertificateRequest {
  std::vector<std::uint8_t> certificate_types;  // before TLS 1.3
  std::vector<std::uint16_t> signature_schemes; // TLS 1.2 only; TLS 1.3 has them in an extension
  std::vector<Bytes> authorities;               // before TLS 1.3: names in DER; none is "any"
  Bytes context;                                // TLS 1.3: to be repeated in the client's Certificate
  Extensions extensions;                        // TLS 1.3
  bool operator==(const CertificateRequest&) const = default;
};

// Lists of types, schemes and extensions must not be empty; an authority's name neither. RFC 2246 §7.4.4
// wants at least one authority, but TLS 1.0 servers have never kept to it and RFC 4346 gave it up, so none
// will do.
Result<CertificateRequest> parse_certificate_request(ByteView body, std::uint16_t version);
Bytes write_certificate_request(const CertificateRequest& request, std::uint16_t version);

} // namespace sipvet::tlswire
