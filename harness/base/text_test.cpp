#include "base/text.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(case_is_ignored_for_ascii_letters_only) {
  BOOST_TEST(iequals("Content-LENGTH", "content-length"));
  BOOST_TEST(!iequals("Via", "Vi"));
  BOOST_TEST(!iequals("[", "{")); // 0x20 apart, as letters are
  BOOST_TEST(!iequals("\xc4", "\xe4"));
  BOOST_TEST(to_lower("SIP/2.0 \xc4Z@") == "sip/2.0 \xc4z@");
}

BOOST_AUTO_TEST_CASE(trimming) {
  BOOST_TEST(trim(" \t a b \r\n") == "a b");
  BOOST_TEST(trim("ab") == "ab");
  BOOST_TEST(trim(" \r\n").empty());
  BOOST_TEST(trim("").empty());
}

BOOST_AUTO_TEST_CASE(splitting_keeps_empty_pieces) {
  BOOST_TEST((split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"}));
  BOOST_TEST((split("", ',') == std::vector<std::string_view>{""}));
  BOOST_TEST((split(",", ',') == std::vector<std::string_view>{"", ""}));
  const auto sides = split_once("name=a=b", '=');
  BOOST_REQUIRE(sides.has_value());
  BOOST_TEST(sides->first == "name");
  BOOST_TEST(sides->second == "a=b");
  BOOST_TEST(!split_once("name", '=').has_value());
}

BOOST_AUTO_TEST_CASE(decimals) {
  BOOST_TEST(parse_decimal("0068", 255, "n").value() == 68u);
  BOOST_TEST(parse_decimal("255", 255, "n").value() == 255u);
  BOOST_TEST(parse_decimal("18446744073709551615", UINT64_MAX, "n").value() == UINT64_MAX);
  BOOST_TEST(!parse_decimal("18446744073709551616", UINT64_MAX, "n"));
  BOOST_TEST(!parse_decimal("256", 255, "n"));
  BOOST_TEST(!parse_decimal("99999999999999999999999999", 255, "n"));
  BOOST_TEST(!parse_decimal("9", 5, "n"));
  BOOST_TEST(parse_decimal("0", 0, "n").value() == 0u);
}

BOOST_AUTO_TEST_CASE(decimals_refuse_everything_else) {
  for (const char* bad : {"", "-1", "+1", " 1", "1 ", "0x10", "1.0"})
    BOOST_TEST(!parse_decimal(bad, 1000, "n"), bad);
  const auto error = parse_decimal("12a", 1000, "port").error();
  BOOST_TEST(error.what == "port: expected a decimal digit");
  BOOST_TEST((error.offset == 2u));
}

BOOST_AUTO_TEST_CASE(the_nearest_candidate_is_suggested) {
  const std::vector<std::string> keys = {"scenario", "matrix", "oracle", "gateway", "peers", "steps"};
  BOOST_TEST((nearest("scenaro", keys) == "scenario"));
  BOOST_TEST((nearest("Step", keys) == "steps"));
  BOOST_TEST((nearest("getaway", keys) == "gateway"));
  BOOST_TEST((nearest("setps", keys) == "steps"));
  BOOST_TEST((nearest("moed", std::vector<std::string>{"made", "mode"}) == "mode"));
  BOOST_TEST((nearest("ues", std::vector<std::string>{"us", "use"}) == "use")); // one edit of two is too many
  BOOST_TEST(!nearest("xyz", keys).has_value());
  BOOST_TEST(!nearest("", keys).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
