// Where calls of the telephone side go, and what is told when there is no way.
#include "gateway/test_phone.hpp"
#include "ua/test_dns.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::gateway;
using namespace sipvet::gateway::test;
using ua::Transport;

namespace {

PlaceCall to(const std::string& number) {
  PlaceCall call;
  call.number = number;
  return call;
}

// A scene whose gateway knows a DNS server that leads to the phone.
struct Bed {
  Scene scene;
  ua::test::DnsServer dns;

  explicit Bed(Config config) : scene(with_dns(std::move(config))), dns(scene.network) {
    dns.add("phone.example", R"(NAPTR 10 10 "s" "SIP+D2T" "" _sip._tcp.phone.example)");
    dns.add("_sip._tcp.phone.example", "SRV 1 1 5060 host.phone.example");
    dns.add("_sips._tcp.phone.example", "SRV 1 1 5061 host.phone.example");
    dns.add("host.phone.example", "A 10.0.0.2");
  }
  static Config with_dns(Config config) {
    config.dns_servers = {ua::test::dns_at};
    return config;
  }
  CallInfo dial(const std::string& number = "555") {
    const auto placed = scene.gateway->place_call(to(number));
    BOOST_TEST_REQUIRE(placed.has_value());
    scene.until([&] { return scene.last_call().state != CallState::ringing; });
    return scene.last_call();
  }
};

Config with_trunk(const Trunk& trunk) {
  Config config = Scene::config();
  config.trunks.trunk = trunk;
  return config;
}

} // namespace

BOOST_AUTO_TEST_SUITE(gateway_outbound)

BOOST_AUTO_TEST_CASE(a_trunk_by_dns) {
  Bed bed(with_trunk({"t", "phone.example", 0, std::nullopt}));
  const CallInfo call = bed.dial();
  BOOST_TEST((call.state == CallState::answered));
  BOOST_TEST((call.transport == Transport::tcp));
  BOOST_TEST(call.remote == "sip:555@phone.example");
  BOOST_TEST(bed.dns.asked.front() == "NAPTR phone.example");
}

BOOST_AUTO_TEST_CASE(a_trunk_forced_to_tls) {
  Bed bed(with_trunk({"t", "phone.example", 0, Transport::tls}));
  const CallInfo call = bed.dial();
  BOOST_TEST((call.state == CallState::answered));
  BOOST_TEST((call.transport == Transport::tls));
  BOOST_TEST(call.remote == "sip:555@phone.example;transport=tls");
  BOOST_TEST(bed.dns.asked.front() == "SRV _sips._tcp.phone.example");
}

BOOST_AUTO_TEST_CASE(a_trunk_with_address_and_port) {
  Bed bed(with_trunk({"t", "10.0.0.2", 5060, Transport::udp}));
  BOOST_TEST((bed.dial().state == CallState::answered));
  BOOST_TEST(bed.dns.asked.empty());
}

BOOST_AUTO_TEST_CASE(no_way) {
  Bed bed(with_trunk({"t", "nobody.example", 0, std::nullopt}));
  const CallInfo call = bed.dial();
  BOOST_TEST((call.state == CallState::failed));
  BOOST_TEST(call.status == 503);
  BOOST_TEST(call.reason == "DNS has no address for nobody.example");
}

// Without DNS servers, that a host is a name is known at once.
BOOST_AUTO_TEST_CASE(without_dns) {
  Scene scene(with_trunk({"t", "phone.example", 0, std::nullopt}));
  const auto placed = scene.gateway->place_call(to("555"));
  BOOST_TEST_REQUIRE(!placed.has_value());
  BOOST_TEST(placed.error().what.find("no DNS server is known") != std::string::npos);
  BOOST_TEST(scene.gateway->calls().empty());
}

BOOST_AUTO_TEST_CASE(hung_up_before_the_answer_of_dns) {
  Bed bed(with_trunk({"t", "phone.example", 0, std::nullopt}));
  const CallHandle call = bed.scene.gateway->place_call(to("555")).value();
  bed.scene.gateway->hang_up(call).value();
  bed.scene.until([] { return false; }, 2s);
  BOOST_TEST((bed.scene.gateway->call(call)->state == CallState::ended));
  BOOST_TEST(bed.scene.phone->seen.empty());
}

BOOST_AUTO_TEST_CASE(on_to_the_next_server) {
  Bed bed(with_trunk({"t", "two.example", 0, Transport::tcp}));
  bed.dns.add("_sip._tcp.two.example", "SRV 1 1 5999 host.phone.example");
  bed.dns.add("_sip._tcp.two.example", "SRV 2 1 5060 host.phone.example");
  BOOST_TEST((bed.dial().state == CallState::answered));
  BOOST_TEST(bed.scene.log.contains("fails at 10.0.0.2:5999"));
}

// ACS-REALM-1: two ports for each call, and one call's worth of them.
BOOST_AUTO_TEST_CASE(media_realms) {
  Config config = with_trunk({"t", "10.0.0.2", 5060, Transport::udp});
  config.user_agents.clear();
  config.interface_ip = gateway_ip;
  config.sbc.sip_interfaces["LAN"].udp_port = 5060;
  config.sbc.sip_interfaces["LAN"].media_realm = "LAN";
  config.sbc.media_realms["LAN"] = {7001, 7004};
  config.srtp_mode = SrtpMode::never;
  Bed bed(config);
  BOOST_TEST((bed.dial().state == CallState::answered));
  BOOST_TEST(bed.scene.phone->received_offer->media[0].port == 7002);
  bed.scene.until([] { return false; }, 1s);
  const CallHandle first = bed.scene.last_call().handle;
  const CallInfo second = bed.dial("556");
  BOOST_TEST((second.state == CallState::failed));
  BOOST_TEST(second.status == 503);
  BOOST_TEST(second.reason == "media realm LAN has no port left");
  bed.scene.gateway->hang_up(first).value();
  bed.scene.until([&] { return bed.scene.gateway->call(first)->state == CallState::ended; });
  BOOST_TEST((bed.dial().state == CallState::answered));
}

BOOST_AUTO_TEST_CASE(a_proxy_set_without_a_live_server) {
  Config config = Scene::config();
  config.sbc.proxy_sets["s"].addresses = {{"10.0.0.9", 5060, Transport::tcp}};
  config.sbc.proxy_sets["s"].keep_alive = true;
  config.sbc.ip_groups["g"].proxy_set = "s";
  config.sbc.outbound_group = "g";
  Bed bed(config);
  bed.scene.until([&] { return bed.scene.gateway->proxies_settled(); });
  const CallInfo call = bed.dial();
  BOOST_TEST(call.status == 503);
  BOOST_TEST(call.reason == "no server of proxy set s is alive");
  BOOST_TEST(bed.scene.gateway->requests().empty()); // keep-alive is nobody else's business
}

BOOST_AUTO_TEST_CASE(the_servers_of_the_system) {
  const auto servers = system_dns_servers("nameserver 192.0.2.1\n");
  BOOST_TEST_REQUIRE(servers.size() == 1u);
  BOOST_TEST(to_string(servers[0]) == "192.0.2.1:53");
}

BOOST_AUTO_TEST_SUITE_END()
