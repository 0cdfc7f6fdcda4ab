#include "mikey/certificate_hash.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(certificate_hash)

using namespace sipvet;
using namespace sipvet::mikey;

BOOST_AUTO_TEST_CASE(the_function_tells_the_length) {
  check_payload(&parse_certificate_hash, "00 000102030405060708090a0b0c0d0e0f10111213",
                {CertificateHashFunction::sha1, hex("000102030405060708090a0b0c0d0e0f10111213")});
  check_payload(&parse_certificate_hash, "01 000102030405060708090a0b0c0d0e0f",
                {CertificateHashFunction::md5, hex("000102030405060708090a0b0c0d0e0f")});
  BOOST_TEST(refusal(&parse_certificate_hash, "02 00") ==
             "CHASH function 2 is unknown, expected 0 (SHA-1) or 1 (MD5) (at octet 0)");
}

BOOST_AUTO_TEST_SUITE_END()
