#include "peers/settings.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(sip_settings)

using namespace sipvet;
using namespace sipvet::peers;

namespace {

ReadSettings read(std::string_view yaml) {
  const script::Document document = script::load_yaml_text(yaml, "peer.yaml");
  BOOST_REQUIRE(document.errors.empty());
  return read_settings(document.root);
}

} // namespace

BOOST_AUTO_TEST_CASE(every_key_sets_its_field) {
  const ReadSettings got = read("sip:\n"
                                "  session-timer: {interval: 2min, minimum: 100s, refresher: uac}\n"
                                "  reliable-provisional: supported\n"
                                "  deviations: {no_prack: true, no_session_refresh: true, no_ack: false}\n");
  BOOST_REQUIRE(got.errors.empty());
  BOOST_TEST(got.settings.session_timer.supported);
  BOOST_TEST(got.settings.session_timer.interval == 120u);
  BOOST_TEST(got.settings.session_timer.minimum == 100u);
  BOOST_TEST((got.settings.session_timer.refresher == sip::Refresher::uac));
  BOOST_TEST((got.settings.reliable_provisional == ua::ReliableProvisional::supported));
  BOOST_TEST(got.settings.sip_deviations.no_prack);
  BOOST_TEST(got.settings.sip_deviations.no_session_refresh);
  BOOST_TEST(!got.settings.sip_deviations.no_ack);
}

BOOST_AUTO_TEST_CASE(without_a_key_there_is_no_extension) {
  const ReadSettings got = read("{}");
  BOOST_TEST(!got.settings.session_timer.supported);
  BOOST_TEST((got.settings.reliable_provisional == ua::ReliableProvisional::never));
}

BOOST_AUTO_TEST_CASE(values_that_are_none) {
  const std::pair<const char*, const char*> rows[] = {
      {"sip: {session-timer: {interval: 1.5s}}",
       "'sip.session-timer.interval' needs a duration of whole seconds"},
      {"sip: {session-timer: {minimum: x}}", "'sip.session-timer.minimum' needs a duration of whole seconds"},
      {"sip: {session-timer: {refresher: both}}", "'sip.session-timer.refresher' needs uac or uas"},
      {"sip: {reliable-provisional: yes}", "'sip.reliable-provisional' needs never, supported or required"},
      {"sip: {deviations: no_ack}", "'sip.deviations' needs a map of deviations"},
      {"sip: {deviations: {no_bark: true}}", "'sip.deviations' has no deviation 'no_bark'"},
      {"sip: {deviations: {no_ack: maybe}}", "'sip.deviations' no_ack needs true or false"},
  };
  for (const auto& [yaml, wanted] : rows) {
    const ReadSettings got = read(yaml);
    BOOST_TEST_REQUIRE(got.errors.size() == 1u, yaml);
    BOOST_TEST(got.errors.front().message.starts_with(wanted), got.errors.front().message);
  }
}

BOOST_AUTO_TEST_SUITE_END()
