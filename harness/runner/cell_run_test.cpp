#include "runner/test_scenario.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::runner;
using namespace sipvet::runner::test;
using verdict::Outcome;

namespace {

std::string known(const std::string& finding) {
  return "known_failure: {reason: a defect of long ago, finding: " + finding + "}\n";
}

std::string with_deviation(std::string text, const std::string& deviation) {
  const std::string marker = "gateway:\n";
  return text.insert(text.find(marker) + marker.size(), "  deviations: {" + deviation + "}\n");
}

std::vector<std::string> problems(const std::string& text) {
  std::vector<std::string> out;
  for (const verdict::Diagnostic& problem : check_cell(cells_of(text).at(0)))
    out.push_back(to_string(problem));
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cell_run)

BOOST_AUTO_TEST_CASE(a_call_as_it_should_be_passes) {
  const Folder folder;
  const verdict::Result got =
      run_text(call_scenario("always", "srtp",
                             "wire:\n  - tls: {version: TLSv1.2, connections: 1}\n"
                             "  - srtp: {streams: 2, suite: AES_CM_128_HMAC_SHA1_80}\n"
                             "  - sip: {methods: [INVITE, ACK, BYE]}\n"),
               folder);
  BOOST_TEST(ids(got.findings) == "");
  BOOST_TEST((got.outcome == Outcome::pass));
  BOOST_TEST(got.id == "test/call");
  BOOST_TEST(got.title == "A call");
  BOOST_TEST((got.covers == std::vector<std::string>{"NBE-SRTP-IN-always-srtp-only"}));
  // The second witness saw both directions.
  BOOST_TEST_REQUIRE(got.observations.size() == 2u);
  for (const auto& [direction, seen] : got.observations)
    BOOST_TEST(seen.find("0 failed, ") != std::string::npos, direction + ": " + seen);
}

BOOST_AUTO_TEST_CASE(a_rejected_call_passes_where_that_is_expected) {
  const Folder folder;
  const verdict::Result got = run_text(call_scenario("never", "488"), folder);
  BOOST_TEST(ids(got.findings) == "");
  BOOST_TEST((got.outcome == Outcome::pass));
  BOOST_TEST(got.observations.empty());
}

BOOST_AUTO_TEST_CASE(a_failure_says_what_was_expected_and_what_came) {
  const Folder folder;
  const verdict::Result got = run_text(call_scenario("never", "srtp"), folder);
  BOOST_TEST((got.outcome == Outcome::fail));
  BOOST_TEST_REQUIRE(ids(got.findings) == "response-status");
  const verdict::Finding& one = got.findings[0];
  BOOST_TEST(one.text ==
             "The response to server's INVITE should be 2xx with SRTP and was 488 Not Acceptable Here.");
  BOOST_TEST(one.expected == "2xx with SRTP");
  BOOST_TEST(one.actual == "488 Not Acceptable Here");
  BOOST_TEST(to_string(one.where) == "cell.yaml:11:5");
  BOOST_TEST(one.requirement == "NBE-SRTP-IN-never-srtp-only");
  BOOST_TEST_REQUIRE(one.context.size() >= 3u);
  BOOST_TEST(one.context[0].starts_with("server sends INVITE sip:"), one.context[0]);
  BOOST_TEST(one.context.back() != "");
}

// The last step sends and waits for nothing: the cell ends when the message has got through all the same.
BOOST_AUTO_TEST_CASE(what_the_last_step_sends_is_on_the_wire) {
  const Folder folder;
  std::string text = call_scenario("never", "488", "wire:\n  - sip: {methods: [INVITE, ACK]}\n");
  const std::size_t from = text.find("  - server: {expect"), to = text.find("wire:");
  text.erase(from, to - from);
  const verdict::Result got = run_text(text, folder);
  BOOST_TEST(ids(got.findings) == "");
}

BOOST_AUTO_TEST_CASE(the_wire_alone_can_fail_a_cell) {
  const Folder folder;
  const verdict::Result got =
      run_text(call_scenario("always", "srtp", "wire:\n  - tls: {version: TLSv1.3}\n"), folder);
  BOOST_TEST((got.outcome == Outcome::fail));
  BOOST_TEST_REQUIRE(ids(got.findings) == "wire-tls");
  BOOST_TEST((got.findings[0].witness == verdict::Witness::wire));
  BOOST_TEST(to_string(got.findings[0].where) == "cell.yaml:15:5");
}

BOOST_AUTO_TEST_CASE(media_that_is_not_heard_fails) {
  const Folder folder;
  const std::string text = call_scenario("always", "srtp", "deadline: 2s\n");
  const verdict::Result got = run_text(with_deviation(text, "silent_media: true"), folder);
  BOOST_TEST((got.outcome == Outcome::fail));
  BOOST_TEST_REQUIRE(ids(got.findings) == "media-not-heard");
  BOOST_TEST(got.findings[0].actual.find("server has heard 0 ms of gateway") != std::string::npos,
             got.findings[0].actual);
}

BOOST_AUTO_TEST_CASE(a_known_failure_that_fails_as_known_passes) {
  const Folder folder;
  const verdict::Result got = run_text(call_scenario("never", "srtp", known("response-status")), folder);
  BOOST_TEST((got.outcome == Outcome::pass));
  BOOST_TEST_REQUIRE(ids(got.findings) == "response-status"); // still told
  BOOST_TEST((got.findings[0].severity == verdict::Severity::info));
}

BOOST_AUTO_TEST_CASE(a_known_failure_that_passes_fails) {
  const Folder folder;
  const verdict::Result got = run_text(call_scenario("always", "srtp", known("response-status")), folder);
  BOOST_TEST((got.outcome == Outcome::fail));
  BOOST_TEST_REQUIRE(ids(got.findings) == "known-failure");
  BOOST_TEST(got.findings[0].actual == "the cell passed");
  BOOST_TEST(got.findings[0].expected == "response-status (a defect of long ago)");
  BOOST_TEST(got.findings[0].where.line == 14u);
}

BOOST_AUTO_TEST_CASE(a_known_failure_that_fails_otherwise_fails) {
  const Folder folder;
  const verdict::Result got = run_text(call_scenario("never", "srtp", known("answer-suite")), folder);
  BOOST_TEST((got.outcome == Outcome::fail));
  BOOST_TEST(ids(got.findings) == "response-status known-failure");
  BOOST_TEST(got.findings[1].actual == "it failed otherwise");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_set_up_is_an_error_of_the_harness) {
  const Folder folder;
  std::string text = call_scenario("always", "srtp", known("start"));
  text.replace(text.find("INADDR_ANY:5067/tls"), 19,
               "[INADDR_ANY:5067/tls, INADDR_ANY:5067/tcp]"); // one port
  const verdict::Result got = run_text(text, folder);
  BOOST_TEST((got.outcome == Outcome::error)); // known or not
  BOOST_TEST_REQUIRE(ids(got.findings) == "start");
  BOOST_TEST((got.findings[0].witness == verdict::Witness::harness));
  BOOST_TEST(got.findings[0].actual.find("5067") != std::string::npos, got.findings[0].actual);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_an_error_of_the_harness) {
  Folder folder;
  folder.path /= "missing";
  const verdict::Result got = run_text(call_scenario("never", "488"), folder);
  BOOST_TEST((got.outcome == Outcome::error));
  BOOST_TEST(ids(got.findings) == "capture");
}

BOOST_AUTO_TEST_CASE(evidence_is_a_capture_and_two_logs) {
  const Folder folder;
  (void)run_text(call_scenario("always", "srtp"), folder);
  const std::string capture = folder.text("capture.pcapng");
  BOOST_TEST(capture.substr(0, 4) == "\x0a\x0d\x0d\x0a"); // pcapng's section header block
  BOOST_TEST(capture.find("CLIENT_RANDOM ") != std::string::npos);
  const std::string messages = folder.text("messages.txt");
  BOOST_TEST(messages.starts_with("server sends INVITE sip:"), messages.substr(0, 60));
  BOOST_TEST(messages.find("server receives SIP/2.0 200 OK") != std::string::npos);
  BOOST_TEST(messages.find("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:") != std::string::npos);
  BOOST_TEST(!folder.text("gateway.log").empty());
}

BOOST_AUTO_TEST_CASE(one_seed_gives_the_same_capture_to_the_octet) {
  const Folder first, second, other;
  (void)run_text(call_scenario("always", "srtp"), first, 7);
  (void)run_text(call_scenario("always", "srtp"), second, 7);
  (void)run_text(call_scenario("always", "srtp"), other, 8);
  BOOST_TEST(first.text("capture.pcapng").size() > 10'000u);
  BOOST_TEST((first.text("capture.pcapng") == second.text("capture.pcapng")));
  BOOST_TEST((first.text("capture.pcapng") != other.text("capture.pcapng")));
  BOOST_TEST(first.text("messages.txt") == second.text("messages.txt"));
}

BOOST_AUTO_TEST_CASE(a_run_can_be_stopped) {
  const Folder folder;
  const std::atomic<bool> stop = true;
  CellOptions options;
  options.network = NetworkKind::sim;
  options.evidence_folder = folder.path.string();
  BOOST_TEST(run_cell(cells_of(call_scenario("always", "srtp")).at(0), lab(), options, stop).interrupted);
}

BOOST_AUTO_TEST_CASE(settings_are_checked_without_running) {
  BOOST_TEST(problems(call_scenario("always", "srtp")).empty());
  std::string text = call_scenario("sometimes", "srtp");
  text.replace(text.find("user: mediation"), 15, "usr: mediation");
  const std::vector<std::string> got = problems(text);
  BOOST_TEST_REQUIRE(got.size() == 2u);
  BOOST_TEST(got[0].starts_with("cell.yaml:6:"), got[0]);
  BOOST_TEST(got[0].find("always") != std::string::npos, got[0]);
  BOOST_TEST(got[1] == "cell.yaml:8:12: error: unknown peer setting 'usr'; did you mean 'user'?");
  const std::vector<std::string> deviation =
      problems(with_deviation(call_scenario("always", "srtp"), "no_akc: true"));
  BOOST_TEST_REQUIRE(deviation.size() == 1u);
  BOOST_TEST(deviation[0].find("no_ack") != std::string::npos, deviation[0]);
}

BOOST_AUTO_TEST_SUITE_END()
