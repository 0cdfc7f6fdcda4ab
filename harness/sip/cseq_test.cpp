#include "sip/cseq.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet::sip;

BOOST_AUTO_TEST_SUITE(cseq)

BOOST_AUTO_TEST_CASE(number_and_method) {
  const CSeq parsed = parse_cseq("4711 INVITE").value();
  BOOST_TEST(parsed.number == 4711u);
  BOOST_TEST(parsed.method == "INVITE");
  BOOST_TEST(to_string(parsed) == "4711 INVITE");
  BOOST_TEST(parse_cseq("0009  INVITE").value().number == 9u); // RFC 4475 wsinv
  BOOST_TEST(parse_cseq("139122385 !interesting-Method0123456789_*+`.%indeed'~").value().method ==
             "!interesting-Method0123456789_*+`.%indeed'~");
}

// RFC 3261 §8.1.1.5: below 2^31.
BOOST_AUTO_TEST_CASE(the_largest_number) {
  BOOST_TEST(parse_cseq("2147483647 OPTIONS").value().number == 2147483647u);
  BOOST_TEST(!parse_cseq("2147483648 OPTIONS"));
  BOOST_TEST(!parse_cseq("36893488147419103232 REGISTER")); // RFC 4475 §3.1.2.4 scalar02
}

BOOST_AUTO_TEST_CASE(errors) {
  for (const char* bad :
       {"", "INVITE", "1", "1 ", "-1 INVITE", "1 IN VITE", "1 INV/ITE", "1,INVITE", "1x INVITE"})
    BOOST_TEST(!parse_cseq(bad), bad);
  BOOST_TEST((parse_cseq("12x INVITE").error().offset == 2u));
}

BOOST_AUTO_TEST_SUITE_END()
