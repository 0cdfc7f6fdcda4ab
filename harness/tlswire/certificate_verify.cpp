#include "tlswire/certificate_verify.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "tlswire/version.hpp"

#include <string_view>

namespace sipvet::tlswire {

Result<CertificateVerify> parse_certificate_verify(ByteView body, std::uint16_t version) {
  Reader reader(body);
  CertificateVerify out;
  if (version >= tls1_2) {
    SIPVET_TRY(out.signature_scheme, reader.u16("signature scheme"));
  }
  SIPVET_TRY(Reader signature, reader.sub_prefixed16("signature"));
  out.signature = to_bytes(signature.rest());
  SIPVET_CHECK(reader.expect_end("CertificateVerify"));
  return out;
}

Bytes write_certificate_verify(const CertificateVerify& message, std::uint16_t version) {
  Writer writer;
  if (version >= tls1_2) writer.u16(message.signature_scheme.value_or(0));
  {
    const auto signature = writer.prefixed16();
    writer.bytes(message.signature);
  }
  return writer.take();
}

Bytes certificate_verify_content_13(Side side, ByteView transcript_hash) {
  const std::string_view context =
      side == Side::client ? "TLS 1.3, client CertificateVerify" : "TLS 1.3, server CertificateVerify";
  Bytes out(64, 0x20);
  append(out, as_bytes(context));
  out.push_back(0);
  append(out, transcript_hash);
  return out;
}

} // namespace sipvet::tlswire
