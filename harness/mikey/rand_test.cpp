#include "mikey/rand.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(rand_payload)

using namespace sipvet;
using namespace sipvet::mikey;

BOOST_AUTO_TEST_CASE(one_octet_of_length) {
  check_payload(&parse_rand, "03 010203", {hex("010203")});
  check_payload(&parse_rand, "00", {{}});
}

BOOST_AUTO_TEST_SUITE_END()
