#include "mikey/certificate.hpp"

namespace sipvet::mikey {

Result<Certificate> parse_certificate(Reader& reader) {
  SIPVET_TRY(const std::uint8_t type, reader.u8("certificate type"));
  SIPVET_TRY(Reader data, reader.sub_prefixed16("certificate"));
  return Certificate{static_cast<CertificateType>(type), to_bytes(data.rest())};
}

void write(Writer& writer, const Certificate& certificate) {
  writer.u8(static_cast<std::uint8_t>(certificate.certificate_type));
  auto length = writer.prefixed16();
  writer.bytes(certificate.data);
}

} // namespace sipvet::mikey
