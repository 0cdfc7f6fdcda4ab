// Registration and persistent connections of the gateway: their properties, their log lines, and what goes to
// a syslog receiver. Calls through a proxy are scenarios.
#include "gateway/properties.hpp"
#include "gateway/syslog.hpp"
#include "gateway/test_phone.hpp"
#include "ua/digest_server.hpp"
#include "ua/test_dns.hpp"
#include "ua/test_puppet.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace sipvet;
using namespace sipvet::gateway;
using namespace sipvet::gateway::test;
using ua::test::Puppet;

namespace {

ReadConfig read(std::string_view yaml) {
  const script::Document document = script::load_yaml_text(yaml, "unit.yaml");
  BOOST_TEST_REQUIRE(document.errors.empty());
  return read_config(document.root);
}

std::string errors_of(std::string_view yaml) {
  std::string all;
  for (const script::Diagnostic& error : read(yaml).errors) all += to_string(error) + "\n";
  return all;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

struct Receiver final : net::Node {
  std::vector<std::string> packets;
  void on_datagram(net::SocketId, const Endpoint&, ByteView octets) override {
    packets.emplace_back(as_text(octets));
  }
};

// A registrar of nothing but a puppet that speaks TLS.
struct Lab {
  net::SimNetwork network{31};
  SeededRandom random{2};
  MemoryLog log;
  ua::DigestServer digest{{.realm = "10.0.0.3", .accounts = {{"100", "secret"}, {"101", "other"}}}, random};
  std::unique_ptr<Puppet> server;
  std::optional<Gateway> gateway;

  void serve() {
    server = std::make_unique<Puppet>(network, phone_tls());
    server->transport.listen(ua::Transport::tls, Puppet::at(5062)).value();
    server->act = [this](const sip::Message& request, const ua::Hop& hop) {
      const auto checked = digest.check(request, false, network.now());
      if (checked.user.empty())
        return server->respond(request, hop, 401, "",
                               {{"WWW-Authenticate", digest.challenges(false, network.now()).front()}});
      server->respond(request, hop, 200, std::string(request.header("Contact").value()) + ";expires=3600");
    };
  }
  void start(const std::string& more = {}) {
    Config config =
        read("Gateways: OpenSIPS 5061/tls\nRegistrarHost: 10.0.0.3:5062\nProxyHost: 10.0.0.3:5062\n"
             "sipvet.registration.accounts: '100:secret,101:other'\n"
             "sipvet.sip.tls.versions: [TLSv1.2]\nsipvet.sip.tls.verifyPeer: required\n" +
             more)
            .config;
    start(std::move(config));
  }
  void start(Config config) {
    config.user_agents.front().ip = gateway_ip;
    config.tls.certificate_pem = certificates().gateway.certificate_pem;
    config.tls.private_key_pem = certificates().gateway.private_key_pem;
    config.tls.trusted_roots_pem = certificates().ca.root_pem();
    gateway.emplace(network, config, log);
    gateway->start().value();
  }
  void pass(Duration time) {
    (void)network.run_until([] { return false; }, network.now() + time);
  }
};

// The same server under a name, as the second of two.
struct NamedLab : Lab {
  ua::test::DnsServer dns{network};
  std::unique_ptr<Puppet> busy;

  NamedLab() { add_servers(); }
  void add_servers() {
    dns.add("_sips._tcp.sip.example.test", "SRV 20 1 5062 b.example.test");
    dns.add("_sips._tcp.sip.example.test", "SRV 10 1 5062 a.example.test");
    dns.add("a.example.test", "A 10.0.0.4");
    dns.add("b.example.test", "A 10.0.0.3");
  }
  void start_named(const std::string& more = {}) {
    Config config =
        read("Gateways: OpenSIPS 5061/tls\nRegistrarHost: sip.example.test\nProxyHost: sip.example.test\n"
             "sipvet.registration.accounts: '100:secret,101:other'\nTlsCertificateValidation: NoValidation\n"
             "sipvet.sip.tls.versions: [TLSv1.2]\n" +
             more)
            .config;
    config.dns_servers = {ua::test::dns_at};
    start(std::move(config));
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(uplink)

BOOST_AUTO_TEST_CASE(properties_have_the_labels_of_the_pages) {
  const Config config = read(R"(
Gateways: ["OpenSIPS 5061/tls", "asterisk INADDR_ANY:5071/tls"]
RegistrarHost: 192.168.120.11:5062
ProxyHost: 192.168.120.12:5062
OutboundProxyHost: 0.0.0.0:0
PersistentTlsBasePort: 17000
AddSipTransportInRegistration: Disable
AddSipTransportInContact: Enable
sipvet.registration.accounts: ["100:secret", "101:with:colon"]
sipvet.registration.expires: 600
sipvet.sip.persistent.keepAlive: 30s
sipvet.syslog.server: 192.168.120.10:514
sipvet.syslog.facility: local0
)")
                            .config;
  BOOST_TEST(config.user_agents.size() == 2u);
  BOOST_TEST(to_string(config.user_agents[0]) == "INADDR_ANY:5061/tls");
  const UplinkSettings& uplink = config.uplink;
  BOOST_TEST(uplink.gateway_name == "OpenSIPS");
  BOOST_TEST(to_string(*uplink.registrar) == "192.168.120.11:5062");
  BOOST_TEST(to_string(*uplink.proxy) == "192.168.120.12:5062");
  BOOST_TEST(!uplink.outbound_proxy.has_value());
  BOOST_TEST(uplink.base_port == 17000);
  BOOST_TEST(!uplink.transport_in_registration);
  BOOST_TEST(uplink.transport_in_contact);
  BOOST_TEST(uplink.accounts[1].user == "101");
  BOOST_TEST(uplink.accounts[1].password == "with:colon");
  BOOST_TEST(uplink.expires_s == 600u);
  BOOST_TEST((uplink.keep_alive == 30s));
  BOOST_TEST(uplink.syslog_facility == 16u);
  BOOST_TEST(UplinkSettings{}.base_port == 16000);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_told_with_its_place) {
  BOOST_TEST(
      has(errors_of("Gateways: OpenSIPS"), "unit.yaml:1:11: error: Gateways: expected NAME PORT/TRANSPORT"));
  BOOST_TEST(has(errors_of("Gateways: OpenSIPS 5061/sctp"), "the transport is udp, tcp or tls"));
  BOOST_TEST(has(errors_of("RegistrarHost: open sips"), "RegistrarHost: expected an address or a host name"));
  BOOST_TEST(has(errors_of("ProxyHost: 10.0.0.1:0"), "expected a port from 1 to 65535"));
  BOOST_TEST(has(errors_of("PersistentTlsBasePort: 70000"), "a number from 0 to 65535"));
  BOOST_TEST(has(errors_of("AddSipTransportInContact: perhaps"), "expected Enable or Disable"));
  BOOST_TEST(has(errors_of("sipvet.registration.accounts: secret"), "expected USER:PASSWORD"));
  BOOST_TEST(has(errors_of("sipvet.registration.retry: 0s"), "above 0"));
  BOOST_TEST(has(errors_of("sipvet.syslog.facility: local9"), "did you mean 'local"));
}

BOOST_AUTO_TEST_CASE(tls_is_on_for_all_gateways_or_for_none) {
  BOOST_TEST(has(errors_of("Gateways: [OpenSIPS 5061/tls, asterisk 5062/udp]"),
                 "'OpenSIPS 5061/tls' and 'asterisk 5062/udp' mix TLS with links that are not secure"));
  BOOST_TEST(errors_of("Gateways: [OpenSIPS 5060/udp, asterisk 5062/tcp]") == "");
  BOOST_TEST(
      has(errors_of("Gateways: OpenSIPS 5061/tls\nnetborder.sip.userAgent.IPAddress: INADDR_ANY:5066/udp"),
          "leave one of them out"));
}

BOOST_AUTO_TEST_CASE(it_registers_its_accounts_over_the_connection_from_its_base_port) {
  Lab lab;
  lab.serve();
  lab.start();
  lab.pass(2s);
  const auto links = lab.gateway->links();
  BOOST_TEST_REQUIRE(links.size() == 1u); // registrar and proxy are one
  BOOST_TEST(links[0].up);
  BOOST_TEST(links[0].local_port == 16000);
  BOOST_TEST(links[0].gateway == "OpenSIPS");
  BOOST_TEST(lab.server->hops.back().remote.port == 16000);
  const auto all = lab.gateway->registrations();
  BOOST_TEST_REQUIRE(all.size() == 2u);
  for (const RegistrationStatus& each : all) BOOST_TEST(state_name(each) == "registered");
  BOOST_TEST((lab.server->got[0].header("Contact") == "<sip:100@10.0.0.1:16000;transport=tls>"));
  BOOST_TEST(lab.log.contains("[OpenSIPS] SIP transport disabled (UDP)."));
  BOOST_TEST(lab.log.contains("[OpenSIPS] SIP transport enable (TLS)."));
  BOOST_TEST(lab.log.contains("[OpenSIPS] Establishing TLS persistent connections."));
  BOOST_TEST(lab.log.contains("[OpenSIPS] Establishing persistent connection 16000 with 10.0.0.3:5062."));
  BOOST_TEST(lab.log.contains("SipEngine [0001] [OpenSIPS] "));
}

BOOST_AUTO_TEST_CASE(a_second_server_gets_the_next_port) {
  Lab lab;
  lab.serve();
  lab.server->transport.listen(ua::Transport::tls, Puppet::at(5063)).value();
  lab.start("OutboundProxyHost: 0.0.0.0:0\nPersistentTlsBasePort: 17000\n");
  Config config = lab.gateway->config();
  config.uplink.proxy->port = 5063;
  lab.gateway.emplace(lab.network, config, lab.log);
  lab.gateway->start().value();
  lab.pass(2s);
  const auto links = lab.gateway->links();
  BOOST_TEST_REQUIRE(links.size() == 2u);
  BOOST_TEST(links[0].local_port == 17000);
  BOOST_TEST(links[1].local_port == 17001);
  BOOST_TEST(links[1].up);
}

BOOST_AUTO_TEST_CASE(a_lost_connection_is_down_until_it_is_back_and_registered_anew) {
  Lab lab;
  lab.serve();
  lab.start();
  lab.pass(2s);
  lab.server.reset();
  lab.pass(100ms);
  BOOST_TEST(!lab.gateway->links()[0].up);
  BOOST_TEST(lab.log.contains("Persistent connection with 10.0.0.3:5062 is Down: "));
  PlaceCall call;
  call.number = "101";
  BOOST_TEST(!lab.gateway->place_call(call).has_value());
  lab.pass(10s);
  lab.serve();
  lab.pass(20s);
  BOOST_TEST(lab.gateway->links()[0].up);
  BOOST_TEST(state_name(lab.gateway->registrations()[0]) == "registered");
  BOOST_TEST(lab.server->count("REGISTER") >= 2);
}

BOOST_AUTO_TEST_CASE(a_server_whose_certificate_is_not_trusted_keeps_the_link_down) {
  Lab lab;
  lab.serve();
  lab.start("TlsCertificateValidation: HostName\n");
  Config config = lab.gateway->config();
  config.tls.trusted_roots_pem = certificates().gateway.certificate_pem; // no authority of the server's
  lab.gateway.emplace(lab.network, config, lab.log);
  lab.gateway->start().value();
  lab.pass(5s);
  BOOST_TEST(!lab.gateway->links()[0].up);
  BOOST_TEST(state_name(lab.gateway->registrations()[0]) == "idle");
}

BOOST_AUTO_TEST_CASE(servers_are_named_with_a_port_or_without) {
  const auto read_server = [](std::string_view text) {
    const auto server = parse_server_name(text);
    return server ? to_string(*server) : std::string("wrong");
  };
  for (const char* good :
       {"sip.example.test", "sip.example.test:5062", "10.0.0.3:5062", "10.0.0.3", "[2001:db8::1]:5061"})
    BOOST_TEST(read_server(good) == good);
  for (const char* bad : {"", "open sips", "user@sip.example.test", "sip.example.test:0",
                          "sip.example.test;lr", "sip.example.test:70000", "a?b=c"})
    BOOST_TEST(read_server(bad) == "wrong", bad);
  BOOST_TEST(is_name({"sip.example.test", 0}));
  BOOST_TEST(!is_name({"10.0.0.3", 5062}));
  BOOST_TEST(!is_name({"[2001:db8::1]", 0}));
  BOOST_TEST(to_string(server_name({IpAddress::v4(10, 0, 0, 3), 5062})) == "10.0.0.3:5062");
  BOOST_TEST(to_string(server_name(*parse_endpoint("[2001:db8::1]:5061"))) == "[2001:db8::1]:5061");
}

BOOST_AUTO_TEST_CASE(a_name_leads_to_the_first_server_that_takes_connections) {
  NamedLab lab;
  lab.serve(); // 10.0.0.3:5062, the second one
  lab.start_named();
  lab.pass(2s);
  BOOST_TEST(lab.log.contains("[OpenSIPS] sip.example.test is 10.0.0.4:5062, 10.0.0.3:5062."));
  BOOST_TEST(lab.log.contains("Establishing persistent connection 16000 with 10.0.0.4:5062."));
  BOOST_TEST(lab.log.contains("Persistent connection with 10.0.0.4:5062 is Down: "));
  const auto links = lab.gateway->links();
  BOOST_TEST_REQUIRE(links.size() == 1u);
  BOOST_TEST(links[0].up);
  BOOST_TEST(links[0].server == "sip.example.test");
  BOOST_TEST(to_string(links[0].remote) == "10.0.0.3:5062");
  BOOST_TEST(links[0].local_port == 16000);
  BOOST_TEST((lab.server->got[0].uri() == "sip:sip.example.test"));
  BOOST_TEST(has(std::string(*lab.server->got[0].header("To")), "sip:100@sip.example.test"));
  BOOST_TEST(state_name(lab.gateway->registrations()[0]) == "registered");
}

BOOST_AUTO_TEST_CASE(without_failover_it_stays_with_the_first) {
  NamedLab lab;
  lab.serve();
  lab.start_named("deviations: {route: {no_failover: true}}\n");
  lab.pass(30s);
  BOOST_TEST(!lab.gateway->links()[0].up);
  BOOST_TEST(to_string(lab.gateway->links()[0].remote) == "10.0.0.4:5062");
}

BOOST_AUTO_TEST_CASE(when_all_have_failed_dns_is_asked_again) {
  NamedLab lab;
  lab.dns.zone = dns::Zone(1);
  lab.dns.add("_sips._tcp.sip.example.test", "SRV 10 1 5062 a.example.test");
  lab.dns.add("a.example.test", "A 10.0.0.4"); // where nobody is
  lab.start_named();
  lab.pass(500ms);
  BOOST_TEST(!lab.gateway->links()[0].up);
  const std::size_t asked = lab.dns.asked.size();
  lab.serve();
  lab.dns.zone = dns::Zone(1);
  lab.dns.add("_sips._tcp.sip.example.test", "SRV 10 1 5062 b.example.test", 1);
  lab.dns.add("b.example.test", "A 10.0.0.3", 1);
  lab.pass(3min); // what was said before is remembered for a minute
  BOOST_TEST(lab.gateway->links()[0].up);
  BOOST_TEST(lab.dns.asked.size() > asked);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_not_known_yet_is_asked_for_again) {
  NamedLab lab;
  lab.dns.zone = dns::Zone(1);
  lab.serve();
  lab.start_named();
  lab.pass(500ms);
  BOOST_TEST(lab.log.contains("[OpenSIPS] sip.example.test is not found: "));
  BOOST_TEST(!lab.gateway->links()[0].up);
  PlaceCall call;
  call.number = "101";
  const auto placed = lab.gateway->place_call(call);
  BOOST_TEST((!placed && placed.error().what == "sip.example.test is not found"));
  lab.add_servers();
  lab.pass(2min);
  BOOST_TEST(lab.gateway->links()[0].up);
}

BOOST_AUTO_TEST_CASE(a_server_that_answers_503_gives_way) {
  NamedLab lab;
  lab.serve();
  lab.busy = std::make_unique<Puppet>(lab.network, phone_tls());
  lab.busy->transport.listen(ua::Transport::tls, {IpAddress::v4(10, 0, 0, 4), 5062}).value();
  lab.busy->act = [&](const sip::Message& request, const ua::Hop& hop) {
    lab.busy->respond(request, hop, 503, "", {});
  };
  lab.start_named();
  lab.pass(3s);
  BOOST_TEST(
      lab.log.contains("Server 10.0.0.4:5062 is of no use: it answers 503; goes on to 10.0.0.3:5062."));
  BOOST_TEST(to_string(lab.gateway->links()[0].remote) == "10.0.0.3:5062");
  for (const RegistrationStatus& each : lab.gateway->registrations())
    BOOST_TEST(state_name(each) == "registered");
}

BOOST_AUTO_TEST_CASE(syslog_packets_are_as_the_units_send_them) {
  BOOST_TEST(syslog_packet(23, LogLevel::debug, "SipEngine [0572] [OpenSIPS] Establishing.") ==
             "<191>syslog: SipEngine [0572] [OpenSIPS] Establishing.");
  BOOST_TEST(syslog_packet(16, LogLevel::error, "two\r\nlines\x7f") == "<131>syslog: two  lines ");
  BOOST_TEST(syslog_packet(23, LogLevel::info, "x").starts_with("<190>"));
  BOOST_TEST(syslog_packet(23, LogLevel::warning, "x").starts_with("<188>"));
  BOOST_TEST(syslog_packet(23, LogLevel::info, std::string(5000, 'x')).size() == max_syslog_octets);
}

BOOST_AUTO_TEST_CASE(log_lines_go_to_a_syslog_receiver_too) {
  Lab lab;
  Receiver receiver;
  (void)lab.network.open_datagram(receiver, {IpAddress::v4(10, 0, 0, 4), 514}).value();
  lab.start("sipvet.syslog.server: 10.0.0.4:514\n");
  lab.pass(1s);
  const std::string wanted =
      "<191>syslog: SipEngine [0005] [OpenSIPS] Establishing persistent connection 16000 "
      "with 10.0.0.3:5062.";
  BOOST_TEST((std::ranges::find(receiver.packets, wanted) != receiver.packets.end()));
  BOOST_TEST(receiver.packets.size() == lab.log.lines.size());
  lab.network.forget(receiver);
}

BOOST_AUTO_TEST_SUITE_END()
