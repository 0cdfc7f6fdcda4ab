// key_share in its three forms, against RFC 8448.
#include "tlswire/key_share.hpp"

#include "tlswire/named_groups.hpp"
#include "tlswire/rfc8448_resumption.hpp"
#include "tlswire/server_hello.hpp"
#include "tlswire/test_codec.hpp"

using namespace sipvet;
using namespace sipvet::tlswire;
using namespace sipvet::tlswire::testing;

namespace {

Bytes share_in(const Extensions& extensions) {
  const Extension* found = extensions.find(extension::key_share);
  return found != nullptr ? found->body : Bytes();
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_share)

BOOST_AUTO_TEST_CASE(of_a_client) {
  const auto first = parse_client_hello(body_of(rfc8448::client_hello)).value();
  const auto shares = parse_client_key_shares(share_in(first.extensions)).value();
  BOOST_REQUIRE(shares.size() == 1u);
  BOOST_TEST(shares[0].group == group::x25519);
  BOOST_TEST(to_hex(shares[0].key) == "99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c");
  BOOST_TEST((make_client_key_shares(shares).body == share_in(first.extensions)));
  check_only_whole(share_in(first.extensions), parse_client_key_shares);

  const std::vector<KeyShareEntry> two{{group::x25519, Bytes(32, 1)}, {group::secp256r1, Bytes(65, 4)}};
  BOOST_TEST((parse_client_key_shares(make_client_key_shares(two).body).value() == two));
  BOOST_TEST(parse_client_key_shares(Bytes{0, 0}).value().empty()); // asks for a retry
  BOOST_TEST(why(parse_client_key_shares(Bytes{0, 4, 0, 29, 0, 0})) ==
             "expected a key share of 1 octet or more (at octet 6)");
}

BOOST_AUTO_TEST_CASE(of_a_server) {
  const auto answer = parse_server_hello(body_of(rfc8448::retried::server_hello)).value();
  const auto share = parse_server_key_share(share_in(answer.extensions)).value();
  BOOST_TEST(share.group == group::secp256r1);
  BOOST_TEST(share.key.size() == 65u);
  BOOST_TEST((make_server_key_share(share).body == share_in(answer.extensions)));
  check_only_whole(share_in(answer.extensions), parse_server_key_share);
}

BOOST_AUTO_TEST_CASE(of_a_retry_request) {
  const auto retry = parse_server_hello(body_of(rfc8448::retried::retry_request)).value();
  BOOST_TEST(parse_retry_group(share_in(retry.extensions)).value() == group::secp256r1);
  BOOST_TEST((make_retry_group(group::secp256r1).body == share_in(retry.extensions)));
  check_only_whole(share_in(retry.extensions), parse_retry_group);
}

BOOST_AUTO_TEST_SUITE_END()
