#include "tlswire/dtls_hello.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"

namespace sipvet::tlswire {
namespace {

constexpr std::size_t version_and_random_octets = 2 + 32;

} // namespace

// Without its cookie the message is a ClientHello of TLS.
Result<DtlsClientHello> parse_dtls_client_hello(ByteView body) {
  Reader reader(body);
  Writer without;
  SIPVET_TRY(const ByteView start, reader.bytes(version_and_random_octets, "version and random"));
  without.bytes(start);
  SIPVET_TRY(Reader session_id, reader.sub_prefixed8("session_id"));
  {
    const auto length = without.prefixed8();
    without.bytes(session_id.rest());
  }
  SIPVET_TRY(Reader cookie, reader.sub_prefixed8("cookie"));
  DtlsClientHello out;
  out.cookie = to_bytes(cookie.rest());
  without.bytes(reader.rest());
  SIPVET_TRY(out.hello, parse_client_hello(without.view()));
  return out;
}

Result<Bytes> parse_hello_verify_request(ByteView body) {
  Reader reader(body);
  SIPVET_CHECK(reader.skip(2, "server_version"));
  SIPVET_TRY(Reader cookie, reader.sub_prefixed8("cookie"));
  Bytes out = to_bytes(cookie.rest());
  SIPVET_CHECK(reader.expect_end("HelloVerifyRequest"));
  return {boost::system::in_place_value, std::move(out)};
}

} // namespace sipvet::tlswire
