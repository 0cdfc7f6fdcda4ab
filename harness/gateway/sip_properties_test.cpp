#include "gateway/config.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::gateway;

namespace {

ReadConfig read(const std::string& yaml) { return read_config(script::load_yaml_text(yaml, "gw.yaml").root); }

} // namespace

BOOST_AUTO_TEST_SUITE(sip_properties)

BOOST_AUTO_TEST_CASE(every_property) {
  const ReadConfig result = read("sipvet.sip.sessionTimer.supported: true\n"
                                 "sipvet.sip.sessionTimer.interval: 30min\n"
                                 "sipvet.sip.sessionTimer.minimum: 120s\n"
                                 "sipvet.sip.sessionTimer.refresher: uas\n"
                                 "sipvet.sip.reliableProvisional: required\n"
                                 "sipvet.telephone.transfers: false\n"
                                 "sipvet.sip.update: preferred\n"
                                 "sipvet.telephone.asksBeforeChanges: true\n"
                                 "deviations: {no_prack: true, no_session_end: true}\n");
  BOOST_REQUIRE(result.errors.empty());
  const Config& config = result.config;
  BOOST_TEST(config.session_timer.supported);
  BOOST_TEST(config.session_timer.interval == 1800u);
  BOOST_TEST(config.session_timer.minimum == 120u);
  BOOST_TEST((config.session_timer.refresher == sip::Refresher::uas));
  BOOST_TEST((config.reliable_provisional == ua::ReliableProvisional::required));
  BOOST_TEST(!config.transfers);
  BOOST_TEST((config.updates == UpdateUse::preferred));
  BOOST_TEST(config.asks_before_changes);
  BOOST_TEST(config.deviations.no_prack);
  BOOST_TEST(config.deviations.no_session_end);
  BOOST_TEST(!config.deviations.any_prack);
}

BOOST_AUTO_TEST_CASE(values_that_are_none) {
  for (const char* bad : {"sipvet.sip.sessionTimer.supported: perhaps",
                          "sipvet.sip.sessionTimer.interval: 89s", "sipvet.sip.sessionTimer.interval: 90.5s",
                          "sipvet.sip.sessionTimer.interval: often", "sipvet.sip.sessionTimer.minimum: 0s",
                          "sipvet.sip.sessionTimer.minimum: 89s", "sipvet.sip.sessionTimer.refresher: me",
                          "sipvet.sip.reliableProvisional: always", "sipvet.telephone.transfers: [1]",
                          "sipvet.sip.update: always", "sipvet.telephone.asksBeforeChanges: maybe"}) {
    const ReadConfig result = read(bad);
    BOOST_TEST(result.errors.size() == 1u, bad);
    BOOST_TEST(result.errors.front().at.line == 1u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
