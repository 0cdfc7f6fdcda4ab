#include "tls/engine.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet::tls;

BOOST_AUTO_TEST_SUITE(engine)

BOOST_AUTO_TEST_CASE(names) {
  BOOST_TEST(name(Version::tls1_0) == "TLSv1.0");
  BOOST_TEST(name(Version::tls1_3) == "TLSv1.3");
  BOOST_TEST((find_version("TLSv1.2") == Version::tls1_2));
  BOOST_TEST((find_version("TLSv1") == Version::tls1_0));
  BOOST_TEST((!find_version("SSLv3")));
  BOOST_TEST(to_string(Alert{AlertLevel::fatal, 40}) == "fatal handshake_failure(40)");
  BOOST_TEST(to_string(Alert{AlertLevel::warning, 0}) == "warning close_notify(0)");
  BOOST_TEST(to_string(Alert{AlertLevel::fatal, 200}) == "fatal alert 200(200)");
}

BOOST_AUTO_TEST_SUITE_END()
