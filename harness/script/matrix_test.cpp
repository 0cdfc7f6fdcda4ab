#include "script/matrix.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet::script;

namespace {

std::string errors_of(std::string_view yaml) {
  Diagnostics errors;
  read_matrix(load_yaml_text(yaml, "t.yaml").root, errors);
  std::string out;
  for (const Diagnostic& error : errors.take()) out += to_string(error) + "\n";
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(matrix)

BOOST_AUTO_TEST_CASE(the_last_dimension_changes_fastest) {
  Diagnostics errors;
  const auto dimensions =
      read_matrix(load_yaml_text("{mode: [a, b], offer: [x, y, z]}", "t.yaml").root, errors);
  BOOST_TEST(errors.empty());
  std::vector<std::string> ids;
  for (const Combination& combination : combinations(dimensions)) ids.push_back(to_string(combination));
  BOOST_TEST((ids == std::vector<std::string>{"[mode=a,offer=x]", "[mode=a,offer=y]", "[mode=a,offer=z]",
                                              "[mode=b,offer=x]", "[mode=b,offer=y]", "[mode=b,offer=z]"}));
}

BOOST_AUTO_TEST_CASE(without_dimensions_there_is_one_cell_without_a_suffix) {
  BOOST_REQUIRE(combinations({}).size() == 1);
  BOOST_TEST(to_string(combinations({})[0]) == "");
}

BOOST_AUTO_TEST_CASE(a_matrix_is_a_map_of_lists_of_plain_values) {
  BOOST_TEST(errors_of("[a]") == "t.yaml:1:1: error: 'matrix' needs a map, found a list\n");
  BOOST_TEST(errors_of("{}") == "t.yaml:1:1: error: 'matrix' has no dimensions\n");
  BOOST_TEST(errors_of("mode: always") ==
             "t.yaml:1:7: error: matrix dimension 'mode' needs a list of values, found the text 'always'\n");
  BOOST_TEST(errors_of("mode: []") == "t.yaml:1:7: error: matrix dimension 'mode' has no values\n");
  BOOST_TEST(errors_of("mode: [a, {b: c}]") ==
             "t.yaml:1:11: error: matrix dimension 'mode' needs plain values, found a map\n");
  BOOST_TEST(errors_of("mode: [a, b, a]") ==
             "t.yaml:1:14: error: matrix dimension 'mode' has the value 'a' twice\n");
}

BOOST_AUTO_TEST_CASE(names_and_values_must_fit_into_an_id) {
  BOOST_TEST(errors_of("mode: ['a,b']") ==
             "t.yaml:1:8: error: a matrix value has 1 to 100 characters and none of ',[]=', found 'a,b'\n");
  BOOST_TEST(errors_of("mode: ['']") ==
             "t.yaml:1:8: error: a matrix value has 1 to 100 characters and none of ',[]=', found ''\n");
  BOOST_TEST(errors_of("'a=b': [c]") == "t.yaml:1:1: error: 'a=b' is no name for a matrix dimension\n");
}

BOOST_AUTO_TEST_CASE(too_many_cells_are_refused_before_they_are_made) {
  std::string text;
  for (const char* name : {"a", "b", "c", "d", "e"})
    text += std::string(name) + ": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n";
  BOOST_TEST(errors_of(text) ==
             "t.yaml:5:1: error: expected at most 10000 cells, this dimension makes more\n");
}

BOOST_AUTO_TEST_SUITE_END()
