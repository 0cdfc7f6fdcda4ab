#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;

BOOST_AUTO_TEST_SUITE(hex)

// RFC 4648 §10 prints "foobar" in base 16.
BOOST_AUTO_TEST_CASE(rfc_4648_vectors) {
  BOOST_TEST(to_hex(as_bytes("")) == "");
  BOOST_TEST(to_hex(as_bytes("f")) == "66");
  BOOST_TEST(to_hex(as_bytes("foobar")) == "666f6f626172");
  BOOST_TEST(as_text(from_hex("666F6F626172").value()) == "foobar");
  BOOST_TEST(as_text(from_hex("666f6f626172").value()) == "foobar");
}

BOOST_AUTO_TEST_CASE(every_octet_there_and_back) {
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  BOOST_TEST((from_hex(to_hex(all)).value() == all));
}

BOOST_AUTO_TEST_CASE(blanks_between_octets_only) {
  BOOST_TEST((from_hex(" 01 02\t03\r\n04 ").value() == Bytes{1, 2, 3, 4}));
  BOOST_TEST(from_hex("").value().empty());
  BOOST_TEST((from_hex("0 1").error().offset == 1u));
}

BOOST_AUTO_TEST_CASE(errors_point_at_the_character) {
  BOOST_TEST((from_hex("0102xx").error().offset == 4u));
  BOOST_TEST((from_hex("010g").error().offset == 3u));
  BOOST_TEST((from_hex("01 2").error().offset == 4u));
}

BOOST_AUTO_TEST_SUITE_END()
