#include "mikey/security_policy.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(security_policy)

using namespace sipvet;
using namespace sipvet::mikey;

BOOST_AUTO_TEST_CASE(parameters_in_order) {
  check_payload(&parse_security_policy, "02 00 0007 00 01 01 0b 02 000a",
                {2, srtp_protocol, {{0, hex("01")}, {11, hex("000a")}}});
  check_payload(&parse_security_policy, "00 05 0000", {0, 5, {}});
}

BOOST_AUTO_TEST_CASE(a_parameter_may_not_leave_its_policy) {
  BOOST_TEST(refusal(&parse_security_policy, "00 00 0003 00 02 01 0b") ==
             "policy parameter needs 2 octets, only 1 are left (at octet 6)");
}

BOOST_AUTO_TEST_SUITE_END()
