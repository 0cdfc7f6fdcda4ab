#include "peers/dtls_expectation.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::peers;

namespace {

script::Value map_of(std::string_view text) {
  return script::load_yaml_text(std::string(text), "x.yaml").root;
}

ExpectedDtls expected(std::string_view text) { return read_expected_dtls(map_of(text)).value(); }

ua::DtlsStatus established() {
  ua::DtlsStatus status;
  status.role = keying::DtlsRole::server;
  status.established = true;
  status.version = "DTLSv1.2";
  status.profile = tlswire::SrtpProfile::aead_aes_128_gcm;
  return status;
}

std::vector<std::string> differing(std::string_view text, const ua::DtlsStatus& status) {
  script::Step step;
  step.actor = "far";
  const auto found = judge(step, expected(text), &status);
  BOOST_REQUIRE(found.has_value());
  std::vector<std::string> ids;
  for (const verdict::Finding& finding : *found) ids.push_back(finding.id);
  return ids;
}

using Ids = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(dtls_expectation)

BOOST_AUTO_TEST_CASE(what_is_as_expected_gives_no_finding) {
  BOOST_TEST(
      (differing("{established: true, role: server, version: DTLSv1.2, profile: SRTP_AEAD_AES_128_GCM, "
                 "alert: none, sent_alert: none}",
                 established()) == Ids{}));
  ua::DtlsStatus failed;
  failed.failure = "DTLS for RTP failed: the peer ended the handshake with the alert bad_certificate";
  failed.alert_received = tls::Alert{tls::AlertLevel::fatal, 42};
  BOOST_TEST(
      (differing("{established: false, alert: bad_certificate, failure: ended the}", failed) == Ids{}));
}

BOOST_AUTO_TEST_CASE(each_difference_is_a_finding) {
  BOOST_TEST((differing("{role: client, version: DTLSv1.0, profile: SRTP_AES128_CM_HMAC_SHA1_80, alert: "
                        "bad_certificate, sent_alert: decode_error}",
                        established()) ==
              Ids{"dtls-role", "dtls-version", "dtls-profile", "dtls-alert", "dtls-sent-alert"}));
  ua::DtlsStatus failed;
  failed.failure = "no DTLS handshake came about in time";
  BOOST_TEST((differing("{established: true}", failed) == Ids{"dtls-established"}));
  BOOST_TEST((differing("{failure: fingerprint}", failed) == Ids{"dtls-failure"}));
}

BOOST_AUTO_TEST_CASE(what_may_still_come_is_waited_for) {
  script::Step step;
  const ua::DtlsStatus open;
  BOOST_TEST(!judge(step, expected("{established: true}"), nullptr));
  BOOST_TEST(!judge(step, expected("{established: true}"), &open));
  const ua::DtlsStatus done = established();
  BOOST_TEST(!judge(step, expected("{established: false}"), &done));
}

BOOST_AUTO_TEST_CASE(words_that_do_not_exist_are_refused) {
  for (const char* text : {"{role: both}", "{version: DTLSv1.3}", "{profile: SRTP}", "{alert: bad}",
                           "{sent_alert: bad}", "{failure: \"(\"}"})
    BOOST_TEST(!read_expected_dtls(map_of(text)), text);
}

BOOST_AUTO_TEST_SUITE_END()
