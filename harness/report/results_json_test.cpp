#include "report/results_json.hpp"

#include "report/sample.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::report;

namespace {

std::string print(const std::vector<verdict::Result>& results, bool show_keys = false) {
  const std::vector<verdict::Requirement> catalogue;
  return results_json({results, catalogue, show_keys, "reference", "0.1.0"});
}

std::string error_of(std::string_view json) {
  const Result<StoredRun> run = read_results(json);
  return run ? "(none)" : run.error().what;
}

std::string with_result(std::string_view fields) {
  return R"({"schema":"sipvet-results/1","results":[{"id":"a","outcome":"pass","covers":[],"duration_ms":1,"findings":[]},{)" +
         std::string(fields) + "}]}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(results_json_format)

BOOST_AUTO_TEST_CASE(the_contract_to_the_character) {
  auto results = sample::results();
  results.resize(2);
  results[1].findings[0].context.resize(1);
  BOOST_TEST(print(results) == R"({
  "schema": "sipvet-results/1",
  "version": "0.1.0",
  "target": "reference",
  "summary": {
    "pass": 1,
    "fail": 1,
    "error": 0,
    "unsupported": 0,
    "skipped": 0
  },
  "results": [
    {
      "id": "m/s[mode=a,offer=x]",
      "title": "Modes decide",
      "outcome": "pass",
      "covers": [
        "R-1"
      ],
      "duration_ms": 12.345,
      "findings": [],
      "evidence": "",
      "observations": {
        "server>gateway": "srtp, recognised"
      }
    },
    {
      "id": "m/s[mode=a,offer=y]",
      "title": "Modes decide",
      "outcome": "fail",
      "covers": [
        "R-1",
        "R-9"
      ],
      "duration_ms": 7.0,
      "findings": [
        {
          "id": "answer-media",
          "severity": "error",
          "witness": "wire",
          "text": "The gateway answered 200 with RTP instead of refusing the offer.",
          "requirement": "R-1",
          "expected": "488",
          "actual": "200 <RTP/AVP> & more",
          "where": {
            "file": "scenarios/m/s.yaml",
            "line": 20,
            "column": 5
          },
          "frame": 12,
          "fix": "Look at the SRTP mode.",
          "context": [
            "server > gateway  INVITE"
          ]
        }
      ],
      "evidence": "evidence/m-s-1",
      "observations": {}
    }
  ]
}
)");
}

BOOST_AUTO_TEST_CASE(what_was_written_is_read_back) {
  const auto written = sample::results();
  const Result<StoredRun> run = read_results(print(written, true));
  BOOST_REQUIRE(run.has_value());
  BOOST_TEST(run->target == "reference");
  BOOST_TEST(run->version == "0.1.0");
  BOOST_REQUIRE(run->results.size() == written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    BOOST_TEST(run->results[i].id == written[i].id);
    BOOST_TEST(run->results[i].title == written[i].title);
    BOOST_TEST((run->results[i].outcome == written[i].outcome));
    BOOST_TEST((run->results[i].covers == written[i].covers));
    BOOST_TEST((run->results[i].duration == written[i].duration));
    BOOST_TEST(run->results[i].evidence == written[i].evidence);
    BOOST_TEST((run->results[i].observations == written[i].observations));
    BOOST_TEST(run->results[i].findings.size() == written[i].findings.size());
  }
  const verdict::Finding& finding = run->results[1].findings[0];
  BOOST_TEST(finding.expected == "488");
  BOOST_TEST((finding.witness == verdict::Witness::wire));
  BOOST_TEST((finding.frame == 12));
  BOOST_TEST(to_string(finding.where) == "scenarios/m/s.yaml:20:5");
  BOOST_TEST((finding.context == sample::finding().context));
  BOOST_TEST((run->results[3].findings[0].severity == verdict::Severity::info));
  BOOST_TEST(print(run->results, true) == print(written, true));
}

BOOST_AUTO_TEST_CASE(secrets_are_left_out_unless_asked_for) {
  BOOST_TEST(print(sample::results()).find("d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj") == std::string::npos);
  BOOST_TEST(print(sample::results()).find("inline:[redacted]|2^20|1:4") != std::string::npos);
  BOOST_TEST(print(sample::results(), true).find("inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(octets_that_are_no_text_do_not_stop_the_report) {
  std::vector<verdict::Result> results(1);
  results[0].id = "a\xff\x80";
  BOOST_TEST(print(results).find("\"a\xEF\xBF\xBD") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(fields_that_scripts_add_are_passed_over) {
  BOOST_TEST(error_of(R"({"schema":"sipvet-results/1","results":[],"note":"x"})") == "(none)");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_by_its_path) {
  BOOST_TEST(error_of("{") == "not JSON");
  BOOST_TEST(error_of("[]") == "the document: expected an object");
  BOOST_TEST(error_of("{}") == "schema: missing");
  BOOST_TEST(error_of(R"({"schema":"sipvet-results/2","results":[]})") ==
             "schema: expected sipvet-results/1");
  BOOST_TEST(error_of(R"({"schema":"sipvet-results/1"})") == "results: missing");
  BOOST_TEST(error_of(R"({"schema":"sipvet-results/1","results":{}})") == "results: expected an array");
  BOOST_TEST(error_of(with_result(R"("outcome":"pass")")) == "results[1].id: missing");
  BOOST_TEST(
      error_of(with_result(R"("id":"b","outcome":"passed","covers":[],"duration_ms":1,"findings":[])")) ==
      "results[1].outcome: expected pass, fail, error, unsupported or skipped");
  BOOST_TEST(
      error_of(with_result(R"("id":"b","outcome":"pass","covers":[1],"duration_ms":1,"findings":[])")) ==
      "results[1].covers: expected strings");
  BOOST_TEST(
      error_of(with_result(R"("id":"b","outcome":"pass","covers":[],"duration_ms":"1","findings":[])")) ==
      "results[1].duration_ms: expected a number");
  BOOST_TEST(
      error_of(with_result(R"("id":"b","outcome":"pass","covers":[],"duration_ms":-1,"findings":[])")) ==
      "results[1].duration_ms: expected 0 up to a year");
  BOOST_TEST(error_of(with_result(
                 R"("id":"b","outcome":"pass","covers":[],"duration_ms":1,"findings":[{"id":"f"}])")) ==
             "results[1].findings[0].severity: missing");
  BOOST_TEST(
      error_of(with_result(
          R"("id":"b","outcome":"pass","covers":[],"duration_ms":1,"findings":[{"id":"f","severity":"error","text":"t","where":{"file":1}}])")) ==
      "results[1].findings[0].where.file: expected a string");
  BOOST_TEST(
      error_of(with_result(
          R"("id":"b","outcome":"pass","covers":[],"duration_ms":1,"findings":[],"observations":{"a":1})")) ==
      "results[1].observations: expected strings");
}

BOOST_AUTO_TEST_SUITE_END()
