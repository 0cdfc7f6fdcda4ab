#include "runner/lab_dns.hpp"

#include "net/sim_network.hpp"
#include "runner/test_scenario.hpp"
#include "ua/resolver.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::runner;

namespace {

std::optional<Endpoint> find(const std::string& name) {
  if (name == "server") return Endpoint{IpAddress::v4(192, 0, 2, 20), 5067};
  return std::nullopt;
}

ReadZone read(const std::string& yaml) {
  return read_zone(script::load_yaml_text(yaml, "x.yaml").root, find);
}

std::string first_error(const std::string& yaml) {
  const ReadZone zone = read(yaml);
  return zone.errors.empty() ? "" : to_string(zone.errors.front());
}

} // namespace

BOOST_AUTO_TEST_SUITE(lab_dns)

BOOST_AUTO_TEST_CASE(records_with_the_places_of_peers) {
  const ReadZone read_section =
      read("a.test: 'A {server}'\n"
           "_sips._tcp.b.test: ['SRV 1 2 {server:port} a.test', '5 SRV 2 2 5061 c.test']\n");
  BOOST_TEST(read_section.errors.empty());
  net::SimNetwork network{1};
  LabDns server(network);
  const Endpoint at = server.start({IpAddress::v4(192, 0, 2, 53), 0}).value();
  server.serve(read_section.zone);
  ua::Resolver resolver(network, {{at}});
  std::string text;
  const auto ask = [&](const char* name, dns::Type type) {
    resolver.resolve(dns::parse_name(name).value(), type, [&](const ua::DnsAnswer& answer) {
      for (const dns::Record& record : answer.records) text += to_string(record) + "\n";
    });
    network.run_until([] { return false; }, network.now() + std::chrono::seconds(1));
  };
  ask("a.test", dns::Type::a);
  ask("_sips._tcp.b.test", dns::Type::srv);
  BOOST_TEST(text == "a.test 60 A 192.0.2.20\n_sips._tcp.b.test 60 SRV 1 2 5067 a.test\n"
                     "_sips._tcp.b.test 5 SRV 2 2 5061 c.test\n");
  BOOST_TEST(server.asked() == (std::vector<std::string>{"A a.test", "SRV _sips._tcp.b.test"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(mistakes_have_their_places) {
  BOOST_TEST(
      first_error("a.test: 'A {nobody}'").find("x.yaml:1:9: error: a.test: there is no peer 'nobody'") == 0u);
  BOOST_TEST(first_error("a.test: 'A {server'").find("expected }") != std::string::npos);
  BOOST_TEST(first_error("a.test: 'A {server:host}'").find("expected {name} or {name:port}") !=
             std::string::npos);
  BOOST_TEST(first_error("a..test: 'A 192.0.2.1'").find("x.yaml:1:1: error: expected a domain name") == 0u);
  BOOST_TEST(first_error("a.test: {A: 192.0.2.1}").find("expected a record, found a map") !=
             std::string::npos);
  BOOST_TEST(first_error("a.test: [MX 1 a.test]").find("found 'MX'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(checked_before_the_run) {
  script::Cell cell;
  cell.peers.push_back({"server", "", {}, {}});
  cell.dns = script::load_yaml_text("a.test: ['A {server}', 'A {other}']", "x.yaml").root;
  const auto errors = check_zone(cell);
  BOOST_TEST_REQUIRE(errors.size() == 1u);
  BOOST_TEST(errors[0].message.find("'other'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(mistakes_in_records_are_found_by_the_check) {
  const script::Cell cell =
      test::cells_of(test::call_scenario("always", "srtp", "dns: {a.test: 'A {nobody}'}\n")).at(0);
  const auto problems = check_cell(cell);
  BOOST_TEST_REQUIRE(problems.size() == 1u);
  BOOST_TEST(problems[0].message == "a.test: there is no peer 'nobody'");
}

BOOST_AUTO_TEST_SUITE_END()
