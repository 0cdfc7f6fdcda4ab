#include "mikey/verification.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(verification)

using namespace sipvet;
using namespace sipvet::mikey;

BOOST_AUTO_TEST_CASE(the_algorithm_tells_the_length) {
  check_payload(&parse_verification, "01 000102030405060708090a0b0c0d0e0f10111213",
                {Mac::hmac_sha1_160, hex("000102030405060708090a0b0c0d0e0f10111213")});
  check_payload(&parse_verification, "00", {Mac::null, {}});
  check_payload(&parse_verification, "02" + std::string(64, 'd'), {Mac::hmac_sha256_256, Bytes(32, 0xdd)});
}

BOOST_AUTO_TEST_SUITE_END()
