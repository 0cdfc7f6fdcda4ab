#include "script/value.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <fstream>

using namespace sipvet::script;

namespace {

std::string errors_of(std::string_view text) {
  std::string out;
  const Document document = load_yaml_text(text, "t.yaml");
  for (const Diagnostic& error : document.errors) out += to_string(error) + "\n";
  BOOST_TEST((document.errors.empty() || document.root.is_null()));
  return out;
}

// Each level doubles the one before it.
std::string alias_bomb(int levels) {
  std::string text = "a0: &a0 [x, x]\n";
  for (int i = 1; i <= levels; ++i) {
    const std::string previous = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + previous + ", " + previous + "]\n";
  }
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(yaml_loader)

BOOST_AUTO_TEST_CASE(every_part_knows_its_line_and_column_from_1) {
  const Value root =
      load_yaml_text("scenario: a/b\nsteps:\n  - server: {call: gateway, offer: \"x\"}\n", "t.yaml").root;
  BOOST_REQUIRE(root.is_map());
  BOOST_TEST(to_string(root.entries[0].at) == "t.yaml:1:1");
  BOOST_TEST(to_string(root.entries[0].value.at) == "t.yaml:1:11");
  const Value& step = root.find("steps")->items.at(0);
  BOOST_TEST(to_string(step.entries[0].at) == "t.yaml:3:5");
  BOOST_TEST(to_string(step.entries[0].value.at) == "t.yaml:3:13");
  BOOST_TEST(to_string(step.entries[0].value.entries[1].at) == "t.yaml:3:29");
  BOOST_TEST(to_string(step.entries[0].value.entries[1].value.at) == "t.yaml:3:36");
}

BOOST_AUTO_TEST_CASE(quotes_are_remembered) {
  const Value root = load_yaml_text("[a, 'b', \"c\", |\n  d\n]", "t.yaml").root;
  const Value plain = load_yaml_text("{a: 1, b: '1', c: \"1\"}", "t.yaml").root;
  BOOST_TEST(!plain.find("a")->quoted);
  BOOST_TEST(plain.find("b")->quoted);
  BOOST_TEST(plain.find("c")->quoted);
  BOOST_TEST(load_yaml_text("a: |\n  x\n  y\n", "t.yaml").root.find("a")->text == "x\ny\n");
}

BOOST_AUTO_TEST_CASE(nulls_are_nulls_and_point_at_their_key) {
  const Value root = load_yaml_text("a:\nb: ~\nc: null\nd: 'null'\n", "t.yaml").root;
  BOOST_TEST(root.find("a")->is_null());
  BOOST_TEST(root.find("b")->is_null());
  BOOST_TEST(root.find("c")->is_null());
  BOOST_TEST(root.find("d")->is_scalar());
  BOOST_TEST(to_string(root.find("a")->at) == "t.yaml:1:1");
}

BOOST_AUTO_TEST_CASE(an_empty_document_is_null_without_errors) {
  BOOST_TEST(load_yaml_text("", "t.yaml").root.is_null());
  BOOST_TEST(load_yaml_text("# nothing\n", "t.yaml").errors.empty());
}

BOOST_AUTO_TEST_CASE(duplicate_keys_are_all_errors_at_the_later_one) {
  BOOST_TEST(errors_of("a: 1\nb: {c: 1, c: 2}\na: 3\n") ==
             "t.yaml:2:11: error: duplicate key 'c'; the first is at line 2\n"
             "t.yaml:3:1: error: duplicate key 'a'; the first is at line 1\n");
}

BOOST_AUTO_TEST_CASE(the_same_key_in_two_maps_is_no_duplicate) {
  BOOST_TEST(errors_of("a: {c: 1}\nb: {c: 1}\n- not").find("duplicate") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(syntax_errors_name_line_and_column) {
  BOOST_TEST(errors_of("a: [1, 2\nb: 3\n").starts_with("t.yaml:2:2: error: not YAML: "));
  BOOST_TEST(errors_of("a: \"open\n").starts_with("t.yaml:2:1: error: not YAML: "));
  BOOST_TEST(errors_of("a: *nobody\n").starts_with("t.yaml:1:4: error: not YAML: "));
}

BOOST_AUTO_TEST_CASE(block_texts_keep_their_line_ends) {
  BOOST_TEST(load_yaml_text("a: |\n  x\n", "t.yaml").root.find("a")->text == "x\n");
  BOOST_TEST(load_yaml_text("a: |\n  x", "t.yaml").root.find("a")->text == "x\n");
  BOOST_TEST(load_yaml_text("a: |-\n  x\n", "t.yaml").root.find("a")->text == "x");
  BOOST_TEST(load_yaml_text("a: |+\n  x\n\n", "t.yaml").root.find("a")->text == "x\n\n");
}

BOOST_AUTO_TEST_CASE(keys_are_plain_texts) {
  BOOST_TEST(errors_of("? [a, b]\n: 1\n") ==
             "t.yaml:1:3: error: expected a plain text as key, found a list or a map\n");
  BOOST_TEST(errors_of("~: 1\n") == "t.yaml:1:1: error: expected a plain text as key, found nothing\n");
  BOOST_TEST(errors_of("a: &x {b: 1}\nc:\n  <<: *x\n") ==
             "t.yaml:3:3: error: merge keys ('<<') are not part of the language; use a profile\n");
}

BOOST_AUTO_TEST_CASE(one_document_only) {
  BOOST_TEST(errors_of("a: 1\n---\nb: 2\n") ==
             "t.yaml:2:1: error: expected the end of the document, found more at an indentation that does "
             "not fit, or a second document\n");
}

BOOST_AUTO_TEST_CASE(aliases_are_copies) {
  const Value root = load_yaml_text("a: &x {k: [1, 2]}\nb: *x\n", "t.yaml").root;
  BOOST_REQUIRE(root.find("b") != nullptr);
  BOOST_TEST(root.find("b")->find("k")->items.size() == 2);
}

BOOST_AUTO_TEST_CASE(an_alias_cannot_stand_inside_its_own_value) {
  BOOST_TEST(errors_of("a: &x [1, *x]\n") ==
             "t.yaml:1:11: error: this alias stands inside the value that it names\n");
}

BOOST_AUTO_TEST_CASE(an_alias_bomb_is_refused_before_it_grows) {
  BOOST_TEST(errors_of(alias_bomb(9)).empty());
  BOOST_TEST(errors_of(alias_bomb(18)).find("expected at most 100000 values, aliases counted each time") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(aliases_of_a_long_text_are_counted_by_their_octets) {
  std::string text = "a: &x " + std::string(500'000, 'x') + "\nb: [";
  for (int i = 0; i < 20; ++i) text += "*x, ";
  BOOST_TEST(errors_of(text + "]\n").find("octets of text, aliases counted each time") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(nesting_is_limited_with_and_without_aliases) {
  BOOST_TEST(errors_of(std::string(32, '[') + std::string(32, ']')).empty());
  BOOST_TEST(errors_of(std::string(33, '[') + std::string(33, ']')) ==
             "t.yaml:1:33: error: expected at most 32 levels of nesting, aliases included\n");
  const std::string deep = std::string(20, '[') + "x" + std::string(20, ']');
  const std::string deeper = std::string(20, '[') + "*a" + std::string(20, ']');
  BOOST_TEST(errors_of("a: &a " + deep + "\nb: " + deeper + "\n") ==
             "t.yaml:2:24: error: expected at most 32 levels of nesting, aliases included\n");
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_brackets_do_not_overflow_the_stack) {
  BOOST_TEST(!errors_of(std::string(100'000, '[')).empty());
  BOOST_TEST(!errors_of(std::string(100'000, '{')).empty());
}

BOOST_AUTO_TEST_CASE(long_documents_are_refused_unread) {
  BOOST_TEST(errors_of(std::string(max_document_octets + 1, ' ')) ==
             "t.yaml: error: expected at most 1048576 octets, found 1048577\n");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_says_so) {
  const Document document = load_yaml_file("/nonexistent/x.yaml");
  BOOST_REQUIRE(document.errors.size() == 1);
  BOOST_TEST(to_string(document.errors[0]) ==
             "/nonexistent/x.yaml: error: cannot be opened: No such file or directory");
}

BOOST_AUTO_TEST_CASE(a_folder_is_no_file) { BOOST_REQUIRE(load_yaml_file("/tmp").errors.size() == 1); }

BOOST_AUTO_TEST_SUITE_END()
