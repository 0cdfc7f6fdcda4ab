#include "mikey/kemac.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(kemac)

using namespace sipvet;
using namespace sipvet::mikey;

BOOST_AUTO_TEST_CASE(octets_of_section_6_2) {
  check_payload(&parse_kemac, "01 0003 aabbcc 01 000102030405060708090a0b0c0d0e0f10111213",
                {Encryption::aes_cm_128, hex("aabbcc"), Mac::hmac_sha1_160,
                 hex("000102030405060708090a0b0c0d0e0f10111213")});
  check_payload(&parse_kemac, "00 0000 00", {Encryption::null, {}, Mac::null, {}});
}

BOOST_AUTO_TEST_CASE(an_unknown_encryption_is_kept) {
  check_payload(&parse_kemac, "09 0001 ff 00", {static_cast<Encryption>(9), hex("ff"), Mac::null, {}});
}

BOOST_AUTO_TEST_CASE(an_unknown_mac_has_no_length) {
  BOOST_TEST(
      refusal(&parse_kemac, "01 0000 07 00") ==
      "KEMAC MAC algorithm 7 is unknown, expected 0 (NULL), 1 (HMAC-SHA-1-160) or 2 (HMAC-SHA-256-256) (at "
      "octet 3)");
}

BOOST_AUTO_TEST_CASE(a_length_beyond_the_input) {
  BOOST_TEST(refusal(&parse_kemac, "01 ffff aa") ==
             "KEMAC key data needs 65535 octets, only 1 are left (at octet 3)");
}

BOOST_AUTO_TEST_SUITE_END()
