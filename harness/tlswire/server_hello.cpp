#include "tlswire/server_hello.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "tlswire/hello_retry_request.hpp"

#include <algorithm>

namespace sipvet::tlswire {

std::uint16_t ServerHello::negotiated_version() const {
  const Extension* chosen = extensions.find(extension::supported_versions);
  if (chosen == nullptr || chosen->body.size() != 2) return version;
  return static_cast<std::uint16_t>(chosen->body[0] << 8 | chosen->body[1]);
}

bool ServerHello::is_hello_retry_request() const { return random == hello_retry_random; }

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
