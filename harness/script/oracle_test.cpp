#include "script/oracle.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet::script;

namespace {

const std::vector<Dimension> mode_and_offer{{"mode", {"always", "never"}},
                                            {"offer", {"srtp-only", "rtp-only"}}};

struct Read {
  Oracle oracle;
  std::string errors;
};

Read read(std::string_view yaml, const std::vector<Dimension>& dimensions = mode_and_offer) {
  const Document document = load_yaml_text(yaml, "t.yaml");
  BOOST_REQUIRE(document.errors.empty());
  Diagnostics errors;
  Read out{Oracle(document.root, dimensions, errors), {}};
  for (const Diagnostic& error : errors.take()) out.errors += to_string(error) + "\n";
  return out;
}

std::string value(const Oracle& oracle, const Combination& cell, const std::string& name = "answer") {
  const auto values = oracle.values(cell);
  const auto found = values.find(name);
  return found == values.end() ? "(none)" : found->second.text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(oracle)

BOOST_AUTO_TEST_CASE(each_cell_finds_its_scalar) {
  const Read r =
      read("answer:\n  always: {srtp-only: srtp, rtp-only: 488}\n  never: {srtp-only: 488, rtp-only: rtp}\n");
  BOOST_TEST(r.errors == "");
  BOOST_TEST(value(r.oracle, {{"mode", "always"}, {"offer", "srtp-only"}}) == "srtp");
  BOOST_TEST(value(r.oracle, {{"mode", "always"}, {"offer", "rtp-only"}}) == "488");
  BOOST_TEST(value(r.oracle, {{"mode", "never"}, {"offer", "rtp-only"}}) == "rtp");
}

BOOST_AUTO_TEST_CASE(levels_may_stand_in_any_order_and_be_left_out) {
  const Read r = read("answer:\n  srtp-only: {always: a, never: b}\n  rtp-only: c\nfixed: d\n");
  BOOST_TEST(r.errors == "");
  BOOST_TEST(value(r.oracle, {{"mode", "never"}, {"offer", "srtp-only"}}) == "b");
  BOOST_TEST(value(r.oracle, {{"mode", "never"}, {"offer", "rtp-only"}}) == "c");
  BOOST_TEST(value(r.oracle, {{"mode", "always"}, {"offer", "rtp-only"}}, "fixed") == "d");
}

BOOST_AUTO_TEST_CASE(the_first_dimension_in_matrix_order_that_fits_is_taken) {
  const std::vector<Dimension> twins{{"a", {"x", "y"}}, {"b", {"x", "y"}}};
  const Read r = read("answer: {x: {x: 1, y: 2}, y: {x: 3, y: 4}}", twins);
  BOOST_TEST(r.errors == "");
  BOOST_TEST(value(r.oracle, {{"a", "x"}, {"b", "y"}}) == "2");
  BOOST_TEST(value(r.oracle, {{"a", "y"}, {"b", "x"}}) == "3");
}

BOOST_AUTO_TEST_CASE(a_gap_names_the_cell) {
  BOOST_TEST(
      read("answer:\n  always: {srtp-only: srtp}\n  never: {srtp-only: 488, rtp-only: rtp}\n").errors ==
      "t.yaml:2:11: error: oracle 'answer' has no value for mode=always, offer=rtp-only\n");
  BOOST_TEST(read("answer:\n  always: srtp\n").errors ==
             "t.yaml:2:3: error: oracle 'answer' has no value for mode=never\n");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_no_value_is_named_with_the_nearest_one) {
  BOOST_TEST(read("answer:\n  always: 1\n  never: 2\n  nevr: 3\n").errors ==
             "t.yaml:4:3: error: oracle 'answer': 'nevr' is no value of matrix dimension 'mode'; did you "
             "mean 'never'?\n");
  BOOST_TEST(read("answer:\n  sometimes: 1\n").errors ==
             "t.yaml:2:3: error: oracle 'answer': 'sometimes' is no value of any matrix dimension left\n");
}

BOOST_AUTO_TEST_CASE(a_dimension_cannot_be_used_twice) {
  BOOST_TEST(read("answer:\n  always: {always: 1, never: 2}\n  never: 3\n").errors ==
             "t.yaml:2:12: error: oracle 'answer': 'always' is no value of any matrix dimension left\n"
             "t.yaml:2:23: error: oracle 'answer': 'never' is no value of any matrix dimension left\n");
}

BOOST_AUTO_TEST_CASE(leaves_are_plain_values) {
  BOOST_TEST(read("answer:\n  always: [a]\n  never:\n").errors ==
             "t.yaml:2:11: error: oracle 'answer' needs a plain value for mode=always, found a list\n"
             "t.yaml:3:3: error: oracle 'answer' needs a plain value for mode=never, found nothing\n");
  BOOST_TEST(read("answer: {}\n").errors == "t.yaml:1:9: error: oracle 'answer' has no value\n");
}

BOOST_AUTO_TEST_CASE(names_do_not_hide_dimensions) {
  BOOST_TEST(read("mode: x\n").errors ==
             "t.yaml:1:1: error: oracle 'mode' has the name of a matrix dimension\n");
}

BOOST_AUTO_TEST_CASE(an_oracle_is_a_map) {
  BOOST_TEST(read("[a]").errors == "t.yaml:1:1: error: 'oracle' needs a map, found a list\n");
}

BOOST_AUTO_TEST_SUITE_END()
