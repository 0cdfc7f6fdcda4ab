#include "tlswire/certificate_request.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "tlswire/version.hpp"

namespace sipvet::tlswire {
namespace {

Result<CertificateRequest> parse13(ByteView body) {
  Reader reader(body);
  CertificateRequest out;
  SIPVET_TRY(Reader context, reader.sub_prefixed8("certificate request context"));
  out.context = to_bytes(context.rest());
  const std::size_t extensions_at = reader.offset();
  SIPVET_TRY(out.extensions, parse_required_extensions(reader));
  SIPVET_CHECK(reader.expect_end("CertificateRequest"));
  if (out.extensions.empty()) return fail("expected extensions in a CertificateRequest", extensions_at);
  return out;
}

Bytes write13(const CertificateRequest& request) {
  Writer writer;
  {
    const auto context = writer.prefixed8();
    writer.bytes(request.context);
  }
  write_extensions(writer, request.extensions);
  return writer.take();
}

Result<void> parse_schemes(Reader& reader, std::vector<std::uint16_t>& to) {
  SIPVET_TRY(Reader schemes, reader.sub_prefixed16("signature schemes"));
  if (schemes.empty()) return fail("expected one signature scheme or more", schemes.offset());
  while (!schemes.empty()) {
    SIPVET_TRY(const std::uint16_t scheme, schemes.u16("signature scheme"));
    to.push_back(scheme);
  }
  return {};
}

Result<void> parse_authorities(Reader& reader, std::vector<Bytes>& to) {
  SIPVET_TRY(Reader names, reader.sub_prefixed16("certificate authorities"));
  while (!names.empty()) {
    SIPVET_TRY(Reader name, names.sub_prefixed16("certificate authority"));
    if (name.empty()) return fail("expected a name of 1 octet or more", name.offset());
    to.push_back(to_bytes(name.rest()));
  }
  return {};
}

} // namespace

Result<CertificateRequest> parse_certificate_request(ByteView body, std::uint16_t version) {
  if (version >= tls1_3) return parse13(body);
  Reader reader(body);
  CertificateRequest out;
  SIPVET_TRY(Reader types, reader.sub_prefixed8("certificate types"));
  if (types.empty()) return fail("expected one certificate type or more", types.offset());
  out.certificate_types = to_bytes(types.rest());
  if (version >= tls1_2) SIPVET_CHECK(parse_schemes(reader, out.signature_schemes));
  SIPVET_CHECK(parse_authorities(reader, out.authorities));
  SIPVET_CHECK(reader.expect_end("CertificateRequest"));
  return out;
}

Bytes write_certificate_request(const CertificateRequest& request, std::uint16_t version) {
  if (version >= tls1_3) return write13(request);
  Writer writer;
  {
    const auto types = writer.prefixed8();
    writer.bytes(request.certificate_types);
  }
  if (version >= tls1_2) {
    const auto schemes = writer.prefixed16();
    for (const std::uint16_t scheme : request.signature_schemes) writer.u16(scheme);
  }
  {
    const auto names = writer.prefixed16();
    for (const Bytes& der : request.authorities) {
      const auto name = writer.prefixed16();
      writer.bytes(der);
    }
  }
  return writer.take();
}

} // namespace sipvet::tlswire
