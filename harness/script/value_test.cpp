#include "script/value.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::script;
using namespace std::chrono_literals;

namespace {

Value plain(std::string text) {
  Value value;
  value.kind = Value::Kind::scalar;
  value.text = std::move(text);
  return value;
}

Value in_quotes(std::string text) {
  Value value = plain(std::move(text));
  value.quoted = true;
  return value;
}

Value yaml(std::string_view text) { return load_yaml_text(text, "t.yaml").root; }

} // namespace

BOOST_AUTO_TEST_SUITE(value)

BOOST_AUTO_TEST_CASE(integers_are_whole_and_not_in_quotes) {
  BOOST_TEST((as_integer(plain("488")) == 488));
  BOOST_TEST((as_integer(plain("-1")) == -1));
  BOOST_TEST((as_integer(plain("9223372036854775807")) == INT64_MAX));
  for (const char* text : {"", "48x", " 48", "4.0", "0x10", "9223372036854775808", "+1"})
    BOOST_TEST((as_integer(plain(text)) == std::nullopt), text);
  BOOST_TEST((as_integer(in_quotes("488")) == std::nullopt));
  BOOST_TEST((as_integer(Value{}) == std::nullopt));
}

BOOST_AUTO_TEST_CASE(numbers_are_decimal) {
  BOOST_TEST((as_number(plain("1.5")) == 1.5));
  BOOST_TEST((as_number(plain("-2")) == -2.0));
  for (const char* text : {"1e9", "inf", "nan", ".5", "5.", "1.2.3", "--1", "-", ""})
    BOOST_TEST((as_number(plain(text)) == std::nullopt), text);
  BOOST_TEST((as_number(in_quotes("1")) == std::nullopt));
}

BOOST_AUTO_TEST_CASE(booleans_have_three_spellings_each) {
  for (const char* text : {"true", "yes", "on"}) BOOST_TEST((as_boolean(plain(text)) == true), text);
  for (const char* text : {"false", "no", "off"}) BOOST_TEST((as_boolean(plain(text)) == false), text);
  for (const char* text : {"True", "1", "y", ""}) BOOST_TEST((as_boolean(plain(text)) == std::nullopt), text);
  BOOST_TEST((as_boolean(in_quotes("true")) == std::nullopt));
}

BOOST_AUTO_TEST_CASE(durations_have_a_unit) {
  BOOST_TEST((as_duration(plain("200ms")) == Duration(200ms)));
  BOOST_TEST((as_duration(plain("1.5s")) == Duration(1500ms)));
  BOOST_TEST((as_duration(plain("7ns")) == Duration(7ns)));
  BOOST_TEST((as_duration(plain("3us")) == Duration(3us)));
  BOOST_TEST((as_duration(plain("2min")) == Duration(2min)));
  BOOST_TEST((as_duration(plain("2h")) == Duration(2h)));
  BOOST_TEST((as_duration(plain("0s")) == Duration(0)));
  BOOST_TEST((as_duration(in_quotes("10s")) == Duration(10s)));
  for (const char* text : {"", "200", "ms", "-1s", "1 s", "1e3s", "1.s", "1S", "1d", "inf", "9999999999h"})
    BOOST_TEST((as_duration(plain(text)) == std::nullopt), text);
}

BOOST_AUTO_TEST_CASE(texts_are_one_scalar_or_a_list_of_them) {
  BOOST_TEST((as_texts(yaml("a")) == std::vector<std::string>{"a"}));
  BOOST_TEST((as_texts(yaml("[a, 'b c']")) == std::vector<std::string>{"a", "b c"}));
  BOOST_TEST((as_texts(yaml("[]")) == std::vector<std::string>{}));
  BOOST_TEST((as_texts(yaml("[a, [b]]")) == std::nullopt));
  BOOST_TEST((as_texts(yaml("{a: b}")) == std::nullopt));
}

BOOST_AUTO_TEST_CASE(values_are_described_for_messages) {
  BOOST_TEST(describe(yaml("{a: b}")) == "a map");
  BOOST_TEST(describe(yaml("[a]")) == "a list");
  BOOST_TEST(describe(yaml("soon")) == "the text 'soon'");
  BOOST_TEST(describe(Value{}) == "nothing");
}

BOOST_AUTO_TEST_CASE(long_and_unprintable_texts_are_tamed_in_messages) {
  BOOST_TEST(describe(plain(std::string(61, 'x'))) == "the text '" + std::string(60, 'x') + "…'");
  BOOST_TEST(describe(plain("\x1b[2Jgone")) == "the text ' [2Jgone'");
  // Cut between characters, not inside the two octets of one.
  BOOST_TEST(describe(plain(std::string(59, 'x') + "éé")) == "the text '" + std::string(59, 'x') + "…'");
}

BOOST_AUTO_TEST_CASE(find_looks_only_in_maps) {
  const Value map = yaml("{a: 1, b: {a: 2}}");
  BOOST_REQUIRE(map.find("b") != nullptr);
  BOOST_TEST(map.find("a")->text == "1");
  BOOST_TEST((map.find("c") == nullptr));
  BOOST_TEST((yaml("[a]").find("a") == nullptr));
}

BOOST_AUTO_TEST_CASE(merge_replaces_scalars_and_lists_and_joins_maps) {
  const Value merged =
      merge(yaml("{a: 1, b: {x: 1, y: [1, 2]}, c: 3}"), yaml("{b: {y: [9], z: 2}, c: {d: 4}, e: 5}"));
  BOOST_REQUIRE(merged.entries.size() == 4);
  BOOST_TEST(merged.find("a")->text == "1");
  const Value& b = *merged.find("b");
  BOOST_REQUIRE(b.entries.size() == 3);
  BOOST_TEST(b.find("x")->text == "1");
  BOOST_REQUIRE(b.find("y")->items.size() == 1);
  BOOST_TEST(b.find("y")->items[0].text == "9");
  BOOST_TEST(b.find("z")->text == "2");
  BOOST_TEST(merged.find("c")->is_map());
  BOOST_TEST(merged.find("e")->text == "5");
  // Order: that of the base, then what is new.
  BOOST_TEST(merged.entries[0].key == "a");
  BOOST_TEST(merged.entries[3].key == "e");
}

BOOST_AUTO_TEST_CASE(merged_entries_point_at_what_replaced_them) {
  const Value base = load_yaml_text("a: 1\nb: 2\n", "base.yaml").root;
  const Value over = load_yaml_text("\n\nb: 3\n", "over.yaml").root;
  const Value merged = merge(base, over);
  BOOST_TEST(to_string(merged.entries[0].at) == "base.yaml:1:1");
  BOOST_TEST(to_string(merged.entries[1].at) == "over.yaml:3:1");
  BOOST_TEST(to_string(merged.find("b")->at) == "over.yaml:3:4");
}

BOOST_AUTO_TEST_SUITE_END()
