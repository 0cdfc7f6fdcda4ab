// The catalogue of requirements against the scenarios that ship: no row without a scenario.
#include "script/catalogue.hpp"
#include "script/scenario.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace sipvet;

BOOST_AUTO_TEST_SUITE(coverage)

BOOST_AUTO_TEST_CASE(every_requirement_has_a_scenario) {
  const std::string source = SIPVET_SOURCE_DIR;
  const script::Catalogue catalogue = script::load_catalogue(source + "/docs/conformance/requirements.yaml");
  const script::Loaded scenarios =
      script::load_scenarios({source + "/scenarios"}, source + "/scenarios/profiles");
  BOOST_TEST_REQUIRE(catalogue.errors.empty());
  BOOST_TEST_REQUIRE(scenarios.errors.empty());
  std::set<std::string> covered;
  for (const script::Cell& cell : scenarios.cells) covered.insert(cell.covers.begin(), cell.covers.end());
  for (const verdict::Requirement& row : catalogue.requirements)
    BOOST_TEST(covered.contains(row.id), row.id << " has no scenario");
}

BOOST_AUTO_TEST_SUITE_END()
