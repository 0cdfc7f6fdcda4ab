#include "report/text_width.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet::report;

BOOST_AUTO_TEST_SUITE(text_width)

BOOST_AUTO_TEST_CASE(nothing_that_steers_a_terminal_is_printable) {
  BOOST_TEST(printable("a\x1b[31mb\nc\x7f") == "a [31mb c ");
  BOOST_TEST(printable("a\xc2\x9b"
                       "31mb") == "a  31mb"); // U+009B: what ESC [ is in one character
}

BOOST_AUTO_TEST_CASE(other_characters_stay) {
  BOOST_TEST(printable("Grüße, §4.2.1 – ©") == "Grüße, §4.2.1 – ©");
  BOOST_TEST(printable("\xc2") == "\xc2");
}

BOOST_AUTO_TEST_SUITE_END()
