#include "sip/name_addr.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <utility>

using namespace sipvet;
using namespace sipvet::sip;

BOOST_AUTO_TEST_SUITE(name_addr)

// RFC 3261 §20.20, §20.39 and §20.10.
BOOST_AUTO_TEST_CASE(the_examples) {
  const NameAddr quoted = parse_name_addr("\"A. G. Bell\" <sip:agb@bell-telephone.com> ;tag=a48s").value();
  BOOST_TEST(quoted.display_name == "A. G. Bell");
  BOOST_TEST(quoted.uri.user == "agb");
  BOOST_TEST(quoted.tag() == "a48s");

  const NameAddr bare = parse_name_addr("sip:+12125551212@server.phone2net.com;tag=887s").value();
  BOOST_TEST(bare.uri.user == "+12125551212");
  BOOST_TEST(bare.uri.parameters.empty());
  BOOST_TEST(bare.tag() == "887s");

  const NameAddr tokens = parse_name_addr("Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8").value();
  BOOST_TEST(tokens.display_name == "Anonymous");
  BOOST_TEST(tokens.tag() == "hyh8");

  const NameAddr watson =
      parse_name_addr("\"Mr. Watson\" <sip:watson@worcester.bell-telephone.com>;q=0.7; expires=3600").value();
  BOOST_TEST((watson.parameters == Parameters{{"q", "0.7"}, {"expires", "3600"}}));
}

BOOST_AUTO_TEST_CASE(escapes_and_what_looks_like_syntax_in_quotes) {
  const NameAddr odd =
      parse_name_addr("\"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com> ; tag = 98asjd8").value();
  BOOST_TEST(odd.display_name == "J Rosenberg \\\"");
  BOOST_TEST(odd.tag() == "98asjd8");
  BOOST_TEST(to_string(odd) == "\"J Rosenberg \\\\\\\"\" <sip:jdrosen@example.com>;tag=98asjd8");
  BOOST_TEST(parse_name_addr("\"<sip:joe@big.org>;tag=1\" <sip:real@example.com>").value().uri.user ==
             "real");
}

BOOST_AUTO_TEST_CASE(parameters_inside_brackets_belong_to_the_uri) {
  const NameAddr value = parse_name_addr("<sip:p1.example.com;lr;transport=tls?h=1>;x").value();
  BOOST_TEST(value.uri.parameters.size() == 2u);
  BOOST_TEST(value.uri.headers.size() == 1u);
  BOOST_TEST((value.parameters == Parameters{{"x", std::nullopt}}));
  BOOST_TEST(value.tag().empty());
}

BOOST_AUTO_TEST_CASE(written_with_brackets_always) {
  BOOST_TEST(to_string(parse_name_addr("sip:a@b;tag=1").value()) == "<sip:a@b>;tag=1");
  BOOST_TEST(to_string(parse_name_addr("Bob <sip:a@b>").value()) == "\"Bob\" <sip:a@b>");
}

// RFC 5626 §4.1: a parameter with a quoted value keeps its quotes.
BOOST_AUTO_TEST_CASE(quoted_parameter_values) {
  const std::string text =
      "<sip:a@b>;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>\";reg-id=1";
  const NameAddr value = parse_name_addr(text).value();
  BOOST_TEST(value.parameters.size() == 2u);
  BOOST_TEST(to_string(value) == text);
}

BOOST_AUTO_TEST_CASE(names_in_utf8_without_quotes) {
  BOOST_TEST(parse_name_addr("J\xc3\xbcrgen M <sip:j@example.com>").value().display_name ==
             "J\xc3\xbcrgen M");
}

BOOST_AUTO_TEST_CASE(errors_point_at_the_octet) {
  const std::array<std::pair<const char*, std::size_t>, 13> bad = {{
      {"", 0},
      {"*", 0},
      {"\"Mr. J. User <sip:j.user@example.com> <sip:realj@example.net>", 0}, // RFC 4475 §3.1.2.6 quotbal
      {"Bell, Alexander <sip:a.g.bell@example.com>;tag=43", 4},              // RFC 4475 §3.1.2.15 baddn
      {"\"Bob\" sip:bob@example.com", 6},
      {"<sip:bob@example.com", 20},
      {"< sip:t.watson@example.org >", 1}, // RFC 4475 §3.1.2.14 badaspec
      {"<>", 1},
      {"<sip:b%4@h>", 6},
      {"sip:user@example.com?Route=%3Csip:sip.example.com%3E",
       20}, // RFC 4475 §3.1.2.13 regbadct needs brackets
      {"<sip:a@b>;", 10},
      {"<sip:a@b>;;tag=1", 10},
      {"<sip:a@b> tag=1", 10},
  }};
  for (const auto& [text, offset] : bad) {
    const auto parsed = parse_name_addr(text);
    BOOST_TEST(!parsed, text);
    if (!parsed && offset)
      BOOST_TEST((parsed.error().offset == offset), text << ": " << to_string(parsed.error()));
  }
}

BOOST_AUTO_TEST_SUITE_END()
