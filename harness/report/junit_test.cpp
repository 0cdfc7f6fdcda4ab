#include "report/junit.hpp"

#include "report/sample.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::report;

BOOST_AUTO_TEST_SUITE(junit)

BOOST_AUTO_TEST_CASE(failure_error_and_skipped_are_kept_apart) {
  const auto results = sample::results();
  const auto catalogue = sample::catalogue();
  BOOST_TEST(junit_xml({results, catalogue, false, "reference", "0.1.0"}) ==
             R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="sipvet" tests="5" failures="1" errors="1" skipped="2" time="10.019345">
  <testsuite name="m/s" tests="3" failures="1" errors="1" skipped="0" time="10.019345">
    <testcase classname="m/s" name="m/s[mode=a,offer=x]" time="0.012345">
      <properties>
        <property name="covers" value="R-1" />
      </properties>
    </testcase>
    <testcase classname="m/s" name="m/s[mode=a,offer=y]" time="0.007000">
      <properties>
        <property name="covers" value="R-1" />
        <property name="covers" value="R-9" />
      </properties>
      <failure message="The gateway answered 200 with RTP instead of refusing the offer." type="answer-media">error: The gateway answered 200 with RTP instead of refusing the offer.
requirement: R-1: An offer of RTP alone is refused with 488.
expected: 488
actual: 200 &lt;RTP/AVP&gt; &amp; more
seen by: the capture, frame 12
scenario: scenarios/m/s.yaml:20:5
what to do: Look at the SRTP mode.
  server &gt; gateway  INVITE
  a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:[redacted]|2^20|1:4
evidence: evidence/m-s-1
</failure>
    </testcase>
    <testcase classname="m/s" name="m/s[mode=b,offer=x]" time="10.000000">
      <properties>
        <property name="covers" value="R-1" />
      </properties>
      <error message="nothing was recorded about the reason" />
    </testcase>
  </testsuite>
  <testsuite name="t/one" tests="1" failures="0" errors="0" skipped="1" time="0.000000">
    <testcase classname="t/one" name="t/one" time="0.000000">
      <properties>
        <property name="covers" value="R-2" />
      </properties>
      <skipped message="unsupported: The target has no TLS 1.3." type="no-tls13">info: The target has no TLS 1.3.
seen by: the harness
</skipped>
    </testcase>
  </testsuite>
  <testsuite name="t/two" tests="1" failures="0" errors="0" skipped="1" time="0.000000">
    <testcase classname="t/two" name="t/two" time="0.000000">
      <skipped message="skipped" />
    </testcase>
  </testsuite>
</testsuites>
)");
}

BOOST_AUTO_TEST_CASE(control_characters_do_not_break_the_document) {
  std::vector<verdict::Result> results(1);
  results[0] = {"a", "", verdict::Outcome::fail, {}, {}, {sample::finding()}, "", {}};
  results[0].findings[0].text = "octet \x01\x1b here";
  const std::string xml = junit_xml({results, {}, false, "", ""});
  BOOST_TEST(xml.find("message=\"octet    here\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
