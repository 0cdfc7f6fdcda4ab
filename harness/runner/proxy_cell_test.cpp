// Cells with a proxy in them.
#include "runner/test_scenario.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::runner;
using namespace sipvet::runner::test;
using verdict::Outcome;

namespace {

std::string scenario(const std::string& steps, const std::string& phone = "registers_with: proxy",
                     const std::string& gateway = {}) {
  return "scenario: test/proxy\ntitle: Through a proxy\nnetwork: simulated\ndeadline: 2h\n"
         "gateway: {Gateways: OpenSIPS 5061/tls, sipvet.registration.accounts: '100:secret', "
         "netborder.media.srtp.mode: always, sipvet.sip.tls.verifyPeer: none" +
         gateway +
         "}\npeers:\n"
         "  proxy: {acts-as: proxy, port: 5062, accounts: {'100': secret, '101': secret}, tls: {verify: "
         "none}}\n"
         "  phone: {user: '101', " +
         phone + "}\nsteps:\n" + steps;
}

std::vector<std::string> problems(const std::string& text) {
  std::vector<std::string> out;
  for (const verdict::Diagnostic& problem : check_cell(cells_of(text).at(0)))
    out.push_back(to_string(problem));
  return out;
}

const std::string call = "  - gateway: {registers_with: proxy}\n"
                         "  - phone: {call: '100', through: proxy, offer: srtp-only}\n"
                         "  - phone: {expect: answered}\n"
                         "  - media: {between: [phone, gateway], for: 100ms}\n"
                         "  - phone: {hang up: gateway}\n";

} // namespace

BOOST_AUTO_TEST_SUITE(proxy_cell)

BOOST_AUTO_TEST_CASE(a_call_through_a_proxy_passes_by_both_witnesses) {
  const Folder folder;
  const verdict::Result got = run_text(scenario(call), folder);
  BOOST_TEST(ids(got.findings) == "");
  BOOST_TEST((got.outcome == Outcome::pass));
  BOOST_TEST(got.observations.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_registration_that_ends_otherwise_is_a_finding) {
  const Folder folder;
  const std::string step = "  - gateway: {registers_with: proxy, outcome: refused}\n";
  BOOST_TEST(ids(run_text(scenario(step), folder).findings) == "gateway-registration");
  const std::string guess = ", deviations: {no_credentials: true}";
  BOOST_TEST(ids(run_text(scenario(step, "registers_with: proxy", guess), folder).findings) == "");
  BOOST_TEST(ids(run_text(scenario("  - gateway: {registers_with: phone, outcome: registered}\n"), folder)
                     .findings) == "gateway-registration"); // a phone is no registrar
}

BOOST_AUTO_TEST_CASE(a_peer_that_cannot_register_is_an_error_of_the_harness) {
  const Folder folder;
  const verdict::Result got = run_text(scenario(call, "registers_with: proxy, password: guess"), folder);
  BOOST_TEST((got.outcome == Outcome::error));
  BOOST_TEST(got.findings.at(0).actual == "the peer 'phone' could not register with 'proxy'");
}

BOOST_AUTO_TEST_CASE(a_registration_lives_through_hours_that_take_no_time) {
  const std::string text = scenario("  - gateway: {registers_with: proxy}\n  - time: {passes: 1h}\n"
                                    "  - gateway: {expect: {link: Up, registered: true}}\n");
  const Folder folder;
  const verdict::Result got = run_text(text, folder);
  BOOST_TEST(ids(got.findings) == "");
  BOOST_TEST((got.duration < std::chrono::seconds(30)));
}

BOOST_AUTO_TEST_CASE(who_registers_nowhere_is_told_before_anything_runs) {
  BOOST_TEST((problems(scenario(call)) == std::vector<std::string>{}));
  const auto nobody = problems(scenario(call, "registers_with: poxy"));
  BOOST_TEST_REQUIRE(nobody.size() == 1u);
  BOOST_TEST(nobody[0].find("there is no peer 'poxy' that acts as proxy") != std::string::npos);
  const auto no_proxy = problems(scenario("  - phone: {call: '100', through: phone}\n"));
  BOOST_TEST_REQUIRE(no_proxy.size() == 1u);
  BOOST_TEST(no_proxy[0].find("'phone' does not act as proxy") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
