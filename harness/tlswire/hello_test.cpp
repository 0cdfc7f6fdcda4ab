// ClientHello, ServerHello and the SSLv2-format hello, against RFC 8448 and RFC 5246 appendix E.2.
#include "tlswire/client_hello.hpp"
#include "tlswire/rfc8448_trace.hpp"
#include "tlswire/server_hello.hpp"
#include "tlswire/sslv2_client_hello.hpp"
#include "tlswire/test_codec.hpp"
#include "tlswire/version.hpp"

using namespace sipvet;
using namespace sipvet::tlswire;
using namespace sipvet::tlswire::testing;

namespace {

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
  const ClientHello parsed = parse_client_hello(body_of(rfc8448::client_hello)).value();
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
  BOOST_TEST((write_client_hello(parsed) == to_bytes(body_of(rfc8448::client_hello))));
}

BOOST_AUTO_TEST_CASE(client_hello_errors) {
  // 46 octets in, a hello without extensions ends (RFC 5246 §7.4.1.2).
  check_truncations(body_of(rfc8448::client_hello), parse_client_hello, 2 + 32 + 1 + 2 + 6 + 2);
  Bytes longer = to_bytes(body_of(rfc8448::client_hello));
  longer.push_back(0);
  BOOST_TEST(!parse_client_hello(longer));
  Bytes long_id = to_bytes(body_of(rfc8448::client_hello));
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
  const ServerHello parsed = parse_server_hello(body_of(rfc8448::server_hello)).value();
  BOOST_TEST(parsed.version == 0x0303);
  BOOST_TEST(parsed.negotiated_version() == 0x0304);
  BOOST_TEST(parsed.suite == 0x1301);
  BOOST_TEST(!parsed.is_hello_retry_request());
  BOOST_TEST(!parsed.extended_master_secret());
  BOOST_TEST(!parsed.encrypt_then_mac());
  BOOST_TEST((write_server_hello(parsed) == to_bytes(body_of(rfc8448::server_hello))));
  check_truncations(body_of(rfc8448::server_hello), parse_server_hello, 2 + 32 + 1 + 2 + 1);
}

BOOST_AUTO_TEST_CASE(hello_retry_request_by_its_random) {
  ServerHello hello;
  const Bytes random = rfc8448::hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
  std::copy(random.begin(), random.end(), hello.random.begin());
  BOOST_TEST(hello.is_hello_retry_request());
}

BOOST_AUTO_TEST_CASE(sslv2_format_hello) {
  // 31 octets: TLS 1.0, two cipher specs (one of SSL 2.0 only), no session, a challenge of 16.
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
}

// What JSSE of Java 17 sends with the protocols SSLv2Hello and TLSv1: each suite, and the kind of SSL 2.0
// that is the nearest to it.
BOOST_AUTO_TEST_CASE(sslv2_format_hello_of_jsse) {
  const Bytes wire = rfc8448::hex("803b01030100120000002000000a0700c000002f0000040100800000ff"
                                  "93ff9d831ceaa64672759529c47ecdbbbecd5e81143171e63d3d29b85cd8fec9");
  const Sslv2ClientHello parsed = parse_sslv2_client_hello(ByteView(wire).subspan(2)).value();
  BOOST_TEST(parsed.version == 0x0301);
  BOOST_TEST(parsed.session_id.empty());
  BOOST_TEST((write_sslv2_client_hello(parsed) == wire));
  const ClientHello as_tls = parsed.as_client_hello();
  BOOST_TEST((as_tls.suites == std::vector<std::uint16_t>{0x000a, 0x002f, 0x0004, 0x00ff}));
  BOOST_TEST((to_bytes(as_tls.random) == parsed.challenge));
  BOOST_TEST((as_tls.compressions == Bytes{0}));
  BOOST_TEST(!as_tls.extensions_present);
  BOOST_TEST(as_tls.highest_version() == 0x0301);
  check_only_whole(ByteView(wire).subspan(2),
                   [](ByteView octets) { return parse_sslv2_client_hello(octets); });
}

BOOST_AUTO_TEST_CASE(sslv2_format_hello_rules) {
  const auto refused = [](const Sslv2ClientHello& hello, Sslv2Leniency leniency = {}) {
    return why(parse_sslv2_client_hello(ByteView(write_sslv2_client_hello(hello)).subspan(2), leniency));
  };
  Sslv2ClientHello good;
  good.cipher_specs = {0x2f};
  good.challenge = Bytes(32, 1);
  BOOST_TEST(refused(good) == "was read");
  good.version = ssl2;
  BOOST_TEST(refused(good) == "was read");
  good.version = 0x0201;
  BOOST_TEST(refused(good) == "expected version 3.x or 0.2, got 0x0201 (at octet 1)");
  good.version = tls1_0;

  Sslv2ClientHello hello = good;
  hello.cipher_specs.clear();
  BOOST_TEST(refused(hello) == "expected a cipher spec length that is a multiple of 3, got 0 (at octet 3)");
  Bytes half = write_sslv2_client_hello(good);
  half[6] = 4;
  BOOST_TEST(why(parse_sslv2_client_hello(ByteView(half).subspan(2))) ==
             "expected a cipher spec length that is a multiple of 3, got 4 (at octet 3)");
  half = write_sslv2_client_hello(good);
  half[2] = 4;
  BOOST_TEST(why(parse_sslv2_client_hello(ByteView(half).subspan(2))) ==
             "expected message type 1 in an SSLv2-format hello (at octet 0)");

  hello = good;
  hello.session_id = Bytes(16, 2);
  BOOST_TEST(refused(hello) == "was read");
  hello.version = tls1_2;
  BOOST_TEST(refused(hello) == "expected a session id of 0 octets, got 16 (at octet 5)");
  BOOST_TEST(refused(hello, {.any_session_id = true}) == "was read");
  hello.version = tls1_1;
  hello.session_id = Bytes(32, 2);
  BOOST_TEST(refused(hello) == "expected a session id of 0 or 16 octets, got 32 (at octet 5)");
  BOOST_TEST(refused(hello, {.any_challenge = true}) != "was read");
  BOOST_TEST(refused(hello, {.any_session_id = true}) == "was read");

  for (const std::size_t octets : {15u, 33u, 0u}) {
    hello = good;
    hello.challenge = Bytes(octets, 3);
    BOOST_TEST(refused(hello) ==
               "expected a challenge of 16 to 32 octets, got " + std::to_string(octets) + " (at octet 7)");
    BOOST_TEST(refused(hello, {.any_session_id = true}) != "was read");
    BOOST_TEST(refused(hello, {.any_challenge = true}) == "was read");
  }
}

BOOST_AUTO_TEST_CASE(challenges_of_any_length_end_up_at_the_right) {
  Sslv2ClientHello hello;
  for (const std::size_t octets : {0u, 1u, 16u, 31u, 32u, 40u}) {
    hello.challenge.clear();
    for (std::size_t i = 0; i < octets; ++i) hello.challenge.push_back(static_cast<std::uint8_t>(i + 1));
    Bytes expected(32, 0);
    append(expected, hello.challenge);
    BOOST_TEST((to_bytes(hello.as_client_hello().random) == to_bytes(ByteView(expected).last(32))));
  }
}

// The writer is for odd hellos too; the parser takes of them what the RFCs allow.
BOOST_AUTO_TEST_CASE(hellos_of_odd_contents) {
  const auto outcome = [](const ClientHello& hello) {
    return why(parse_client_hello(write_client_hello(hello)));
  };
  ClientHello hello;
  hello.suites = {0x002f};
  BOOST_TEST(outcome(hello) == "was read");
  BOOST_TEST(write_client_hello(hello).size() == 2u + 32 + 1 + 2 + 2 + 1 + 1 + 2);
  hello.extensions_present = false;
  BOOST_TEST(write_client_hello(hello).size() == 2u + 32 + 1 + 2 + 2 + 1 + 1);
  BOOST_TEST(!parse_client_hello(write_client_hello(hello)).value().extensions_present);

  ClientHello odd = hello;
  odd.suites.clear();
  BOOST_TEST(outcome(odd) == "expected one cipher suite or more (at octet 37)");
  odd = hello;
  odd.compressions.clear();
  BOOST_TEST(outcome(odd) == "expected one compression method or more (at octet 40)");
  odd.compressions = {1, 0, 7};
  BOOST_TEST((parse_client_hello(write_client_hello(odd)).value().compressions == odd.compressions));
  odd = hello;
  odd.session_id = Bytes(32, 1);
  BOOST_TEST(outcome(odd) == "was read");
  odd.session_id.push_back(1);
  BOOST_TEST(outcome(odd) == "expected a session id of at most 32 octets (at octet 35)");
  odd.session_id = Bytes(256, 1); // more than its length field can say: the field wraps
  BOOST_TEST(write_client_hello(odd)[34] == 0);

  odd = hello;
  odd.version = 0x0000;
  odd.suites.assign(32767, 0x0a0a);
  odd.extensions_present = true;
  odd.extensions.list = {{0xffff, Bytes(60000, 3)}, {0xffff, {}}, {extension::supported_versions, {9}}};
  const auto back = parse_client_hello(write_client_hello(odd)).value();
  BOOST_TEST((back.suites == odd.suites));
  BOOST_TEST((back.extensions == odd.extensions));
  BOOST_TEST(back.extensions.has_duplicate());
  BOOST_TEST(back.highest_version() == 0x0000); // a list that cannot be read says nothing
}

BOOST_AUTO_TEST_SUITE_END()
