// The rules of expectation files (docs/command-line.md).
#include "cli/inspect_expect.hpp"

#include "cli/expect_path.hpp"
#include "cli/inspect_output.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::cli;

namespace {

analysis::Report sample() {
  analysis::Report report;
  report.packets = 227;
  report.tls.resize(1);
  report.tls[0].version = "TLSv1.2";
  report.tls[0].decrypted = true;
  for (int i = 0; i < 6; ++i) report.sip.messages.push_back(analysis::SipMessage());
  report.sip.dialogs.emplace_back();
  report.sip.dialogs[0].methods = {"INVITE", "ACK", "BYE"};
  report.srtp.resize(2);
  for (std::uint32_t i = 0; i < 2; ++i) {
    report.srtp[i].ssrc = 0xa0 + i;
    report.srtp[i].authenticated = 95 + i;
    report.srtp[i].suite = "AES_CM_128_HMAC_SHA1_80";
  }
  report.findings.resize(1);
  report.findings[0].id = "static-rsa";
  report.findings[0].severity = verdict::Severity::info;
  return report;
}

ExpectOutcome compare(std::string_view yaml) {
  return compare_expectations(script::load_yaml_text(yaml, "e.yaml"), inspect_json(sample()));
}
std::string differences(std::string_view yaml) {
  const auto outcome = compare(yaml);
  for (const auto& error : outcome.errors) BOOST_ERROR(error.message);
  std::string out;
  for (const auto& one : outcome.differences) out += to_string(one.at) + ": " + one.message + "\n";
  return out;
}
std::string errors(std::string_view yaml) {
  std::string out;
  for (const auto& one : compare(yaml).errors) out += to_string(one.at) + ": " + one.message + "\n";
  return out;
}
bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(inspect_expect)

BOOST_AUTO_TEST_CASE(what_holds_is_no_difference) {
  BOOST_TEST(differences(R"(
packets: 227
sip.messages: 6
sip: {messages: {at_least: 6, at_most: 6}, dialogs: [{methods: [INVITE, ACK, BYE]}]}
tls: [{version: TLSv1.2, decrypted: true, reason: null, cipher: null}]
tls[0].version: {not: TLSv1.3, matches: "TLS*.2", contains: "1.2"}
srtp:
  count: 2
  all: {suite: AES_CM_128_HMAC_SHA1_80}
  any: [{ssrc: "0x000000a1", authenticated: 96}, {ssrc: "0x000000a0"}]
  none: [{suite: AEAD_AES_128_GCM}]
rtp: []
findings: {any: [static-rsa], none: [weak-key, {severity: error}], only: [static-rsa, weak-or-old-tls]}
)") == "");
}

BOOST_AUTO_TEST_CASE(what_differs_names_its_place_and_both_sides) {
  BOOST_TEST(differences("packets: 228\n") == "e.yaml:1:10: packets: expected 228, got 227\n");
  BOOST_TEST(differences("sip.messages: {at_least: 7}\n") ==
             "e.yaml:1:26: sip.messages: expected at_least 7, got 6\n");
  BOOST_TEST(differences("tls[1].version: TLSv1.2\n") == "e.yaml:1:1: tls[1].version: there is none\n");
  BOOST_TEST(differences("srtp: [{ssrc: \"0x000000a1\", authenticated: 9}]\n") ==
             "e.yaml:1:8: srtp: no entry of 2 is like this\n"
             "    nearest: srtp[1].authenticated: expected 9, got 96\n");
  BOOST_TEST(contains(differences("sip.dialogs: [{methods: [INVITE, BYE]}]\n"),
                      "expected [INVITE, BYE], got [\"INVITE\",\"ACK\",\"BYE\"]"));
  BOOST_TEST(contains(differences("findings: {none: [static-rsa]}\n"), "expected none like this"));
  BOOST_TEST(contains(differences("findings: {only: [weak-key]}\n"), "not among those expected"));
  BOOST_TEST(contains(differences("findings: [weak-key]\n"), "no entry of 1"));
  BOOST_TEST(contains(differences("rtp: [{packets: 1}]\n"), "no entry of 0"));
  BOOST_TEST(contains(differences("srtp: {count: 3}\n"), "srtp.count: expected 3, got 2"));
  BOOST_TEST(contains(differences("srtp: {all: {authenticated: 95}}\n"), "srtp[1].authenticated"));
}

BOOST_AUTO_TEST_CASE(each_expected_entry_needs_one_of_its_own) {
  const std::string any_suite = "{suite: AES_CM_128_HMAC_SHA1_80}";
  BOOST_TEST(differences("srtp: [" + any_suite + ", {ssrc: \"0x000000a0\"}]\n") == "");
  BOOST_TEST(contains(differences("srtp: [" + any_suite + ", " + any_suite + ", " + any_suite + "]\n"),
                      "that none of the others needs"));
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_meant) {
  BOOST_TEST(errors("pakets: 1\n") == "e.yaml:1:1: unknown key 'pakets'; did you mean 'packets'?\n");
  BOOST_TEST(
      contains(errors("rtp: [{sssrc: 1}]\n"), "e.yaml:1:8: unknown key 'sssrc'")); // also of an empty list
  BOOST_TEST(contains(errors("packets: [1]\n"), "is no list"));
  BOOST_TEST(contains(errors("packets: {atleast: 1}\n"), "did you mean 'at_least'"));
  BOOST_TEST(contains(errors("packets: {at_least: many}\n"), "needs a number"));
  BOOST_TEST(contains(errors("srtp: 2\n"), "is a list"));
  BOOST_TEST(contains(errors("srtp: {cuont: 2}\n"), "did you mean 'count'"));
  BOOST_TEST(contains(errors("srtp: {any: {ssrc: 1}}\n"), "needs a list"));
  BOOST_TEST(contains(errors("sip: 1\n"), "expected a map"));
  BOOST_TEST(contains(errors("- 1\n"), "expected a map"));
  BOOST_TEST(contains(errors("tls[x].version: 1\n"), "e.yaml:1:1"));
  BOOST_TEST(contains(errors("a: [\n"), "e.yaml"));
}

BOOST_AUTO_TEST_CASE(paths) {
  BOOST_TEST(parse_path("a.b[2].c")->size() == 4u);
  for (const char* bad : {"", "a..b", "a[1", "a[x]", "a[1]b", "[0]"}) BOOST_TEST(!parse_path(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
