#include "keying/mikey_attribute.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(mikey_attribute_value)

using namespace sipvet;
using namespace sipvet::keying;

namespace {

template <typename T>
std::string error_of(const Result<T>& result) {
  return result ? "no error" : to_string(result.error());
}

} // namespace

BOOST_AUTO_TEST_CASE(protocol_and_data) {
  // RFC 4648 §10: "foobar" is "Zm9vYmFy", "foob" is "Zm9vYg==".
  const auto attribute = parse_key_mgmt("mikey Zm9vYmFy");
  BOOST_REQUIRE_MESSAGE(attribute.has_value(), error_of(attribute));
  BOOST_TEST(attribute->protocol == "mikey");
  BOOST_TEST((attribute->data == to_bytes("foobar")));
  BOOST_TEST(mikey_attribute(as_bytes("foob")) == "mikey Zm9vYg==");
  BOOST_TEST(to_string(*attribute) == "mikey Zm9vYmFy");
}

BOOST_AUTO_TEST_CASE(blanks_around_the_data_and_missing_padding) {
  BOOST_TEST((parse_mikey_attribute("mikey  Zm9vYg ").value() == to_bytes("foob")));
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
  BOOST_TEST(error_of(parse_key_mgmt("mikey")) ==
             "key-mgmt attribute needs a protocol and its data with a blank between them (at octet 5)");
  BOOST_TEST(error_of(parse_key_mgmt(" Zm9v")) ==
             "key-mgmt attribute needs a protocol and its data with a blank between them (at octet 5)");
  BOOST_TEST(error_of(parse_key_mgmt("mikey  ")) ==
             "key-mgmt attribute has no data after the protocol (at octet 7)");
  BOOST_TEST(error_of(parse_mikey_attribute("kerberos Zm9v")) ==
             "key management protocol is kerberos, expected mikey (at octet 0)");
  BOOST_TEST((parse_key_mgmt("mikey  Zm*v").error().offset == 9));
}

BOOST_AUTO_TEST_SUITE_END()
