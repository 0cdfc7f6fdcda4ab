// HelloRetryRequest against RFC 8448 §5, and the marks of a downgrade.
#include "tlswire/hello_retry_request.hpp"

#include "crypto/hash.hpp"
#include "tlswire/downgrade.hpp"
#include "tlswire/named_groups.hpp"
#include "tlswire/rfc8448_resumption.hpp"
#include "tlswire/test_codec.hpp"
#include "tlswire/version.hpp"

using namespace sipvet;
using namespace sipvet::tlswire;
using namespace sipvet::tlswire::testing;

BOOST_AUTO_TEST_SUITE(hello_retry_request)

BOOST_AUTO_TEST_CASE(random_is_a_hash) {
  BOOST_TEST(
      (to_bytes(hello_retry_random) == crypto::digest(crypto::Hash::sha256, as_bytes("HelloRetryRequest"))));
}

BOOST_AUTO_TEST_CASE(request_of_rfc8448) {
  const auto hello = parse_client_hello(body_of(rfc8448::retried::client_hello)).value();
  const auto printed = parse_server_hello(body_of(rfc8448::retried::retry_request)).value();
  BOOST_TEST(printed.is_hello_retry_request());
  const Extension* cookie = printed.extensions.find(extension::cookie);
  BOOST_REQUIRE(cookie != nullptr);
  const ServerHello made =
      make_hello_retry_request(hello, 0x1301, group::secp256r1, parse_cookie(cookie->body).value());
  BOOST_TEST((write_server_hello(made) == to_bytes(body_of(rfc8448::retried::retry_request))));
  BOOST_TEST(made.negotiated_version() == tls1_3);
}

BOOST_AUTO_TEST_CASE(repeats_the_session_and_leaves_out_what_is_not_asked) {
  ClientHello hello;
  hello.session_id = Bytes(32, 9);
  const ServerHello made = make_hello_retry_request(hello, 0x1302, std::nullopt, Bytes{1});
  BOOST_TEST((made.session_id == hello.session_id));
  BOOST_TEST(made.suite == 0x1302);
  BOOST_TEST(!made.extensions.has(extension::key_share));
  BOOST_TEST(made.extensions.has(extension::cookie));
  BOOST_TEST(!make_hello_retry_request(hello, 0x1302, group::x25519).extensions.has(extension::cookie));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(downgrade)

BOOST_AUTO_TEST_CASE(marks_of_rfc8446) {
  HelloRandom random{};
  random.fill(0xaa);
  const HelloRandom before = random;
  mark_downgrade(random, tls1_3);
  BOOST_TEST((random == before));
  BOOST_TEST((find_downgrade(random) == Downgrade::none));
  mark_downgrade(random, tls1_2);
  BOOST_TEST(to_hex(ByteView(random).last(9)) == "aa444f574e47524401");
  BOOST_TEST((find_downgrade(random) == Downgrade::to_tls12));
  for (const std::uint16_t version : {tls1_1, tls1_0, ssl3}) {
    mark_downgrade(random, version);
    BOOST_TEST(to_hex(ByteView(random).last(9)) == "aa444f574e47524400");
    BOOST_TEST((find_downgrade(random) == Downgrade::to_tls11_or_older));
  }
  random[31] = 2;
  BOOST_TEST((find_downgrade(random) == Downgrade::none));
  mark_downgrade(random, tls1_2);
  random[24] ^= 1;
  BOOST_TEST((find_downgrade(random) == Downgrade::none));
}

BOOST_AUTO_TEST_SUITE_END()
