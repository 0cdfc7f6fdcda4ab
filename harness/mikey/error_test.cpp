#include "mikey/error.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(error_payload)

using namespace sipvet;
using namespace sipvet::mikey;

BOOST_AUTO_TEST_CASE(numbers_and_reserved_octets) {
  check_payload(&parse_error, "00 0000", {ErrorNumber::authentication_failure, 0});
  check_payload(&parse_error, "0c 1234", {ErrorNumber::unspecified, 0x1234});
}

BOOST_AUTO_TEST_CASE(meanings) {
  BOOST_TEST(to_string(ErrorNumber::authentication_failure) == "authentication failure (error 0)");
  BOOST_TEST(to_string(ErrorNumber::invalid_policy) == "security policy type not supported (error 9)");
  BOOST_TEST(to_string(static_cast<ErrorNumber>(13)) == "unknown error (error 13)");
}

BOOST_AUTO_TEST_SUITE_END()
