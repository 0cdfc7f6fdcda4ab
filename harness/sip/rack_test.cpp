#include "sip/rack.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet::sip;

BOOST_AUTO_TEST_SUITE(rack)

BOOST_AUTO_TEST_CASE(the_three_parts) {
  const RAck parsed = parse_rack("776656 1 INVITE").value(); // RFC 3262 §7.2
  BOOST_TEST(parsed.response == 776656u);
  BOOST_TEST(parsed.cseq.number == 1u);
  BOOST_TEST(parsed.cseq.method == "INVITE");
  BOOST_TEST(to_string(parsed) == "776656 1 INVITE");
}

BOOST_AUTO_TEST_CASE(rseq) {
  BOOST_TEST(parse_rseq("988789").value() == 988789u);
  BOOST_TEST(parse_rseq(" 4294967295 ").value() == 4294967295u);
  for (const char* bad : {"", "0", "-1", "4294967296", "1 2", "x"}) BOOST_TEST(!parse_rseq(bad), bad);
}

BOOST_AUTO_TEST_CASE(errors) {
  for (const char* bad : {"", "1", "1 1", "0 1 INVITE", "1 1 INVITE x", "1 INVITE", "x 1 INVITE"})
    BOOST_TEST(!parse_rack(bad), bad);
  BOOST_TEST((parse_rack("12 x INVITE").error().offset == 3u));
}

BOOST_AUTO_TEST_SUITE_END()
