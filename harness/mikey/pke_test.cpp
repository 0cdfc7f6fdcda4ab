#include "mikey/pke.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(pke)

using namespace sipvet;
using namespace sipvet::mikey;

BOOST_AUTO_TEST_CASE(two_bits_say_whether_to_cache) {
  check_payload(&parse_pke, "0003 010203", {EnvelopeCache::no, hex("010203")});
  check_payload(&parse_pke, "4001 ff", {EnvelopeCache::yes, hex("ff")});
  check_payload(&parse_pke, "8000", {EnvelopeCache::for_this_csb, {}});
}

BOOST_AUTO_TEST_SUITE_END()
