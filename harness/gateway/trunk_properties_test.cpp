#include "gateway/config.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::gateway;

namespace {

ReadConfig read(const std::string& yaml) { return read_config(script::load_yaml_text(yaml, "x.yaml").root); }

std::string errors_of(const std::string& yaml) {
  std::string out;
  for (const script::Diagnostic& error : read(yaml).errors) out += to_string(error) + "\n";
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(trunk_properties)

BOOST_AUTO_TEST_CASE(the_gateway_page) {
  const ReadConfig made =
      read("Gateway: {Name: siptrunk, Address: bcmlab.lab, Port: 5061, Transport protocol: TLS}");
  BOOST_TEST(made.errors.empty());
  const Trunk& trunk = made.config.trunks.trunk;
  BOOST_TEST(trunk.name == "siptrunk");
  BOOST_TEST(trunk.address == "bcmlab.lab");
  BOOST_TEST(trunk.port == 5061);
  BOOST_TEST((trunk.transport == ua::Transport::tls));
  BOOST_TEST(!read("Gateway: {Address: a.test, Transport protocol: auto}").config.trunks.trunk.transport);
  BOOST_TEST(errors_of("Gateway: {Name: x}").find("expected an Address") != std::string::npos);
  BOOST_TEST(errors_of("Gateway: {Address: a, Transport protocol: SCTP}").find("Auto, UDP, TCP or TLS") !=
             std::string::npos);
  BOOST_TEST(errors_of("Gateway: {Adress: a}").find("did you mean 'Address'?") != std::string::npos);
}

// The page's own defaults.
BOOST_AUTO_TEST_CASE(permissions_of_peers) {
  const ReadConfig made =
      read("TLS Peers:\n  Example.com: {900 Dialing: true, Local Dialing: false}\n  other.test:\n");
  BOOST_TEST(made.errors.empty());
  const auto& peers = *made.config.trunks.tls_peers;
  BOOST_TEST(peers.at("example.com") ==
                 (std::set<std::string>{"900 Dialing", "International Dialing", "Long Distance Dialing",
                                        "Mobile Dialing", "Toll Free"}),
             boost::test_tools::per_element());
  BOOST_TEST(peers.at("other.test").contains("Local Dialing"));
  BOOST_TEST(!peers.at("other.test").contains("900 Dialing"));
  BOOST_TEST(!read("sipvet.sip.user: a").config.trunks.tls_peers.has_value());
  BOOST_TEST(read("TLS Peers:").config.trunks.tls_peers->empty());
  BOOST_TEST(errors_of("TLS Peers: {a: {Loca Dialing: true}}").find("'Local Dialing'") != std::string::npos);
  BOOST_TEST(errors_of("TLS Peers: {a: {Toll Free: perhaps}}").find("true or false") != std::string::npos);
  BOOST_TEST(errors_of("TLS Peers: {a: yes}").find("expected a map") != std::string::npos);
  BOOST_TEST(errors_of("TLS Peers: a").find("expected a map of identities") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(dial_plan) {
  const ReadConfig made =
      read("Dial Plan: {1900xxxxxxx: 900 Dialing, 011.: International Dialing, '*4': Voice Mail}");
  BOOST_TEST(made.errors.empty());
  const TrunkSettings& trunks = made.config.trunks;
  BOOST_TEST(trunks.permission_for("19005551234") == "900 Dialing");
  BOOST_TEST(trunks.permission_for("1900555123") == "");
  BOOST_TEST(trunks.permission_for("190055512345") == "");
  BOOST_TEST(trunks.permission_for("1900555123a") == "");
  BOOST_TEST(trunks.permission_for("011") == "International Dialing");
  BOOST_TEST(trunks.permission_for("0114930") == "International Dialing");
  BOOST_TEST(trunks.permission_for("*4") == "Voice Mail");
  BOOST_TEST(trunks.permission_for("100") == "");
  BOOST_TEST(errors_of("Dial Plan: {0.1: Toll Free}").find("a dot at the end, found '0.1'") !=
             std::string::npos);
  BOOST_TEST(errors_of("Dial Plan: {abc: Toll Free}").find("expected digits") != std::string::npos);
  BOOST_TEST(errors_of("Dial Plan: {1: Tol Free}").find("'Toll Free'") != std::string::npos);
  BOOST_TEST(errors_of("Dial Plan: [1]").find("expected a map") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(dns_servers) {
  const ReadConfig made = read("sipvet.dns.servers: ['192.0.2.53', '192.0.2.54:5353', '2001:db8::53']");
  BOOST_TEST_REQUIRE(made.config.dns_servers.size() == 3u);
  BOOST_TEST(to_string(made.config.dns_servers[0]) == "192.0.2.53:53");
  BOOST_TEST(to_string(made.config.dns_servers[1]) == "192.0.2.54:5353");
  BOOST_TEST(to_string(made.config.dns_servers[2]) == "[2001:db8::53]:53");
  BOOST_TEST(errors_of("sipvet.dns.servers: dns.test").find("found 'dns.test'") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
