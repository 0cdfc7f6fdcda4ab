#include "tlswire/server_hello.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"

#include <algorithm>

namespace sipvet::tlswire {
namespace {

// RFC 8446 §4.1.3: SHA-256 of "HelloRetryRequest".
constexpr HelloRandom retry_random{0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                   0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                   0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

} // namespace

std::uint16_t ServerHello::negotiated_version() const {
  const Extension* chosen = extensions.find(extension::supported_versions);
  if (chosen == nullptr || chosen->body.size() != 2) return version;
  return static_cast<std::uint16_t>(chosen->body[0] << 8 | chosen->body[1]);
}

bool ServerHello::is_hello_retry_request() const { return random == retry_random; }

Result<ServerHello> parse_server_hello(ByteView body) {
  Reader reader(body);
  ServerHello hello;
  SIPVET_TRY(hello.version, reader.u16("server version"));
  SIPVET_TRY(const ByteView random, reader.bytes(32, "server random"));
  std::copy(random.begin(), random.end(), hello.random.begin());
  SIPVET_TRY(Reader session_id, reader.sub_prefixed8("session id"));
  if (session_id.remaining() > 32)
    return fail("expected a session id of at most 32 octets", session_id.offset());
  hello.session_id = to_bytes(session_id.rest());
  SIPVET_TRY(hello.suite, reader.u16("cipher suite"));
  SIPVET_TRY(hello.compression, reader.u8("compression method"));
  hello.extensions_present = !reader.empty();
  SIPVET_TRY(hello.extensions, parse_extensions(reader));
  SIPVET_CHECK(reader.expect_end("ServerHello"));
  return hello;
}

Bytes write_server_hello(const ServerHello& hello) {
  Writer writer;
  writer.u16(hello.version).bytes(hello.random);
  {
    const auto session_id = writer.prefixed8();
    writer.bytes(hello.session_id);
  }
  writer.u16(hello.suite).u8(hello.compression);
  if (hello.extensions_present) write_extensions(writer, hello.extensions);
  return writer.take();
}

} // namespace sipvet::tlswire
