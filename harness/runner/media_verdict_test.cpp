// What is expected of the gateway's counters, and the second witness on them.
#include "runner/media_verdict.hpp"

#include "analysis/media_reason.hpp"
#include "runner/media_expectation.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::runner;
using enum ua::MediaDrop;

namespace {

ExpectedMedia expected(const std::string& text) {
  return read_expected_media(*script::load_yaml_text("media: " + text, "cell.yaml").root.find("media"));
}

ua::MediaCounters counters(std::uint64_t packets, std::uint64_t reports,
                           std::map<ua::MediaDrop, std::uint64_t> dropped = {}) {
  ua::MediaCounters out;
  out.rtp_accepted = packets;
  out.rtcp_accepted = reports;
  out.dropped = std::move(dropped);
  return out;
}

const Endpoint peer{IpAddress::v4(192, 0, 2, 20), 4000}, gateway{IpAddress::v4(192, 0, 2, 10), 6000},
    gateway_rtcp{gateway.ip, 6001};

// A call of 20 packets and a report each way.
struct Scene {
  script::Cell cell;
  PeersView view;
  analysis::Report report;

  Scene() {
    cell.at = {"cell.yaml", 1, 1};
    view.peers = {{"phone", rtp::Voiceprint(1), {{"call", "srtp", "AES_CM_128_HMAC_SHA1_80", peer}}}};
    view.gateway_media = counters(20, 1);
    for (const bool to_peer : {false, true}) {
      analysis::MediaStream stream;
      stream.source = to_peer ? gateway : peer;
      stream.destination = to_peer ? peer : gateway;
      stream.call_id = "call";
      stream.secured = true;
      stream.packets = stream.authenticated = 20;
      report.srtp.push_back(stream);
    }
    analysis::RtcpStream reports;
    reports.destination = gateway_rtcp;
    reports.secured = true;
    reports.packets = reports.authenticated = 1;
    report.rtcp.push_back(reports);
  }
  std::vector<verdict::Finding> findings() const {
    std::vector<verdict::Finding> out;
    check_gateway_counters(cell, view, report, out);
    return out;
  }
  bool agree() const { return findings().empty(); }
  analysis::MediaStream& heard() { return report.srtp[0]; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(media_verdict)

BOOST_AUTO_TEST_CASE(counts_are_waited_for_and_then_exact) {
  const auto wanted = expected("{packets: 3, reports: 1, dropped: {replay: 2, authentication: 1}}");
  BOOST_TEST(!wanted.all_came(counters(3, 1, {{replay, 2}})));
  const auto right = counters(3, 1, {{replay, 2}, {authentication, 1}});
  BOOST_TEST(wanted.all_came(right));
  BOOST_TEST(wanted.matches(right));
  const auto taken = counters(4, 1, {{replay, 2}}); // what should have been dropped was not
  BOOST_TEST(wanted.all_came(taken));
  BOOST_TEST(!wanted.matches(taken));
  BOOST_TEST(!wanted.matches(counters(3, 1, {{replay, 2}, {authentication, 1}, {malformed, 1}})));
  BOOST_TEST(!wanted.matches(counters(3, 2, {{replay, 2}, {authentication, 1}})));
  BOOST_TEST(wanted.describe() == "3 RTP packets accepted, 1 RTCP packets accepted, 1 dropped "
                                  "(authentication), 2 dropped (replay)");
}

BOOST_AUTO_TEST_CASE(what_is_not_named_may_be_anything_but_dropped) {
  const auto wanted = expected("{packets: 3}");
  BOOST_TEST(wanted.matches(counters(3, 7)));
  BOOST_TEST(!wanted.matches(counters(3, 7, {{malformed, 1}})));
  BOOST_TEST(wanted.matches(counters(3, 7, {{malformed, 0}})));
  BOOST_TEST(wanted.describe() == "3 RTP packets accepted, none dropped");
  const auto dropped = expected("{dropped: {before-keys: 2}}");
  BOOST_TEST(!dropped.all_came(counters(9, 9)));
  BOOST_TEST(dropped.matches(counters(9, 9, {{before_keys, 2}})));
}

BOOST_AUTO_TEST_CASE(both_witnesses_agree) {
  Scene scene;
  BOOST_TEST(scene.agree());
  scene.view.gateway_media =
      counters(15, 1, {{authentication, 2}, {malformed, 1}, {replay, 3}, {plain_on_secured, 2}});
  BOOST_TEST(!scene.agree());
  scene.heard().authenticated = 15;
  scene.heard().failed = 3;
  scene.heard().duplicates = 3;
  scene.heard().plain = 2;
  BOOST_TEST(scene.agree());
  scene.view.gateway_media.reset(); // no step judged them
  scene.heard().failed = 7;
  BOOST_TEST(scene.agree());
}

BOOST_AUTO_TEST_CASE(a_difference_says_both_sides) {
  Scene scene;
  scene.view.gateway_media = counters(20, 0);
  const auto findings = scene.findings();
  BOOST_REQUIRE(findings.size() == 1u);
  BOOST_TEST(findings[0].id == "wire-counters");
  BOOST_TEST((findings[0].witness == verdict::Witness::wire));
  BOOST_TEST(findings[0].expected ==
             "20 RTP and 1 RTCP packets that are as agreed, 0 repeated, 0 not authentic, 0 plain");
  BOOST_TEST(findings[0].actual ==
             "20 RTP and 0 RTCP packets that are as agreed, 0 repeated, 0 not authentic, 0 plain");
}

BOOST_AUTO_TEST_CASE(rtcp_counts_with_what_is_dropped) {
  Scene scene;
  scene.report.rtcp[0].authenticated = 0;
  scene.report.rtcp[0].plain = 1;
  BOOST_TEST(!scene.agree());
  scene.view.gateway_media = counters(20, 0, {{plain_on_secured, 1}});
  BOOST_TEST(scene.agree());
}

// A capture tells rollover counters by trying, which no gateway does.
BOOST_AUTO_TEST_CASE(rollover_counters_that_nobody_told) {
  Scene scene;
  scene.heard().reason = std::string(analysis::media_reason::rollover_counter);
  BOOST_TEST(!scene.agree());
  scene.view.gateway_media = counters(0, 1, {{authentication, 20}});
  BOOST_TEST(scene.agree());
}

// Authentic packets from a port that nobody named are a stream of their own.
BOOST_AUTO_TEST_CASE(other_sources) {
  Scene scene;
  analysis::MediaStream stray = scene.heard();
  stray.source.port = 4444;
  stray.packets = stray.authenticated = 4;
  scene.report.srtp.push_back(stray);
  BOOST_TEST(!scene.agree());
  scene.view.gateway_media = counters(20, 1, {{wrong_source, 4}});
  BOOST_TEST(scene.agree());
  scene.view.gateway_media = counters(24, 1); // not locked
  BOOST_TEST(scene.agree());
}

BOOST_AUTO_TEST_SUITE_END()
