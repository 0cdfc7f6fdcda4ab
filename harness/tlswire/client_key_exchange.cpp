#include "tlswire/client_key_exchange.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "tlswire/version.hpp"

namespace sipvet::tlswire {

Result<ByteView> parse_rsa_client_key_exchange(ByteView body, std::uint16_t version) {
  if (body.empty()) return fail("expected an encrypted premaster secret", 0);
  if (version <= ssl3 || body.size() < 2) return body;
  const std::size_t length = static_cast<std::size_t>(body[0] << 8 | body[1]);
  if (length == body.size() - 2) return body.subspan(2);
  return body;
}

Bytes write_rsa_client_key_exchange(ByteView encrypted_premaster, std::uint16_t version) {
  Writer writer;
  if (version > ssl3) writer.u16(static_cast<std::uint16_t>(encrypted_premaster.size()));
  writer.bytes(encrypted_premaster);
  return writer.take();
}

Result<ByteView> parse_ecdhe_client_key_exchange(ByteView body) {
  Reader reader(body);
  SIPVET_TRY(Reader point, reader.sub_prefixed8("public value"));
  if (point.empty()) return fail("expected a public value of 1 to 255 octets", point.offset());
  SIPVET_CHECK(reader.expect_end("ClientKeyExchange"));
  return point.rest();
}

Bytes write_ecdhe_client_key_exchange(ByteView public_value) {
  Writer writer;
  {
    const auto point = writer.prefixed8();
    writer.bytes(public_value);
  }
  return writer.take();
}

} // namespace sipvet::tlswire
