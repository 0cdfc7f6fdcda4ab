#include "mikey/certificate_hash.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

std::optional<std::size_t> hash_octets(CertificateHashFunction function) {
  switch (function) {
  case CertificateHashFunction::sha1:
    return 20;
  case CertificateHashFunction::md5:
    return 16;
  }
  return std::nullopt;
}

Result<CertificateHash> parse_certificate_hash(Reader& reader) {
  const std::size_t at = reader.offset();
  SIPVET_TRY(const std::uint8_t number, reader.u8("CHASH function"));
  const auto function = static_cast<CertificateHashFunction>(number);
  const auto length = hash_octets(function);
  if (!length)
    return fail(fmt::format("CHASH function {} is unknown, expected 0 (SHA-1) or 1 (MD5)", number), at);
  SIPVET_TRY(const ByteView hash, reader.bytes(*length, "certificate hash"));
  return CertificateHash{function, to_bytes(hash)};
}

void write(Writer& writer, const CertificateHash& hash) {
  writer.u8(static_cast<std::uint8_t>(hash.function)).bytes(hash.hash);
}

} // namespace sipvet::mikey
