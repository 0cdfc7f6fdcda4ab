#include "script/variables.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet::script;

namespace {

struct Put {
  Value value;
  std::string errors;
};

Put put(std::string_view yaml,
        const std::map<std::string, std::string>& values = {{"mode", "always"}, {"offer", "rtp-only"}},
        const std::set<std::string>& open = {}) {
  Diagnostics errors;
  std::size_t written = 0;
  Substituter put_in(values, open, errors, written);
  Put out{put_in(load_yaml_text(yaml, "t.yaml").root), {}};
  for (const Diagnostic& error : errors.take()) out.errors += to_string(error) + "\n";
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(variables)

BOOST_AUTO_TEST_CASE(variables_are_replaced_anywhere_in_values_and_keys) {
  BOOST_TEST(put("NBE-${mode}-${offer}!").value.text == "NBE-always-rtp-only!");
  const Value map = put("{'x-${mode}': [1, {y: '${offer}'}]}").value;
  BOOST_REQUIRE(map.find("x-always") != nullptr);
  BOOST_TEST(map.find("x-always")->items[1].find("y")->text == "rtp-only");
}

BOOST_AUTO_TEST_CASE(a_lone_variable_loses_its_quotes_and_no_other_does) {
  const Value map = put("{a: \"${mode}\", b: \"x${mode}\", c: \"${mode}${offer}\"}").value;
  BOOST_TEST(!map.find("a")->quoted);
  BOOST_TEST(map.find("b")->quoted);
  BOOST_TEST(map.find("c")->quoted);
}

BOOST_AUTO_TEST_CASE(two_dollars_stand_for_a_literal_one) {
  const Put p = put("'$${netborder.Installation.Directory}/config $5 ${mode} $${x}${mode}'");
  BOOST_TEST(p.errors == "");
  BOOST_TEST(p.value.text == "${netborder.Installation.Directory}/config $5 always ${x}always");
}

BOOST_AUTO_TEST_CASE(an_undefined_variable_is_named_with_the_nearest) {
  BOOST_TEST(put("a: '${ofer}'").errors ==
             "t.yaml:1:4: error: undefined variable 'ofer'; did you mean 'offer'?\n");
  BOOST_TEST(put("a: '${colour}'").errors ==
             "t.yaml:1:4: error: undefined variable 'colour'; write '$${' for a literal '${'\n");
}

BOOST_AUTO_TEST_CASE(an_unclosed_variable_is_an_error) {
  BOOST_TEST(put("a: 'x ${mode'").errors ==
             "t.yaml:1:4: error: '${' without '}'; write '$${' for a literal '${'\n");
}

BOOST_AUTO_TEST_CASE(keys_that_become_equal_are_duplicates) {
  BOOST_TEST(put("{'${mode}': 1, always: 2}").errors == "t.yaml:1:16: error: duplicate key 'always'\n");
}

BOOST_AUTO_TEST_CASE(open_variables_stay_as_they_are) {
  const Put p = put("${later} ${mode}", {{"mode", "m"}}, {"later"});
  BOOST_TEST(p.errors == "");
  BOOST_TEST(p.value.text == "${later} m");
}

BOOST_AUTO_TEST_CASE(values_are_not_looked_at_again) {
  BOOST_TEST(put("${a}", {{"a", "${b}"}, {"b", "x"}}).value.text == "${b}");
}

BOOST_AUTO_TEST_CASE(growth_is_limited) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "${a}";
  const Put p = put("'" + text + "'", {{"a", std::string(100'000, 'x')}});
  BOOST_TEST(p.errors == "t.yaml:1:1: error: expected at most 16777216 octets after variables are put in\n");
  BOOST_TEST(p.value.text == "");
}

BOOST_AUTO_TEST_SUITE_END()
