#include "mikey/dh.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(dh)

using namespace sipvet;
using namespace sipvet::mikey;

BOOST_AUTO_TEST_CASE(the_group_tells_the_length) {
  const std::string v192(384, 'a');
  const std::string v96(192, 'b');
  const std::string v128(256, 'c');
  check_payload(&parse_dh, "00" + v192 + "00", {DhGroup::oakley_5, Bytes(192, 0xaa), 0, {}});
  check_payload(&parse_dh, "01" + v96 + "01 01 77", {DhGroup::oakley_1, Bytes(96, 0xbb), 0, Spi{hex("77")}});
  check_payload(&parse_dh, "02" + v128 + "50", {DhGroup::oakley_2, Bytes(128, 0xcc), 5, {}});
}

BOOST_AUTO_TEST_CASE(unknown_groups) {
  BOOST_TEST(refusal(&parse_dh, "03 00") == "DH group 3 is unknown, expected 0, 1 or 2 (at octet 0)");
}

BOOST_AUTO_TEST_SUITE_END()
