#include "crypto/distinguished_name.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

BOOST_AUTO_TEST_SUITE(distinguished_name)

BOOST_AUTO_TEST_CASE(subjects_are_read_field_by_field) {
  const auto fields =
      parse_subject("C=DE, st = Bavaria,L=M\xc3\xbcnchen,O=A\\, B\\=C\\\\,OU=one,OU=two,CN=gw.example.com,"
                    "emailaddress=a@example.com")
          .value();
  const std::vector<SubjectField> expected{
      {"C", "DE"},   {"ST", "Bavaria"}, {"L", "M\xc3\xbcnchen"},  {"O", "A, B=C\\"},
      {"OU", "one"}, {"OU", "two"},     {"CN", "gw.example.com"}, {"emailAddress", "a@example.com"}};
  BOOST_TEST((fields == expected));
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_a_subject) {
  BOOST_TEST(parse_subject("").error().what == "expected a subject such as C=DE,O=Lab,CN=gw.example.com");
  const auto no_value = parse_subject("C=DE,gw");
  BOOST_TEST(no_value.error().what == "expected TYPE=VALUE in the subject, got \"gw\"");
  BOOST_TEST((no_value.error().offset == 5u));
  const auto unknown = parse_subject("C=DE,X=y");
  BOOST_TEST(unknown.error().what ==
             "expected C, ST, L, O, OU, CN or emailAddress in the subject, got \"X\"");
  BOOST_TEST((unknown.error().offset == 5u));
  BOOST_TEST(parse_subject("C=DEU").error().what == "expected a country of 2 characters");
  BOOST_TEST(parse_subject("CN=").error().what == "expected a common name of 1 to 64 characters");
  BOOST_TEST(parse_subject("CN=" + std::string(65, 'x')).error().what ==
             "expected a common name of 1 to 64 characters");
  BOOST_TEST(bool(parse_subject("CN=" + std::string(64, 'x'))));
  BOOST_TEST(!parse_subject("CN=x,,O=y"));
}

BOOST_AUTO_TEST_SUITE_END()
