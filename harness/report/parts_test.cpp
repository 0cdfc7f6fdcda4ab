#include "report/cell_id.hpp"
#include "report/coverage.hpp"
#include "report/sample.hpp"
#include "report/text_width.hpp"
#include "report/words.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::report;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(parts)

BOOST_AUTO_TEST_CASE(cell_ids_come_apart) {
  const CellId id = split_cell_id("srtp-mode/inbound-offer[mode=always,offer=a=b]");
  BOOST_TEST(id.scenario == "srtp-mode/inbound-offer");
  BOOST_REQUIRE(id.variables.size() == 2);
  BOOST_TEST(id.variables[0].first == "mode");
  BOOST_TEST(id.variables[1].second == "a=b");
  for (const char* whole : {"a/b", "", "[a=b]", "a[b]", "a[=b]", "a[b=c", "a[]"}) {
    BOOST_TEST(split_cell_id(whole).scenario == whole);
    BOOST_TEST(split_cell_id(whole).variables.empty());
  }
}

BOOST_AUTO_TEST_CASE(the_worst_outcome_speaks_for_a_requirement) {
  const auto results = sample::results();
  const auto catalogue = sample::catalogue();
  const std::vector<CoverageRow> rows = coverage(results, catalogue);
  BOOST_REQUIRE(rows.size() == 4);
  BOOST_TEST((rows[0].outcome == verdict::Outcome::fail));
  BOOST_TEST(rows[0].results.size() == 3);
  BOOST_TEST((rows[1].outcome == verdict::Outcome::unsupported));
  BOOST_TEST((rows[2].outcome == std::nullopt));
  BOOST_TEST((rows[3].requirement == nullptr));
  BOOST_TEST(rows[3].id == "R-9");
}

BOOST_AUTO_TEST_CASE(a_requirement_named_twice_by_one_cell_counts_once) {
  std::vector<verdict::Result> results(1);
  results[0].covers = {"R-1", "R-1"};
  BOOST_TEST(coverage(results, sample::catalogue())[0].results.size() == 1);
}

BOOST_AUTO_TEST_CASE(text_is_measured_in_characters) {
  BOOST_TEST(columns_of("a–é") == 3);
  BOOST_TEST(shorten("abcdef", 4) == "abc…");
  BOOST_TEST(shorten("äöüß", 4) == "äöüß");
  BOOST_TEST(shorten("äöüßa", 4) == "äöü…");
  BOOST_TEST(shorten("abc", 0) == "abc");
  BOOST_TEST(pad("é", 3) == "é  ");
  BOOST_TEST(pad_left("é", 3) == "  é");
  BOOST_TEST((wrap("aa bb cc", 5) == std::vector<std::string>{"aa bb", "cc"}));
  BOOST_TEST((wrap("toolong x", 3) == std::vector<std::string>{"toolong", "x"}));
  BOOST_TEST((wrap("", 3) == std::vector<std::string>{""}));
}

BOOST_AUTO_TEST_CASE(durations_are_short) {
  BOOST_TEST(duration_text(400us) == "0.4 ms");
  BOOST_TEST(duration_text(12'345us) == "12 ms");
  BOOST_TEST(duration_text(9999ms) == "9999 ms");
  BOOST_TEST(duration_text(12'340ms) == "12.3 s");
}

BOOST_AUTO_TEST_CASE(the_gravest_finding_is_the_reason) {
  verdict::Result result;
  BOOST_TEST(reason_of(result) == "");
  result.findings.resize(3);
  result.findings[0].severity = verdict::Severity::info;
  result.findings[0].text = "info";
  result.findings[1].text = "first error";
  result.findings[2].text = "second error";
  BOOST_TEST(reason_of(result) == "first error");
}

BOOST_AUTO_TEST_SUITE_END()
