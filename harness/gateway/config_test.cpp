#include "gateway/config.hpp"
#include "gateway/properties.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace sipvet;
using namespace sipvet::gateway;

namespace {

ReadConfig read(std::string_view yaml) {
  const script::Document document = script::load_yaml_text(yaml, "gw.yaml");
  BOOST_REQUIRE(document.errors.empty());
  return read_config(document.root);
}

std::string only_error(std::string_view yaml) {
  const ReadConfig result = read(yaml);
  BOOST_REQUIRE_EQUAL(result.errors.size(), 1u);
  return to_string(result.errors.front());
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(gateway_config)

BOOST_AUTO_TEST_CASE(defaults_are_the_guides) {
  const Config config = read("{}").config;
  BOOST_TEST(config.user_agents.size() == 2u);
  BOOST_TEST(to_string(config.user_agents[0]) == "INADDR_ANY:5066/udp");
  BOOST_TEST(to_string(config.user_agents[1]) == "INADDR_ANY:5066/tcp");
  BOOST_TEST((config.srtp_mode == SrtpMode::as_needed));
  BOOST_TEST(config.srtp_suites.size() == 2u);
  BOOST_TEST((config.srtp_suites[0] == rtp::SrtpSuite::aes_cm_128_hmac_sha1_80));
  BOOST_TEST(config.tls.suites.front() == "TLS_RSA_WITH_AES_128_CBC_SHA");
  BOOST_TEST(!config.lock_on_sdp);
}

BOOST_AUTO_TEST_CASE(the_guides_example_of_user_agents) {
  const ReadConfig result =
      read("netborder.sip.userAgent.IPAddress: INADDR_ANY:5066/tcp,INADDR_ANY:5067/tls");
  BOOST_TEST(result.errors.empty());
  BOOST_TEST(result.config.user_agents.size() == 2u);
  BOOST_TEST((result.config.user_agents[1].transport == ua::Transport::tls));
  BOOST_TEST(result.config.user_agents[1].port == 5067);
  // NBE-UA-3
  BOOST_TEST(result.warnings.size() == 1u);
  BOOST_TEST(has(result.warnings.front().message, "INADDR_ANY:5066/tcp"));
}

BOOST_AUTO_TEST_CASE(one_port_for_tcp_and_tls_is_refused_with_both_entries) {
  const std::string error =
      only_error("netborder.sip.userAgent.IPAddress: [INADDR_ANY:5066/tcp, '10.0.0.1:5066/tls']");
  BOOST_TEST(has(error, "gw.yaml:1:36: error:"));
  BOOST_TEST(has(error, "INADDR_ANY:5066/tcp"));
  BOOST_TEST(has(error, "10.0.0.1:5066/tls"));
}

BOOST_AUTO_TEST_CASE(udp_and_tcp_share_a_port) {
  BOOST_TEST(
      read("netborder.sip.userAgent.IPAddress: INADDR_ANY:5066/tcp,INADDR_ANY:5066/udp").errors.empty());
}

BOOST_AUTO_TEST_CASE(ipv4_and_ipv6_share_a_port) {
  const ReadConfig result = read("netborder.sip.userAgent.IPAddress: [INADDR_ANY:5066/tcp, '[::]:5066/tcp']");
  BOOST_TEST(result.errors.empty());
  BOOST_TEST(to_string(result.config.user_agents[1]) == "[::]:5066/tcp"); // INADDR_ANY is IPv4's
}

BOOST_AUTO_TEST_CASE(feedback_profile) {
  BOOST_TEST(!read("{}").config.feedback_profile);
  BOOST_TEST(read("sipvet.media.feedbackProfile: true").config.feedback_profile);
  BOOST_TEST(has(only_error("sipvet.media.feedbackProfile: sometimes"), "true or false"));
}

BOOST_AUTO_TEST_CASE(user_agent_entries_that_are_none) {
  for (const char* entry : {"INADDR_ANY:5066", "INADDR_ANY/tls", "10.0.0.256:5060/udp",
                            "INADDR_ANY:99999/udp", "host:5060/udp", "10.0.0.1:5060/sctp"}) {
    BOOST_TEST(has(only_error(std::string("netborder.sip.userAgent.IPAddress: ") + entry), entry));
  }
}

BOOST_AUTO_TEST_CASE(unknown_names_come_with_the_nearest) {
  const std::string error = only_error("a: 1\n");
  BOOST_TEST(has(error, "gw.yaml:1:1: error: unknown property 'a'"));
  BOOST_TEST(
      has(only_error("netborder.media.srtp.mod: always"), "did you mean 'netborder.media.srtp.mode'?"));
  BOOST_TEST(has(only_error("netborder.media.srtp.mode: alway"), "did you mean 'always'?"));
}

BOOST_AUTO_TEST_CASE(all_errors_at_once_in_file_order) {
  const ReadConfig result = read("sipvet.media.pace: fast\nwhat: 1\nnetborder.media.srtp.mode: "
                                 "3\ndeviations: {no_akc: true, no_ack: maybe}\n");
  BOOST_TEST(result.errors.size() == 5u);
  BOOST_TEST(std::is_sorted(result.errors.begin(), result.errors.end(), [](const auto& a, const auto& b) {
    return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
  }));
  BOOST_TEST(has(result.errors[3].message, "did you mean 'no_ack'?"));
}

BOOST_AUTO_TEST_CASE(both_spellings_of_the_crypto_suites) {
  const std::string guide = "netborder.mdedia.srtp.cryptoSuite: ",
                    evident = "\nnetborder.media.srtp.cryptoSuite: ";
  const std::string s80 = "AES_CM_128_HMAC_SHA1_80", s32 = "AES_CM_128_HMAC_SHA1_32";
  for (const std::string& yaml : {guide + s32, evident + s32, guide + s32 + evident + s32}) {
    const Config config = read(yaml).config;
    BOOST_TEST(config.srtp_suites.size() == 1u);
    BOOST_TEST((config.srtp_suites[0] == rtp::SrtpSuite::aes_cm_128_hmac_sha1_32));
  }
  BOOST_TEST(has(only_error(guide + s32 + evident + s80), "two spellings"));
  BOOST_TEST(
      (read(guide + s32 + "," + s80).config.srtp_suites[1] == rtp::SrtpSuite::aes_cm_128_hmac_sha1_80));
  BOOST_TEST(has(only_error(guide + "AES_CM_128_HMAC_SHA1_81"), "did you mean 'AES_CM_128_HMAC_SHA1_80'?"));
  BOOST_TEST(has(only_error(guide + s80 + "," + s80), "twice"));
}

BOOST_AUTO_TEST_CASE(tls_suites_real_and_invented) {
  const ReadConfig result = read("netborder.sip.tls.cypherSuites: TLS_RSA_WITH_3DES_EDE_CBC_SHA");
  BOOST_TEST(result.errors.empty());
  BOOST_TEST(result.config.tls.suites.size() == 1u);
  BOOST_TEST(has(only_error("netborder.sip.tls.cypherSuites: TLS_RSA_WITH_ROT13"), "TLS_RSA_WITH_ROT13"));
  BOOST_TEST((tls_suite_support("TLS_RSA_WITH_AES_128_CBC_SHA") == SuiteSupport::usable));
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read_name_property_and_file) {
  const std::string error = only_error("netborder.Installation.Directory: /nowhere\n"
                                       "netborder.sip.tls.trustedRootCertificatesStore: "
                                       "'${netborder.Installation.Directory}/config/roots.pem'\n");
  BOOST_TEST(has(error, "gw.yaml:2:"));
  BOOST_TEST(has(error, "netborder.sip.tls.trustedRootCertificatesStore"));
  BOOST_TEST(has(error, "/nowhere/config/roots.pem"));
}

BOOST_AUTO_TEST_CASE(deviations_are_fields_of_the_same_name) {
  const Config config =
      read("deviations:\n  srtp_answer: {mode: always, offer: rtp-only, treatment: rtp}\n"
           "  srtp_offer: {mode: never, offer: srtp-only}\n  no_ack: true\n  status_instead_of_488: 406\n")
          .config;
  BOOST_REQUIRE(config.deviations.srtp_answer);
  BOOST_TEST((config.deviations.srtp_answer->treatment == Treatment::rtp));
  BOOST_TEST(
      (policy_of(config.deviations).treat(SrtpMode::always, keying::OfferShape::rtp_only) == Treatment::rtp));
  BOOST_TEST((policy_of(config.deviations).treat(SrtpMode::never, keying::OfferShape::srtp_only) ==
              Treatment::reject_488));
  BOOST_TEST((policy_of(config.deviations).offer(SrtpMode::never) == keying::OfferShape::srtp_only));
  BOOST_TEST(config.deviations.no_ack);
  BOOST_TEST(config.deviations.status_instead_of_488 == 406);
  BOOST_TEST(has(only_error("deviations: {srtp_answer: {mode: always, offer: rtp-only, treatment: 489}}"),
                 "treatment"));
  BOOST_TEST(has(only_error("deviations: {srtp_answer: {mode: always, offer: rtp-only}}"), "'treatment'"));
}

BOOST_AUTO_TEST_CASE(every_flag_in_the_table_is_settable) {
  for (const PropertyInfo& info : deviation_properties()) {
    if (info.type != "boolean") continue;
    BOOST_TEST(read("deviations: {" + std::string(info.name) + ": true}").errors.empty(), info.name);
  }
}

BOOST_AUTO_TEST_CASE(a_scenarios_section_may_name_its_profile) {
  BOOST_TEST(read("profile: x").errors.empty());
}

BOOST_AUTO_TEST_CASE(settings_that_are_no_map) { BOOST_TEST(has(only_error("[1]"), "expected a map")); }

BOOST_AUTO_TEST_SUITE_END()
