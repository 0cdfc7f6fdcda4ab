// The device profiles that ship: each can be read, and pairs of them speak TLS to each other.
#include "gateway/config.hpp"
#include "peers/settings.hpp"
#include "runner/test_scenario.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::runner;
using namespace sipvet::runner::test;

namespace {

const std::string folder = std::string(SIPVET_SOURCE_DIR) + "/scenarios/profiles";

// The SBC takes calls from the servers that its profile names.
constexpr const char* server_names =
    "dns:\n"
    "  _sips._tcp.fe1.example.test: \"SRV 0 0 {far:port} fe1.example.test\"\n"
    "  fe1.example.test: A {far}\n";

verdict::Result call_between(const std::string& gateway, const std::string& peer, bool from_gateway) {
  const bool named = peer == "skype-for-business";
  const std::string call =
      from_gateway ? "  - gateway: {call: far, number: '5551000'}\n  - far: {receive: INVITE}\n  - far: "
                     "{answer: 200}\n"
                   : "  - far: {call: gateway, offer: srtp-and-rtp}\n  - far: {expect: answered}\n";
  script::ProfileStore profiles(folder);
  const script::Loaded loaded = script::load_scenario_text(
      "scenario: test/pair\ntitle: A call\ngateway: {profile: " + gateway + "}\npeers: {far: {profile: " +
          peer + (named ? ", domain: fe1.example.test" : "") + "}}\n" + (named ? server_names : "") +
          "steps:\n" + call + "  - media: {between: [far, gateway], for: 100ms}\n",
      "pair.yaml", profiles);
  for (const verdict::Diagnostic& error : loaded.errors) BOOST_TEST_MESSAGE(to_string(error));
  BOOST_TEST_REQUIRE(loaded.errors.empty());
  CellOptions options;
  options.network = NetworkKind::sim;
  Folder evidence;
  options.evidence_folder = evidence.path.string();
  return run_cell(loaded.cells.at(0), lab(), options, std::atomic<bool>(false)).result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(profiles)

BOOST_AUTO_TEST_CASE(every_profile_can_be_read) {
  script::ProfileStore profiles(folder);
  std::vector<verdict::Diagnostic> errors;
  std::size_t read = 0;
  for (const std::string& name : profiles.names()) {
    const script::Profile* profile = profiles.find(name, errors);
    BOOST_TEST_REQUIRE(profile != nullptr, name);
    ++read;
    if (profile->gateway.is_map())
      for (const auto& error : gateway::read_config(profile->gateway).errors) errors.push_back(error);
    if (profile->peer.is_map())
      for (const auto& error : peers::read_settings(profile->peer).errors) errors.push_back(error);
  }
  for (const verdict::Diagnostic& error : errors) BOOST_ERROR(to_string(error));
  BOOST_TEST(read >= 9u);
}

BOOST_AUTO_TEST_CASE(the_systems_that_belong_together_call_each_other) {
  for (const auto& [gateway, peer] : {std::pair{"netborder-express", "ocs-mediation-server"},
                                      {"sipxbridge", "remote-pbx"},
                                      {"audiocodes-sbc", "skype-for-business"},
                                      {"mediatrix-dgw", "mitel-ta7102"},
                                      {"mitel-ta7102", "mediatrix-dgw"},
                                      {"modern", "modern"}}) {
    for (const bool from_gateway : {true, false}) {
      const verdict::Result result = call_between(gateway, peer, from_gateway);
      BOOST_TEST_CONTEXT(gateway << " and " << peer << (from_gateway ? ", called" : ", calling")) {
        for (const verdict::Finding& finding : result.findings)
          BOOST_TEST_MESSAGE(finding.text << " | " << finding.actual);
        BOOST_TEST((result.outcome == verdict::Outcome::pass));
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
