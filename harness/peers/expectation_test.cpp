#include "peers/expectation.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::peers;

namespace {

script::Value value(const std::string& yaml) {
  const script::Document document = script::load_yaml_text("x: " + yaml, "s.yaml");
  BOOST_TEST_REQUIRE(document.errors.empty());
  return *document.root.find("x");
}

script::Step step(const std::string& action, const std::string& argument, const std::string& options = "{}") {
  script::Step out;
  out.actor = "server";
  out.action = action;
  out.argument = value(argument);
  out.options = value(options);
  out.at = {"s.yaml", 7, 5};
  return out;
}

Outcome response(int status, std::string media = {}, std::string suite = {}) {
  Outcome out;
  out.method = "INVITE";
  out.response = sip::Message::response(status, std::string(sip::reason_phrase(status)));
  out.media = std::move(media);
  out.suite = std::move(suite);
  return out;
}

Findings judge(const std::string& expected, const Outcome& outcome) {
  const auto read = read_expected_response(value(expected));
  BOOST_TEST_REQUIRE(bool(read));
  return compare(step("expect", expected), *read, outcome);
}

std::string ids(const Findings& findings) {
  std::string out;
  for (const verdict::Finding& finding : findings) out += (out.empty() ? "" : " ") + finding.id;
  return out;
}

std::string error_of(const std::string& expected) {
  const auto read = read_expected_response(value(expected));
  return read ? "" : read.error().what;
}

sip::Message invite(const std::string& sdp, const std::string& type = "application/sdp") {
  sip::Message out = sip::Message::request("INVITE", "sip:server@192.0.2.20");
  out.add("From", "\"Alice\" <sip:alice@example.com>;tag=1");
  out.add("Supported", "timer");
  out.add("Supported", "100rel");
  if (!sdp.empty()) out.set_body(sdp, type);
  return out;
}

const std::string session = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
const std::string savp = "m=audio 4000 RTP/SAVP 0\r\n";
const std::string avp = "m=audio 4002 RTP/AVP 0\r\n";
// The key of RFC 4568's example (§6.1, 30 octets).
const std::string key80 =
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR\r\n";
const std::string key32 =
    "a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj\r\n";

Findings judge_request(const std::string& options, const sip::Message& request) {
  const script::Step wanted = step("receive", "INVITE", options);
  const auto read = read_expected_request(wanted);
  BOOST_TEST_REQUIRE(bool(read));
  return compare(wanted, *read, request);
}

} // namespace

BOOST_AUTO_TEST_SUITE(expectation)

BOOST_AUTO_TEST_CASE(short_forms_of_a_response) {
  const auto srtp = read_expected_response(value("srtp"));
  BOOST_TEST_REQUIRE(bool(srtp));
  BOOST_TEST(srtp->status_low == 200);
  BOOST_TEST(srtp->status_high == 299);
  BOOST_TEST(srtp->media == "srtp");
  BOOST_TEST(read_expected_response(value("rtp"))->media == "rtp");
  BOOST_TEST(read_expected_response(value("answered"))->media == "");
  BOOST_TEST(read_expected_response(value("answered"))->status_high == 299);

  const auto exact = read_expected_response(value("488"));
  BOOST_TEST(exact->status_low == 488);
  BOOST_TEST(exact->status_high == 488);
  const auto any = read_expected_response(value("4xx"));
  BOOST_TEST(any->status_low == 400);
  BOOST_TEST(any->status_high == 499);
}

BOOST_AUTO_TEST_CASE(the_map_form_of_a_response) {
  const auto read = read_expected_response(value("{status: 488, reason: Not.*, header: {Warning: "
                                                 "'^30[0-9]'}, media: rtp, suite: AES_CM_128_HMAC_SHA1_32}"));
  BOOST_TEST_REQUIRE(bool(read));
  BOOST_TEST(read->status_low == 488);
  BOOST_TEST(read->reason == "Not.*");
  BOOST_TEST(read->media == "rtp");
  BOOST_TEST(read->suite == "AES_CM_128_HMAC_SHA1_32");
  BOOST_TEST_REQUIRE(read->headers.size() == 1u);
  BOOST_TEST(read->headers[0].first == "Warning");
  BOOST_TEST(read->headers[0].second == "^30[0-9]");
  BOOST_TEST(read_expected_response(value("{suite: X}"))->status_high == 299); // a success unless it is said
}

BOOST_AUTO_TEST_CASE(what_is_no_expectation_is_refused) {
  for (const char* wrong : {"banana", "700", "7xx", "0xx", "xx", "4x", "4xxx", "-1", "''"})
    BOOST_TEST(error_of(wrong) != "", wrong);
  // What is awaited is a final response.
  BOOST_TEST(error_of("180") == "'180' is no final status");
  BOOST_TEST(error_of("1xx") == "'1xx' is no final status");
  BOOST_TEST(error_of("{media: video}") == "'media' is srtp, rtp or t38");
  BOOST_TEST(error_of("{status: maybe}") != "");
  BOOST_TEST(error_of("{header: Warning}") == "'header' needs a map of names to regular expressions");
  BOOST_TEST(error_of("{header: {Warning: '('}}") == "'(' is no regular expression");
  BOOST_TEST(error_of("{reason: '['}") == "'[' is no regular expression");
}

BOOST_AUTO_TEST_CASE(a_response_as_expected_has_no_findings) {
  BOOST_TEST(ids(judge("srtp", response(200, "srtp", "AES_CM_128_HMAC_SHA1_80"))) == "");
  BOOST_TEST(ids(judge("rtp", response(202, "rtp"))) == "");
  BOOST_TEST(ids(judge("answered", response(200, "rtp"))) == "");
  BOOST_TEST(ids(judge("488", response(488))) == "");
  BOOST_TEST(ids(judge("4xx", response(400))) == "");
  BOOST_TEST(ids(judge("4xx", response(499))) == "");
  BOOST_TEST(ids(judge("{media: srtp, suite: aes_cm_128_hmac_sha1_80}",
                       response(200, "srtp", "AES_CM_128_HMAC_SHA1_80"))) == "");
  BOOST_TEST(ids(judge("{status: 486, reason: '^Busy'}", response(486))) == "");
}

BOOST_AUTO_TEST_CASE(another_status_is_said_with_both) {
  const Findings got = judge("srtp", response(488));
  BOOST_TEST_REQUIRE(ids(got) == "response-status");
  BOOST_TEST(got[0].text ==
             "The response to server's INVITE should be 2xx with SRTP and was 488 Not Acceptable Here.");
  BOOST_TEST(got[0].expected == "2xx with SRTP");
  BOOST_TEST(got[0].actual == "488 Not Acceptable Here");
  BOOST_TEST(to_string(got[0].where) == "s.yaml:7:5");
  BOOST_TEST((got[0].witness == verdict::Witness::peers));

  const Findings accepted = judge("488", response(200, "rtp"));
  BOOST_TEST_REQUIRE(ids(accepted) == "response-status");
  BOOST_TEST(accepted[0].actual == "200 OK with plain RTP");
  BOOST_TEST(ids(judge("4xx", response(500))) == "response-status");
  BOOST_TEST(ids(judge("4xx", response(302))) == "response-status");
  BOOST_TEST(ids(judge("answered", response(300))) == "response-status");
}

BOOST_AUTO_TEST_CASE(no_response_has_its_own_finding) {
  Outcome none;
  none.method = "OPTIONS";
  none.failure = "no response within 32 s";
  const Findings got = judge("200", none);
  BOOST_TEST_REQUIRE(ids(got) == "no-response");
  BOOST_TEST(got[0].text ==
             "The response to server's OPTIONS should be 200 and was missing: no response within 32 s.");
  BOOST_TEST(got[0].actual == "no response within 32 s");
}

BOOST_AUTO_TEST_CASE(wrong_media_in_the_answer) {
  const Findings plain = judge("srtp", response(200, "rtp"));
  BOOST_TEST_REQUIRE(ids(plain) == "answer-media");
  BOOST_TEST(plain[0].text ==
             "The response to server's INVITE should be 2xx with SRTP and was 200 OK with plain RTP.");
  const Findings secured = judge("rtp", response(200, "srtp", "AES_CM_128_HMAC_SHA1_80"));
  BOOST_TEST_REQUIRE(ids(secured) == "answer-media");
  BOOST_TEST(secured[0].expected == "2xx with plain RTP");
  BOOST_TEST(secured[0].actual == "200 OK with SRTP");
}

// RFC 3264 §6: an answer that does not fit the offer is a failure of the answerer, whatever else was asked.
BOOST_AUTO_TEST_CASE(an_answer_that_cannot_be_used_is_never_as_expected) {
  Outcome broken = response(200);
  broken.media_problem = "the answer has 1 section, the offer had 2";
  for (const char* expected : {"answered", "200", "srtp", "{status: 2xx}"}) {
    const Findings got = judge(expected, broken);
    BOOST_TEST_REQUIRE(got.size() == 1u);
    BOOST_TEST(got[0].id == "answer-media");
    BOOST_TEST(got[0].actual == "200 OK, but the answer has 1 section, the offer had 2");
  }
  BOOST_TEST(judge("answered", broken)[0].expected == "2xx with an answer that can be used");
}

BOOST_AUTO_TEST_CASE(another_suite_reason_or_header) {
  const Findings suite =
      judge("{suite: AES_CM_128_HMAC_SHA1_32}", response(200, "srtp", "AES_CM_128_HMAC_SHA1_80"));
  BOOST_TEST_REQUIRE(ids(suite) == "answer-suite");
  BOOST_TEST(suite[0].expected == "AES_CM_128_HMAC_SHA1_32");
  BOOST_TEST(suite[0].actual == "AES_CM_128_HMAC_SHA1_80");
  BOOST_TEST(judge("{suite: AES_CM_128_HMAC_SHA1_32}", response(200, "rtp"))[0].actual == "none");

  const Findings reason = judge("{status: 486, reason: Later}", response(486));
  BOOST_TEST_REQUIRE(ids(reason) == "response-reason");
  BOOST_TEST(reason[0].actual == "Busy Here");

  Outcome warned = response(488);
  warned.response->add("Warning", "399 gw \"no\"");
  BOOST_TEST(ids(judge("{status: 488, header: {warning: '^399 '}}", warned)) == "");
  const Findings header = judge("{status: 488, header: {Warning: '^305', Retry-After: '.'}}", warned);
  BOOST_TEST_REQUIRE(ids(header) == "header header");
  BOOST_TEST(header[0].text == "The Warning header is not what the scenario expects.");
  BOOST_TEST(header[0].expected == "Warning: /^305/");
  BOOST_TEST(header[0].actual == "Warning: 399 gw \"no\"");
  BOOST_TEST(header[1].actual == "no such header");
}

BOOST_AUTO_TEST_CASE(offers_of_requests_by_their_shape) {
  const std::string srtp_only = session + savp + key80, rtp_only = session + avp,
                    both = session + savp + key80 + avp, one_line = session + avp + key80;
  BOOST_TEST(ids(judge_request("{offer: srtp-only}", invite(srtp_only))) == "");
  BOOST_TEST(ids(judge_request("{offer: rtp-only}", invite(rtp_only))) == "");
  BOOST_TEST(ids(judge_request("{offer: srtp-and-rtp}", invite(both))) == "");
  BOOST_TEST(ids(judge_request("{offer: srtp-and-rtp}", invite(one_line))) == "");
  BOOST_TEST(ids(judge_request("{offer: none}", invite(""))) == "");
  BOOST_TEST(ids(judge_request("{}", invite("garbage", "text/plain"))) == "");

  const Findings got = judge_request("{offer: srtp-only}", invite(both));
  BOOST_TEST_REQUIRE(ids(got) == "offer-shape");
  BOOST_TEST(got[0].text == "The INVITE should offer srtp-only and offers srtp-and-rtp.");
  BOOST_TEST(got[0].expected == "srtp-only");
  BOOST_TEST(got[0].actual == "srtp-and-rtp");
  BOOST_TEST(judge_request("{offer: rtp-only}", invite(""))[0].actual == "none");
  BOOST_TEST(judge_request("{offer: none}", invite(rtp_only))[0].actual == "rtp-only");
}

BOOST_AUTO_TEST_CASE(bodies_that_are_no_offer_say_what_they_are) {
  const std::string foreign = judge_request("{offer: rtp-only}", invite("hello", "text/plain"))[0].actual;
  BOOST_TEST(foreign.find("text/plain") != std::string::npos, foreign);
  const std::string broken = judge_request("{offer: rtp-only}", invite("hello"))[0].actual;
  BOOST_TEST(broken != "");
  const std::string empty = judge_request("{offer: rtp-only}", invite(session))[0].actual;
  BOOST_TEST(empty.find("audio") != std::string::npos, empty);
}

BOOST_AUTO_TEST_CASE(suites_are_compared_in_order) {
  const sip::Message request = invite(session + savp + key80 + key32);
  const std::string in_order = "{suites: [AES_CM_128_HMAC_SHA1_80, AES_CM_128_HMAC_SHA1_32]}";
  BOOST_TEST(ids(judge_request(in_order, request)) == "");
  BOOST_TEST(ids(judge_request("{suites: 'AES_CM_128_HMAC_SHA1_80, AES_CM_128_HMAC_SHA1_32'}", request)) ==
             "");
  const Findings reversed =
      judge_request("{suites: [AES_CM_128_HMAC_SHA1_32, AES_CM_128_HMAC_SHA1_80]}", request);
  BOOST_TEST_REQUIRE(ids(reversed) == "offer-suites");
  BOOST_TEST(reversed[0].expected == "AES_CM_128_HMAC_SHA1_32, AES_CM_128_HMAC_SHA1_80");
  BOOST_TEST(reversed[0].actual == "AES_CM_128_HMAC_SHA1_80, AES_CM_128_HMAC_SHA1_32");
  BOOST_TEST(ids(judge_request("{suites: AES_CM_128_HMAC_SHA1_80}", request)) == "offer-suites");
  BOOST_TEST(judge_request("{suites: AES_CM_128_HMAC_SHA1_80}", invite(session + avp))[0].actual == "none");
}

BOOST_AUTO_TEST_CASE(headers_of_requests_by_regular_expression) {
  BOOST_TEST(ids(judge_request("{header: {From: 'sip:alice@', Supported: '^100rel$'}}", invite(""))) == "");
  const Findings got = judge_request("{header: {Supported: gruu}}", invite(""));
  BOOST_TEST_REQUIRE(ids(got) == "header");
  BOOST_TEST(got[0].actual == "Supported: timer | 100rel");
  const auto bad = read_expected_request(step("receive", "INVITE", "{header: {From: '*'}}"));
  BOOST_TEST_REQUIRE(!bad);
  BOOST_TEST(bad.error().what == "'*' is no regular expression");
}

BOOST_AUTO_TEST_CASE(lists_written_as_one_text_are_lists) {
  const script::Value one = value("'A, B,C'"), list = value("[A, 'B,C']");
  BOOST_TEST(text_list(&one) == (std::vector<std::string>{"A", "B", "C"}), boost::test_tools::per_element());
  BOOST_TEST(text_list(&list) == (std::vector<std::string>{"A", "B", "C"}), boost::test_tools::per_element());
  BOOST_TEST(text_list(nullptr).empty());
}

BOOST_AUTO_TEST_SUITE_END()
