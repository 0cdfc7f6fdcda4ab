#include "tlswire/certificate_message.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "tlswire/extensions.hpp"
#include "tlswire/version.hpp"

#include <string>

namespace sipvet::tlswire {

Result<CertificateMessage> parse_certificate_message(ByteView body, std::uint16_t version) {
  const bool tls13 = version >= tls1_3;
  Reader reader(body);
  CertificateMessage out;
  if (tls13) {
    SIPVET_TRY(Reader context, reader.sub_prefixed8("certificate request context"));
    out.request_context = to_bytes(context.rest());
  }
  SIPVET_TRY(Reader chain, reader.sub_prefixed24("certificate list"));
  SIPVET_CHECK(reader.expect_end("Certificate"));
  while (!chain.empty()) {
    if (out.chain_der.size() == max_chain_certificates)
      return fail("expected at most " + std::to_string(max_chain_certificates) + " certificates",
                  chain.offset());
    SIPVET_TRY(Reader entry, chain.sub_prefixed24("certificate"));
    if (entry.empty()) return fail("expected a certificate of 1 octet or more", entry.offset());
    out.chain_der.push_back(to_bytes(entry.rest()));
    if (tls13) SIPVET_CHECK(chain.sub_prefixed16("certificate extensions"));
  }
  return out;
}

Bytes write_certificate_message(const CertificateMessage& message, std::uint16_t version) {
  const bool tls13 = version >= tls1_3;
  Writer writer;
  if (tls13) {
    const auto context = writer.prefixed8();
    writer.bytes(message.request_context);
  }
  {
    const auto chain = writer.prefixed24();
    for (const Bytes& der : message.chain_der) {
      {
        const auto entry = writer.prefixed24();
        writer.bytes(der);
      }
      if (tls13) writer.u16(0); // no extensions
    }
  }
  return writer.take();
}

} // namespace sipvet::tlswire
