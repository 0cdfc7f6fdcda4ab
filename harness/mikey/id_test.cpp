#include "mikey/id.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(id)

using namespace sipvet;
using namespace sipvet::mikey;

BOOST_AUTO_TEST_CASE(identities) {
  check_payload(&parse_id, "01 0005 7369703a61", uri_id("sip:a"));
  check_payload(&parse_id, "00 0003 614062", {IdType::nai, to_bytes("a@b")});
  check_payload(&parse_id, "09 0000", {static_cast<IdType>(9), {}});
}

BOOST_AUTO_TEST_SUITE_END()
