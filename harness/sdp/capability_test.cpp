#include "sdp/capability.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::sdp;

namespace {

template <typename T>
void check_wrong(const Result<T>& result, std::size_t offset, std::string_view in_message) {
  BOOST_REQUIRE(!result);
  BOOST_TEST(result.error().offset.value_or(9999) == offset);
  BOOST_TEST(result.error().what.find(in_message) != std::string::npos, result.error().what);
}

} // namespace

BOOST_AUTO_TEST_SUITE(capability)

// RFC 5939 §4.3: best-effort SRTP.
BOOST_AUTO_TEST_CASE(lines_of_best_effort_srtp) {
  const std::string value =
      "1 crypto:1 AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj|2^20|1:32";
  const auto attribute = parse_attribute_capability(value);
  BOOST_REQUIRE(attribute);
  BOOST_TEST(attribute->number == 1u);
  BOOST_TEST(attribute->attribute.name == "crypto");
  BOOST_TEST(attribute->attribute.value->starts_with("1 AES_CM_128_HMAC_SHA1_32 inline:"));
  BOOST_TEST(to_string(*attribute) == value);
  const auto protocols = parse_protocol_capabilities("1 RTP/SAVP");
  BOOST_REQUIRE(protocols);
  BOOST_REQUIRE(protocols->size() == 1u);
  BOOST_TEST(protocols->front().protocol == "RTP/SAVP");
  const auto configuration = parse_configuration("1 t=1 a=1");
  BOOST_REQUIRE(configuration);
  BOOST_TEST(configuration->number == 1u);
  BOOST_TEST((configuration->protocols == std::vector<std::uint32_t>{1}));
  BOOST_REQUIRE(configuration->attributes.size() == 1u);
  BOOST_TEST((configuration->attributes[0].mandatory == std::vector<std::uint32_t>{1}));
  BOOST_TEST(to_string(*configuration) == "1 t=1 a=1");
}

// RFC 5939 §3.4.2: the protocols of one line count up from its number.
BOOST_AUTO_TEST_CASE(protocols_count_up) {
  const auto protocols = parse_protocol_capabilities("3 RTP/SAVP RTP/SAVPF  RTP/AVPF");
  BOOST_REQUIRE(protocols);
  BOOST_REQUIRE(protocols->size() == 3u);
  BOOST_TEST(protocols->at(1).number == 4u);
  BOOST_TEST(protocols->at(2).number == 5u);
  BOOST_TEST(protocols->at(2).protocol == "RTP/AVPF");
}

BOOST_AUTO_TEST_CASE(everything_a_configuration_may_have) {
  const std::string value = "2147483647 t=2|1 a=-ms:1,2,[3,4]|[5]|6 +m=1 other=x|y";
  const auto configuration = parse_configuration(value);
  BOOST_REQUIRE(configuration);
  BOOST_TEST((configuration->deleted == Deleted::both));
  BOOST_REQUIRE(configuration->attributes.size() == 3u);
  BOOST_TEST((configuration->attributes[0] == AttributeChoice{{1, 2}, {3, 4}}));
  BOOST_TEST((configuration->attributes[1] == AttributeChoice{{}, {5}}));
  BOOST_TEST((configuration->protocols == std::vector<std::uint32_t>{2, 1}));
  BOOST_REQUIRE(configuration->extensions.size() == 2u);
  BOOST_TEST(configuration->extensions[0].mandatory);
  BOOST_TEST(configuration->extensions[0].name == "m");
  BOOST_TEST(!configuration->extensions[1].mandatory);
  BOOST_TEST(to_string(*configuration) == value);
  BOOST_TEST(to_string(*parse_configuration("1 a=-m")) == "1 a=-m");
  BOOST_TEST((parse_configuration("1 a=-s:1")->deleted == Deleted::session));
  BOOST_TEST(to_string(*parse_configuration("1")) == "1");
}

BOOST_AUTO_TEST_CASE(attributes_without_a_value) {
  const auto attribute = parse_attribute_capability("7 rtcp-mux");
  BOOST_REQUIRE(attribute);
  BOOST_TEST(!attribute->attribute.value);
  BOOST_TEST(to_string(*attribute) == "7 rtcp-mux");
}

BOOST_AUTO_TEST_CASE(option_tags) {
  BOOST_TEST(parse_option_tags("cap-v0,foo , bar") == (std::vector<std::string>{"cap-v0", "foo", "bar"}),
             boost::test_tools::per_element());
  BOOST_TEST(parse_option_tags("").empty());
}

BOOST_AUTO_TEST_CASE(wrong_values) {
  check_wrong(parse_attribute_capability("0 x"), 0, "from 1");
  check_wrong(parse_attribute_capability("x y"), 0, "number");
  check_wrong(parse_attribute_capability("1"), 1, "an attribute");
  check_wrong(parse_attribute_capability("1 :v"), 2, "name of an attribute");
  check_wrong(parse_protocol_capabilities("1 "), 2, "transport protocol");
  check_wrong(parse_protocol_capabilities("2147483647 A B"), 13, "more protocols");
  check_wrong(parse_configuration(""), 0, "configuration number");
  check_wrong(parse_configuration("2147483648 t=1"), 0, "configuration number");
  check_wrong(parse_configuration("1 t"), 2, "a list such as");
  check_wrong(parse_configuration("1 t=1|x"), 6, "protocol capability");
  check_wrong(parse_configuration("1 a=-x:1"), 4, "-m, -s or -ms");
  check_wrong(parse_configuration("1 a=1,[2"), 8, "']'");
  check_wrong(parse_configuration("1 a=1[2]"), 5, "','");
  check_wrong(parse_configuration("1 a=1||2"), 6, "attribute capability");
  check_wrong(parse_configuration("1 t=1,2"), 4, "protocol capability");
}

BOOST_AUTO_TEST_SUITE_END()
