#include "mikey/key_data.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(key_data)

using namespace sipvet;
using namespace sipvet::mikey;

BOOST_AUTO_TEST_CASE(the_four_kinds) {
  check_payload(&parse_key_data, "00 0002 0102", {KeyKind::tgk, hex("0102"), {}, {}});
  check_payload(&parse_key_data, "10 0002 0102 0001 ff",
                {KeyKind::tgk_with_salt, hex("0102"), hex("ff"), {}});
  check_payload(&parse_key_data, "20 0002 0102", {KeyKind::tek, hex("0102"), {}, {}});
  check_payload(&parse_key_data, "30 0001 01 0002 fffe",
                {KeyKind::tek_with_salt, hex("01"), hex("fffe"), {}});
}

BOOST_AUTO_TEST_CASE(key_validity_stands_behind_the_salt) {
  check_payload(&parse_key_data, "31 0001 01 0001 ff 02 abcd",
                {KeyKind::tek_with_salt, hex("01"), hex("ff"), Spi{hex("abcd")}});
  check_payload(&parse_key_data, "02 0001 01 02 0001 03 000fff",
                {KeyKind::tgk, hex("01"), {}, Interval{hex("0001"), hex("000fff")}});
}

BOOST_AUTO_TEST_CASE(unknown_types) {
  BOOST_TEST(refusal(&parse_key_data, "40 0000") ==
             "key data type 4 is unknown, expected 0 (TGK) to 3 (TEK+SALT) (at octet 0)");
  BOOST_TEST(refusal(&parse_key_data, "03 0000") ==
             "key validity type 3 is unknown, expected 0 (null), 1 (SPI) or 2 (interval) (at octet 3)");
}

BOOST_AUTO_TEST_CASE(a_chain_of_two) {
  const Bytes octets = hex("14 00 0001 aa  00 20 0001 bb");
  const auto chain = parse_key_chain(octets, false);
  BOOST_REQUIRE_MESSAGE(chain.has_value(), error_of(chain));
  BOOST_TEST(!chain->initiator.has_value());
  BOOST_REQUIRE(chain->keys.size() == 2);
  BOOST_TEST((chain->keys[0].kind == KeyKind::tgk));
  BOOST_TEST((chain->keys[1].key == hex("bb")));
  BOOST_TEST((write_key_chain(*chain) == octets));
}

BOOST_AUTO_TEST_CASE(an_identity_comes_first_in_public_key_mode) {
  const Bytes octets = hex("14 01 0003 736970  00 00 0001 aa");
  const auto chain = parse_key_chain(octets, true);
  BOOST_REQUIRE_MESSAGE(chain.has_value(), error_of(chain));
  BOOST_TEST((chain->initiator == uri_id("sip")));
  BOOST_TEST(chain->keys.size() == 1);
  BOOST_TEST((write_key_chain(*chain) == octets));
}

BOOST_AUTO_TEST_CASE(chains_that_break_off_or_wander) {
  BOOST_TEST(error_of(parse_key_chain(hex("14 00 0001 aa"), false)) ==
             "next key data sub-payload needs 1 octets, only 0 are left (at octet 5)");
  BOOST_TEST(error_of(parse_key_chain(hex("0b 00 0001 aa 00"), false)) ==
             "RAND (11) among the key data, expected another key data sub-payload or the last (at octet 5)");
  BOOST_TEST(error_of(parse_key_chain(hex("00 00 0001 aa 00"), false)) ==
             "key data has 1 octets too many (at octet 5)");
  BOOST_TEST(!parse_key_chain({}, false).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
