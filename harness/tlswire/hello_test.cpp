// ClientHello, ServerHello and the SSLv2-format hello, against RFC 8448 and RFC 5246 appendix E.2.
#include "tlswire/client_hello.hpp"
#include "tlswire/rfc8448_trace.hpp"
#include "tlswire/server_hello.hpp"
#include "tlswire/sslv2_client_hello.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::tlswire;

namespace {

ByteView body(const Bytes& message) { return ByteView(message).subspan(4); }

template <typename Parse>
void check_truncations(ByteView whole, Parse parse, std::size_t may_end_at) {
  for (std::size_t size = 0; size < whole.size(); ++size) {
    if (size == may_end_at) continue;
    BOOST_TEST_CONTEXT("cut to " << size << " octets") BOOST_TEST(!parse(whole.first(size)));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(hello)

BOOST_AUTO_TEST_CASE(client_hello_of_rfc8448) {
  const ClientHello parsed = parse_client_hello(body(rfc8448::client_hello)).value();
  BOOST_TEST(parsed.version == 0x0303);
  BOOST_TEST(parsed.highest_version() == 0x0304);
  BOOST_TEST(parsed.server_name() == "server");
  BOOST_TEST((parsed.suites == std::vector<std::uint16_t>{0x1301, 0x1303, 0x1302}));
  BOOST_TEST(parsed.offers(0x1302));
  BOOST_TEST(!parsed.offers(0x002f));
  BOOST_TEST(parsed.session_id.empty());
  BOOST_TEST((parsed.compressions == Bytes{0}));
  BOOST_TEST(parsed.random[0] == 0xcb);
  BOOST_TEST(parsed.extensions.list.size() == 9u);
  const Extension* groups = parsed.extensions.find(extension::supported_groups);
  BOOST_REQUIRE(groups != nullptr);
  BOOST_TEST(parse_u16_list(groups->body, "groups").value().front() == 0x001d);
  BOOST_TEST((write_client_hello(parsed) == to_bytes(body(rfc8448::client_hello))));
}

BOOST_AUTO_TEST_CASE(client_hello_errors) {
  // 46 octets in, a hello without extensions ends (RFC 5246 §7.4.1.2).
  check_truncations(body(rfc8448::client_hello), parse_client_hello, 2 + 32 + 1 + 2 + 6 + 2);
  Bytes longer = to_bytes(body(rfc8448::client_hello));
  longer.push_back(0);
  BOOST_TEST(!parse_client_hello(longer));
  Bytes long_id = to_bytes(body(rfc8448::client_hello));
  long_id[34] = 33;
  BOOST_TEST(parse_client_hello(long_id).error().what == "expected a session id of at most 32 octets");
}

BOOST_AUTO_TEST_CASE(grease_is_no_version) {
  ClientHello hello;
  hello.extensions.list = {{extension::supported_versions, {4, 0xfa, 0xfa, 3, 3}}};
  BOOST_TEST(hello.highest_version() == 0x0303);
  BOOST_TEST(hello.server_name() == "");
  hello.extensions.list = {make_server_name("a.example")};
  BOOST_TEST(hello.server_name() == "a.example");
}

BOOST_AUTO_TEST_CASE(server_hello_of_rfc8448) {
  const ServerHello parsed = parse_server_hello(body(rfc8448::server_hello)).value();
  BOOST_TEST(parsed.version == 0x0303);
  BOOST_TEST(parsed.negotiated_version() == 0x0304);
  BOOST_TEST(parsed.suite == 0x1301);
  BOOST_TEST(!parsed.is_hello_retry_request());
  BOOST_TEST(!parsed.extended_master_secret());
  BOOST_TEST(!parsed.encrypt_then_mac());
  BOOST_TEST((write_server_hello(parsed) == to_bytes(body(rfc8448::server_hello))));
  check_truncations(body(rfc8448::server_hello), parse_server_hello, 2 + 32 + 1 + 2 + 1);
}

BOOST_AUTO_TEST_CASE(hello_retry_request_by_its_random) {
  ServerHello hello;
  const Bytes random = rfc8448::hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
  std::copy(random.begin(), random.end(), hello.random.begin());
  BOOST_TEST(hello.is_hello_retry_request());
}

BOOST_AUTO_TEST_CASE(sslv2_format_hello) {
  // 46 octets: TLS 1.0, two cipher specs (one of SSL 2.0 only), no session, a challenge of 16.
  const Bytes wire = rfc8448::hex("801f"
                                  "01"
                                  "0301"
                                  "0006"
                                  "0000"
                                  "0010"
                                  "00000a"
                                  "0700c0"
                                  "101112131415161718191a1b1c1d1e1f");
  const Sslv2ClientHello parsed = parse_sslv2_client_hello(ByteView(wire).subspan(2)).value();
  BOOST_TEST(parsed.version == 0x0301);
  BOOST_TEST((parsed.cipher_specs == std::vector<std::uint32_t>{0x00000a, 0x0700c0}));
  BOOST_TEST(parsed.challenge.size() == 16u);
  BOOST_TEST((write_sslv2_client_hello(parsed) == wire));
  const ClientHello as_tls = parsed.as_client_hello();
  BOOST_TEST((as_tls.suites == std::vector<std::uint16_t>{0x000a}));
  BOOST_TEST(as_tls.random[15] == 0);
  BOOST_TEST(as_tls.random[16] == 0x10);
  BOOST_TEST(as_tls.random[31] == 0x1f);
  check_truncations(ByteView(wire).subspan(2), parse_sslv2_client_hello, 9999);
  Bytes bad = to_bytes(ByteView(wire).subspan(2));
  bad[4] = 5;
  BOOST_TEST((parse_sslv2_client_hello(bad).error().offset == 3u));
  bad = to_bytes(ByteView(wire).subspan(2));
  bad[8] = 15;
  BOOST_TEST((parse_sslv2_client_hello(bad).error().offset == 7u));
  bad[0] = 4;
  BOOST_TEST((parse_sslv2_client_hello(bad).error().offset == 0u));
}

BOOST_AUTO_TEST_SUITE_END()
