#include "tlswire/server_key_exchange.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "tlswire/version.hpp"

#include <string>

namespace sipvet::tlswire {
namespace {

constexpr std::uint8_t named_curve = 3; // RFC 8422 §5.4: the other two are gone

void write_parameters(Writer& writer, std::uint16_t group, ByteView public_value) {
  writer.u8(named_curve).u16(group);
  const auto point = writer.prefixed8();
  writer.bytes(public_value);
}

} // namespace

Result<ServerKeyExchange> parse_ecdhe_server_key_exchange(ByteView body, std::uint16_t version) {
  Reader reader(body);
  ServerKeyExchange out;
  SIPVET_TRY(const std::uint8_t curve_type, reader.u8("curve type"));
  if (curve_type != named_curve)
    return fail("expected named_curve(3), got curve type " + std::to_string(curve_type), 0);
  SIPVET_TRY(out.group, reader.u16("named group"));
  SIPVET_TRY(Reader point, reader.sub_prefixed8("public value"));
  if (point.empty()) return fail("expected a public value of 1 to 255 octets", point.offset());
  out.public_value = to_bytes(point.rest());
  if (version >= tls1_2) {
    SIPVET_TRY(out.signature_scheme, reader.u16("signature scheme"));
  }
  SIPVET_TRY(Reader signature, reader.sub_prefixed16("signature"));
  out.signature = to_bytes(signature.rest());
  SIPVET_CHECK(reader.expect_end("ServerKeyExchange"));
  return out;
}

Bytes write_ecdhe_server_key_exchange(const ServerKeyExchange& message, std::uint16_t version) {
  Writer writer;
  write_parameters(writer, message.group, message.public_value);
  if (version >= tls1_2) writer.u16(message.signature_scheme.value_or(0));
  {
    const auto signature = writer.prefixed16();
    writer.bytes(message.signature);
  }
  return writer.take();
}

Bytes ecdhe_signed_parameters(ByteView client_random, ByteView server_random, std::uint16_t group,
                              ByteView public_value) {
  Writer writer;
  writer.bytes(client_random).bytes(server_random);
  write_parameters(writer, group, public_value);
  return writer.take();
}

} // namespace sipvet::tlswire
