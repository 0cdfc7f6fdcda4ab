// The certificate hash payload, CHASH (RFC 3830 §6.8): which of the responder's keys the envelope is for.
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/payload_type.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace sipvet::mikey {

enum class CertificateHashFunction : std::uint8_t { sha1 = 0, md5 = 1 };

std::optional<std::size_t> hash_octets(CertificateHashFunction function);

struct CertificateHash {
  static constexpr PayloadType type = PayloadType::certificate_hash;
  CertificateHashFunction function = CertificateHashFunction::sha1;
  Bytes hash; // hash_octets(function)
  bool operator==(const CertificateHash&) const = default;
};

Result<CertificateHash> parse_certificate_hash(Reader& reader);
void write(Writer& writer, const CertificateHash& hash);

} // namespace sipvet::mikey
