#include "report/console.hpp"

#include "report/sample.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::report;

namespace {

const ConsoleStyle wide{false, 100, false};

} // namespace

BOOST_AUTO_TEST_SUITE(console)

BOOST_AUTO_TEST_CASE(a_finished_cell_is_one_line) {
  const auto results = sample::results();
  BOOST_TEST(cell_line(results[0], wide) == "pass            12 ms  m/s[mode=a,offer=x]");
  BOOST_TEST(cell_line(results[1], {false, 0, false}) ==
             "fail           7.0 ms  m/s[mode=a,offer=y]: The gateway answered 200 with RTP instead of "
             "refusing the offer.");
  BOOST_TEST(cell_line(results[1], {false, 60, false}) ==
             "fail           7.0 ms  m/s[mode=a,offer=y]: The gateway ans…");
  BOOST_TEST(cell_line(results[2], wide) == "error          10.0 s  m/s[mode=b,offer=x]");
  BOOST_TEST(cell_line(results[3], wide) == "unsupported    0.0 ms  t/one: The target has no TLS 1.3.");
}

BOOST_AUTO_TEST_CASE(colour_is_around_the_verdict_only) {
  BOOST_TEST(cell_line(sample::results()[0], {true, 100, false}) ==
             "\x1b[32mpass\x1b[0m            12 ms  m/s[mode=a,offer=x]");
}

BOOST_AUTO_TEST_CASE(text_from_the_network_cannot_steer_the_terminal) {
  verdict::Result result = sample::results()[1];
  result.findings[0].text = "a\x1b[2Jb\r\n";
  BOOST_TEST(cell_line(result, {false, 0, false}).find('\x1b') == std::string::npos);
  BOOST_TEST(failure_block(result, {}, wide).find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_failure_explains_itself) {
  BOOST_TEST(failure_block(sample::results()[1], sample::catalogue(), wide) ==
             "fail  m/s[mode=a,offer=y]\n"
             "  Modes decide\n"
             "  error        The gateway answered 200 with RTP instead of refusing the offer.\n"
             "  requirement  R-1: An offer of RTP alone is refused with 488. (A guide, Modes)\n"
             "  expected     488\n"
             "  actual       200 <RTP/AVP> & more\n"
             "  seen by      the capture, frame 12\n"
             "  scenario     scenarios/m/s.yaml:20:5\n"
             "  what to do   Look at the SRTP mode.\n"
             "  messages around it\n"
             "    server > gateway  INVITE\n"
             "    a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:[redacted]|2^20|1:4\n"
             "  evidence     evidence/m-s-1\n");
}

BOOST_AUTO_TEST_CASE(long_texts_are_wrapped_under_their_own_column) {
  BOOST_TEST(failure_block(sample::results()[1], sample::catalogue(), {false, 50, false})
                 .starts_with("fail  m/s[mode=a,offer=y]\n"
                              "  Modes decide\n"
                              "  error        The gateway answered 200 with RTP\n"
                              "               instead of refusing the offer.\n"));
}

BOOST_AUTO_TEST_CASE(keys_are_shown_when_asked_for) {
  BOOST_TEST(failure_block(sample::results()[1], {}, {false, 0, true}).find("inline:d0Rmdmcm") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_pass_without_findings_needs_no_block_and_an_unexplained_error_says_so) {
  BOOST_TEST(failure_block(sample::results()[0], {}, wide) == "");
  BOOST_TEST(failure_block(sample::results()[2], {}, wide) ==
             "error  m/s[mode=b,offer=x]\n  Modes decide\n  nothing was recorded about the reason\n");
}

BOOST_AUTO_TEST_CASE(two_dimensions_make_a_grid) {
  BOOST_TEST(verdict_table(sample::results(), wide) == "m/s\n"
                                                       "  Modes decide\n"
                                                       "  mode \\ offer  x            y\n"
                                                       "  a             pass         fail\n"
                                                       "  b             error        –\n"
                                                       "\n"
                                                       "t/one\n"
                                                       "  unsupported  t/one\n"
                                                       "\n"
                                                       "t/two\n"
                                                       "  skipped      t/two\n");
}

BOOST_AUTO_TEST_CASE(more_dimensions_make_a_grid_each) {
  std::vector<verdict::Result> results(3);
  results[0].id = "m/s[mode=a,offer=x,suite=80]";
  results[1].id = "m/s[mode=a,offer=x,suite=32]";
  results[2].id = "m/s[mode=a,offer=y,suite=80]";
  BOOST_TEST(verdict_table(results, wide) == "m/s\n"
                                             "  suite=80\n"
                                             "  mode \\ offer  x            y\n"
                                             "  a             error        error\n"
                                             "  suite=32\n"
                                             "  mode \\ offer  x\n"
                                             "  a             error\n");
}

BOOST_AUTO_TEST_CASE(a_narrow_terminal_gets_lines_instead_of_a_grid) {
  auto results = sample::results();
  results.resize(3);
  BOOST_TEST(verdict_table(results, {false, 38, false}) == "m/s\n"
                                                           "  Modes decide\n"
                                                           "  pass         m/s[mode=a,offer=x]\n"
                                                           "  fail         m/s[mode=a,offer=y]\n"
                                                           "  error        m/s[mode=b,offer=x]\n");
}

BOOST_AUTO_TEST_CASE(the_summary_counts_what_there_is) {
  BOOST_TEST(summary_line(verdict::summarize(sample::results()), wide) ==
             "1 pass, 1 fail, 1 error, 1 unsupported, 1 skipped");
  BOOST_TEST(summary_line({}, wide) == "nothing was run");
}

BOOST_AUTO_TEST_SUITE_END()
