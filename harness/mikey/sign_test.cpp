#include "mikey/sign.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(sign)

using namespace sipvet;
using namespace sipvet::mikey;

BOOST_AUTO_TEST_CASE(four_bits_of_type_and_twelve_of_length) {
  check_payload(&parse_sign, "0003 010203", {SignatureType::rsa_pkcs1, hex("010203")});
  check_payload(&parse_sign, "1001 ff", {SignatureType::rsa_pss, hex("ff")});
}

BOOST_AUTO_TEST_SUITE_END()
