#include "gateway/route_deviations.hpp"

#include "gateway/config.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

using namespace sipvet;
using namespace sipvet::gateway;

BOOST_AUTO_TEST_SUITE(route_deviations)

BOOST_AUTO_TEST_CASE(by_name) {
  const auto read = [](const std::string& yaml) {
    return read_config(script::load_yaml_text("deviations: {route: " + yaml + "}", "x.yaml").root);
  };
  BOOST_TEST(read("{no_failover: true}").config.deviations.route.no_failover);
  BOOST_TEST((read("{no_failover: false}").config.deviations.route == RouteDeviations{}));
  const auto error = [&](const std::string& yaml) { return read(yaml).errors.at(0).message; };
  BOOST_TEST(error("{no_failvoer: true}") ==
             "route: unknown deviation 'no_failvoer'; did you mean 'no_failover'?");
  BOOST_TEST(error("{no_failover: perhaps}") == "route: no_failover needs true or false");
  BOOST_TEST(error("{no_failover: [true, false]}") == "route: no_failover needs true or false");
  BOOST_TEST(error("7").find("expected a map") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(documentation_has_the_table) {
  std::ifstream file(SIPVET_SOURCE_DIR "/docs/routing.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  BOOST_TEST(text.find(route_deviations_reference()) != std::string::npos,
             "docs/routing.md must contain:\n"
                 << route_deviations_reference());
}

BOOST_AUTO_TEST_SUITE_END()
