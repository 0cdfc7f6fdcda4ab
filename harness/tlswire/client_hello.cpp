#include "tlswire/client_hello.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"

#include <algorithm>

namespace sipvet::tlswire {
namespace {

constexpr std::size_t max_session_id_octets = 32; // RFC 5246 §7.4.1.2

// RFC 8701 §2: 0x0a0a, 0x1a1a … 0xfafa.
bool is_grease(std::uint16_t value) { return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff); }

} // namespace

std::uint16_t ClientHello::highest_version() const {
  const Extension* versions = extensions.find(extension::supported_versions);
  if (versions == nullptr) return version;
  const auto offered = parse_supported_versions(versions->body);
  if (!offered) return version;
  std::uint16_t highest = 0;
  for (const std::uint16_t candidate : *offered) {
    if (!is_grease(candidate)) highest = std::max(highest, candidate);
  }
  return highest != 0 ? highest : version;
}

std::string ClientHello::server_name() const {
  const Extension* name = extensions.find(extension::server_name);
  if (name == nullptr) return {};
  auto parsed = parse_server_name(name->body);
  return parsed ? *parsed : std::string();
}

bool ClientHello::offers(std::uint16_t suite) const {
  return std::find(suites.begin(), suites.end(), suite) != suites.end();
}

Result<ClientHello> parse_client_hello(ByteView body) {
  Reader reader(body);
  ClientHello hello;
  SIPVET_TRY(hello.version, reader.u16("client version"));
  SIPVET_TRY(const ByteView random, reader.bytes(32, "client random"));
  std::copy(random.begin(), random.end(), hello.random.begin());
  SIPVET_TRY(Reader session_id, reader.sub_prefixed8("session id"));
  if (session_id.remaining() > max_session_id_octets)
    return fail("expected a session id of at most 32 octets", session_id.offset());
  hello.session_id = to_bytes(session_id.rest());
  SIPVET_TRY(Reader suites, reader.sub_prefixed16("cipher suites"));
  if (suites.empty()) return fail("expected one cipher suite or more", suites.offset());
  while (!suites.empty()) {
    SIPVET_TRY(const std::uint16_t suite, suites.u16("cipher suite"));
    hello.suites.push_back(suite);
  }
  SIPVET_TRY(Reader compressions, reader.sub_prefixed8("compression methods"));
  if (compressions.empty()) return fail("expected one compression method or more", compressions.offset());
  hello.compressions = to_bytes(compressions.rest());
  hello.extensions_present = !reader.empty();
  SIPVET_TRY(hello.extensions, parse_extensions(reader));
  SIPVET_CHECK(reader.expect_end("ClientHello"));
  return hello;
}

Bytes write_client_hello(const ClientHello& hello) {
  Writer writer;
  writer.u16(hello.version).bytes(hello.random);
  {
    const auto session_id = writer.prefixed8();
    writer.bytes(hello.session_id);
  }
  {
    const auto suites = writer.prefixed16();
    for (const std::uint16_t suite : hello.suites) writer.u16(suite);
  }
  {
    const auto compressions = writer.prefixed8();
    writer.bytes(hello.compressions);
  }
  if (hello.extensions_present) write_extensions(writer, hello.extensions);
  return writer.take();
}

} // namespace sipvet::tlswire
