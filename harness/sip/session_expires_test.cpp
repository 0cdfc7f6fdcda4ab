#include "sip/session_expires.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet::sip;

BOOST_AUTO_TEST_SUITE(session_expires)

BOOST_AUTO_TEST_CASE(seconds_and_refresher) {
  const SessionExpires plain = parse_session_expires("1800").value();
  BOOST_TEST(plain.seconds == 1800u);
  BOOST_TEST(!plain.refresher.has_value());
  BOOST_TEST(
      (parse_session_expires("4000;refresher=uac").value().refresher == Refresher::uac)); // RFC 4028 §13
  BOOST_TEST((parse_session_expires(" 90 ; other=1 ; Refresher=UAS ").value().refresher == Refresher::uas));
  BOOST_TEST(to_string(SessionExpires{90, Refresher::uas}) == "90;refresher=uas");
  BOOST_TEST(to_string(SessionExpires{4294967295u, {}}) == "4294967295");
}

BOOST_AUTO_TEST_CASE(min_se) {
  BOOST_TEST(parse_min_se("3600;extension=x").value() == 3600u);
  BOOST_TEST(parse_min_se("0").value() == 0u);
}

BOOST_AUTO_TEST_CASE(errors) {
  for (const char* bad : {"", ";refresher=uac", "-1", "1.5", "4294967296", "90 90", "90;refresher=me",
                          "90;refresher", "90;", "90s"})
    BOOST_TEST(!parse_session_expires(bad), bad);
  for (const char* bad : {"", "x", "90 x", "4294967296"}) BOOST_TEST(!parse_min_se(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
