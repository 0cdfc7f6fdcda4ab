// The certificate payload, CERT (RFC 3830 §6.7): a certificate, or where to fetch one.
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/payload_type.hpp"

#include <cstdint>

namespace sipvet::mikey {

// Table 6.7.b.
enum class CertificateType : std::uint8_t { x509 = 0, x509_url = 1, x509_sign = 2, x509_encrypt = 3 };

struct Certificate {
  static constexpr PayloadType type = PayloadType::certificate;
  CertificateType certificate_type = CertificateType::x509;
  Bytes data; // DER, or a URL; at most 65535 octets
  bool operator==(const Certificate&) const = default;
};

Result<Certificate> parse_certificate(Reader& reader);
void write(Writer& writer, const Certificate& certificate);

} // namespace sipvet::mikey
