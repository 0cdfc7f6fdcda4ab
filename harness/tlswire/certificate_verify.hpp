// CertificateVerify (RFC 5246 §7.4.8, RFC 8446 §4.4.3): the proof of owning the certificate's key.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/finished.hpp"

#include <cstdint>
#include <optional>

namespace sipvet::tlswire {

// Before TLS 1.3 the signature covers all handshake messages so far, in TLS 1.3
// certificate_verify_content_13().
struct CertificateVerify {
  std::optional<std::uint16_t> signature_scheme; // since TLS 1.2; before, the certificate's key decides
  Bytes signature;
  bool operator==(const CertificateVerify&) const = default;
};

Result<CertificateVerify> parse_certificate_verify(ByteView body, std::uint16_t version);
// Since TLS 1.2 a scheme of 0 is written when there is none.
Bytes write_certificate_verify(const CertificateVerify& message, std::uint16_t version);

// RFC 8446 §4.4.3, for the side that signs: `transcript_hash` is that of all messages up to and including its
// Certificate.
Bytes certificate_verify_content_13(Side side, ByteView transcript_hash);

} // namespace sipvet::tlswire
