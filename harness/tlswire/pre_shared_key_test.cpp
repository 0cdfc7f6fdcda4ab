// pre_shared_key and psk_key_exchange_modes, against RFC 8448 §4.
#include "tlswire/pre_shared_key.hpp"

#include "crypto/hash.hpp"
#include "tlswire/finished.hpp"
#include "tlswire/rfc8448_resumption.hpp"
#include "tlswire/server_hello.hpp"
#include "tlswire/test_codec.hpp"

using namespace sipvet;
using namespace sipvet::tlswire;
using namespace sipvet::tlswire::testing;
namespace resumed = sipvet::tlswire::rfc8448::resumed;

BOOST_AUTO_TEST_SUITE(pre_shared_key)

BOOST_AUTO_TEST_CASE(offer_of_rfc8448) {
  const auto hello = parse_client_hello(body_of(resumed::client_hello)).value();
  BOOST_TEST(is_last(hello.extensions, extension::pre_shared_key));
  const Bytes body = hello.extensions.list.back().body;
  const auto offer = parse_psk_offer(body).value();
  BOOST_REQUIRE(offer.identities.size() == 1u);
  BOOST_TEST(offer.identities[0].identity.size() == 178u);
  BOOST_TEST(offer.identities[0].obfuscated_ticket_age == 0xfad6aacbu); // 6 ms after the ticket
  BOOST_TEST((make_psk_offer(offer) == hello.extensions.list.back()));
  check_only_whole(body, parse_psk_offer);

  BOOST_TEST(binder_list_octets(offer) == 35u);
  const ByteView truncated = without_binders(resumed::client_hello, offer);
  BOOST_TEST(truncated.size() == 477u);
  const Bytes hash = crypto::digest(crypto::Hash::sha256, truncated);
  BOOST_TEST(to_hex(hash) == "63224b2e4573f2d3454ca84b9d009a04f6be9e05711a8396473aefa01e924a14");
  const Suite& suite = *find_suite(hello.suites.front());
  BOOST_TEST((finished_verify_data_13(suite, resumed::binder_key, hash) == offer.binders[0]));
}

BOOST_AUTO_TEST_CASE(offers_of_several_keys) {
  const PskOffer two{{{{1, 2}, 0}, {{3}, 0xfffffffe}}, {Bytes(32, 5), Bytes(48, 6)}};
  const Extension written = make_psk_offer(two);
  BOOST_TEST((parse_psk_offer(written.body).value() == two));
  BOOST_TEST(binder_list_octets(two) == 2u + 33 + 49);
  BOOST_TEST(without_binders(written.body, two).size() == written.body.size() - 84);
  BOOST_TEST(without_binders(Bytes{1, 2}, two).empty());
}

BOOST_AUTO_TEST_CASE(what_rfc8446_refuses) {
  const auto refused = [](const PskOffer& offer) { return why(parse_psk_offer(make_psk_offer(offer).body)); };
  BOOST_TEST(refused({{}, {}}) == "expected one PSK identity or more (at octet 2)");
  BOOST_TEST(refused({{{{}, 0}}, {Bytes(32, 1)}}) ==
             "expected a PSK identity of 1 octet or more (at octet 4)");
  BOOST_TEST(refused({{{{1}, 0}}, {}}) ==
             "expected 1 PSK binders, one for each identity, got 0 (at octet 9)");
  BOOST_TEST(refused({{{{1}, 0}}, {Bytes(31, 1)}}) ==
             "expected a PSK binder of 32 octets or more, got 31 (at octet 12)");
  BOOST_TEST(refused({{{{1}, 0}}, {Bytes(32, 1), Bytes(32, 2)}}) ==
             "expected 1 PSK binders, one for each identity, got 2 (at octet 9)");
  Extensions list;
  BOOST_TEST(!is_last(list, extension::pre_shared_key));
  list.list = {make_psk_offer({}), make_psk_modes(Bytes{1})};
  BOOST_TEST(!is_last(list, extension::pre_shared_key));
}

BOOST_AUTO_TEST_CASE(choice_of_the_server) {
  const auto answer = parse_server_hello(body_of(resumed::server_hello)).value();
  const Extension* chosen = answer.extensions.find(extension::pre_shared_key);
  BOOST_REQUIRE(chosen != nullptr);
  BOOST_TEST(parse_selected_psk(chosen->body).value() == 0);
  BOOST_TEST((make_selected_psk(0) == *chosen));
  BOOST_TEST((make_selected_psk(0x0102).body == Bytes{1, 2}));
  check_only_whole(chosen->body, parse_selected_psk);
}

BOOST_AUTO_TEST_CASE(key_exchange_modes) {
  const auto hello = parse_client_hello(body_of(resumed::client_hello)).value();
  const Extension* modes = hello.extensions.find(extension::psk_key_exchange_modes);
  BOOST_REQUIRE(modes != nullptr);
  BOOST_TEST((parse_psk_modes(modes->body).value() == Bytes{psk_mode::psk_dhe_ke}));
  BOOST_TEST((make_psk_modes(Bytes{1}) == *modes));
  check_only_whole(modes->body, parse_psk_modes);
  BOOST_TEST(why(parse_psk_modes(Bytes{0})) == "expected one PSK key exchange mode or more (at octet 1)");
}

BOOST_AUTO_TEST_SUITE_END()
