// The JSON Schema that editors get.
#include "cli/commands.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace sipvet::cli;
using Json = nlohmann::json;

namespace {

// Any of the alternatives of a schema that has this property.
const Json* alternative(const Json& schema, const std::string& property) {
  for (const Json& each : schema.at("anyOf"))
    if (each.contains("properties") && each.at("properties").contains(property))
      return &each.at("properties");
  return nullptr;
}

} // namespace

BOOST_AUTO_TEST_SUITE(schema)

BOOST_AUTO_TEST_CASE(has_every_part_of_the_language) {
  const Json schema = Json::parse(scenario_schema());
  const Json& top = schema.at("properties");
  const Json& peer = top.at("peers").at("additionalProperties").at("properties");
  for (const char* name : {"profile", "transport", "tls.versions", "srtp.suites"})
    BOOST_TEST(peer.contains(name), name);
  for (const char* name : {"engine", "hello", "deviations", "certificate", "trust"})
    BOOST_TEST(peer.at("tls").at("properties").contains(name), name);
  BOOST_TEST(peer.at("tls").at("additionalProperties") == false);
  for (const char* name : {"profile", "deviations", "netborder.sip.tls.supportSSLv2ClientHello",
                           "sipvet.clock.offset", "TlsCertificateValidation"})
    BOOST_TEST(top.at("gateway").at("properties").contains(name), name);
  BOOST_TEST(top.at("gateway").at("patternProperties").contains("\\$\\{"));

  const Json& step = top.at("steps").at("items");
  const Json* ping = alternative(step.at("additionalProperties"), "ping");
  BOOST_TEST_REQUIRE(ping != nullptr);
  const Json* expect = alternative(step.at("additionalProperties"), "expect");
  BOOST_TEST_REQUIRE(expect != nullptr);
  const Json* connection = alternative(expect->at("expect"), "tls");
  BOOST_TEST_REQUIRE(connection != nullptr);
  BOOST_TEST(connection->at("tls").at("properties").contains("sent_alert"));
  const Json* told = alternative(step.at("properties").at("gateway"), "expect");
  BOOST_TEST_REQUIRE(told != nullptr);
  BOOST_TEST(told->at("expect").at("properties").contains("log"));
  const Json& tls = top.at("wire").at("items").at("properties").at("tls").at("properties");
  BOOST_TEST(tls.at("client_hello").at("properties").contains("extensions_absent"));
  BOOST_TEST(tls.at("server_hello").at("properties").contains("downgrade_mark"));
}

BOOST_AUTO_TEST_SUITE_END()
