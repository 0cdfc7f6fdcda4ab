#include "verdict/verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet::verdict;

BOOST_AUTO_TEST_SUITE(verdict)

BOOST_AUTO_TEST_CASE(outcomes_have_the_names_of_the_results_contract) {
  BOOST_TEST(to_string(Outcome::pass) == "pass");
  BOOST_TEST(to_string(Outcome::fail) == "fail");
  BOOST_TEST(to_string(Outcome::error) == "error");
  BOOST_TEST(to_string(Outcome::unsupported) == "unsupported");
  BOOST_TEST(to_string(Outcome::skipped) == "skipped");
}

BOOST_AUTO_TEST_CASE(severities_and_witnesses_have_names) {
  BOOST_TEST(to_string(Severity::info) == "info");
  BOOST_TEST(to_string(Severity::warning) == "warning");
  BOOST_TEST(to_string(Severity::error) == "error");
  BOOST_TEST(to_string(Witness::peers) == "peers");
  BOOST_TEST(to_string(Witness::wire) == "wire");
  BOOST_TEST(to_string(Witness::harness) == "harness");
}

BOOST_AUTO_TEST_CASE(names_are_read_back_and_others_are_not) {
  BOOST_TEST((parse_outcome("unsupported") == Outcome::unsupported));
  BOOST_TEST((parse_outcome("skipped") == Outcome::skipped));
  BOOST_TEST((parse_outcome("Pass") == std::nullopt));
  BOOST_TEST((parse_severity("warning") == Severity::warning));
  BOOST_TEST((parse_severity("") == std::nullopt));
  BOOST_TEST((parse_witness("wire") == Witness::wire));
  BOOST_TEST((parse_witness("wires") == std::nullopt));
}

BOOST_AUTO_TEST_CASE(a_location_is_file_line_column) {
  BOOST_TEST(to_string(SourceLocation{"a.yaml", 3, 14}) == "a.yaml:3:14");
}

BOOST_AUTO_TEST_CASE(line_0_is_the_file_as_a_whole) {
  BOOST_TEST(to_string(SourceLocation{"a.yaml", 0, 0}) == "a.yaml");
  BOOST_TEST(to_string(Diagnostic{{"a.yaml", 0, 0}, "cannot be read"}) == "a.yaml: error: cannot be read");
}

BOOST_AUTO_TEST_CASE(a_diagnostic_reads_as_compilers_print_it) {
  BOOST_TEST(to_string(Diagnostic{{"a.yaml", 3, 14}, "unknown key 'x'"}) ==
             "a.yaml:3:14: error: unknown key 'x'");
}

BOOST_AUTO_TEST_CASE(a_summary_counts_each_outcome_apart) {
  std::vector<Result> results(8);
  for (Result& result : results) result.outcome = Outcome::pass;
  results[0].outcome = Outcome::fail;
  results[1].outcome = Outcome::error;
  results[2].outcome = Outcome::error;
  results[3].outcome = Outcome::unsupported;
  results[4].outcome = Outcome::skipped;
  const Summary summary = summarize(results);
  BOOST_TEST(summary.pass == 3);
  BOOST_TEST(summary.fail == 1);
  BOOST_TEST(summary.error == 2);
  BOOST_TEST(summary.unsupported == 1);
  BOOST_TEST(summary.skipped == 1);
}

BOOST_AUTO_TEST_CASE(a_result_that_nobody_filled_in_is_an_error_not_a_pass) {
  BOOST_TEST((Result{}.outcome == Outcome::error));
}

BOOST_AUTO_TEST_SUITE_END()
