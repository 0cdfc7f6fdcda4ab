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

const std::string whole = R"(
TLS Contexts:
  trunk: {sipvet.sip.tls.certificate: good, Subject Name: sbc.example.test, TLS Version: [TLSv1.2]}
SIP Interfaces:
  LAN: {TLS Port: 5067, TLS Context Name: trunk, Media Realm: LAN, Classification Failure Response Type: 403}
  WAN: {UDP Port: 5060, TCP Port: 5060}
Media Realms:
  LAN: {UDP Port Range Start: 6000, UDP Port Range End: 6009}
Proxy Sets:
  SfB:
    SIP Interface: LAN
    Proxy Keep-Alive: Using OPTIONS
    Proxy Keep-Alive Time: 30
    Proxy Hot Swap: Enable
    Proxy Address: [fe1.example.test:5070, "192.0.2.9/tcp", fe3.example.test]
IP Groups:
  SfB: {Proxy Set: SfB, Media Realm: LAN, Classify By Proxy Set: Enable}
sipvet.sbc.outboundGroup: SfB
Media Security: {Media Security: Enable, Media Security Behavior: Mandatory}
)";

} // namespace

BOOST_AUTO_TEST_SUITE(sbc_properties)

BOOST_AUTO_TEST_CASE(all_tables) {
  const ReadConfig made = read(whole);
  BOOST_TEST(made.errors.empty());
  const SbcSettings& sbc = made.config.sbc;
  BOOST_TEST(sbc.tls_contexts.at("trunk").lab_certificate == "good");
  BOOST_TEST((sbc.tls_contexts.at("trunk").min_version == tls::Version::tls1_2));
  BOOST_TEST(sbc.tls_context_domains.at("trunk") == "sbc.example.test");
  BOOST_TEST(sbc.sip_interfaces.at("LAN").tls_port == 5067);
  BOOST_TEST(sbc.sip_interfaces.at("LAN").tls_context == "trunk");
  BOOST_TEST(sbc.sip_interfaces.at("LAN").classification_failure_status == 403);
  BOOST_TEST(sbc.sip_interfaces.at("WAN").classification_failure_status == 500);
  BOOST_TEST(sbc.sip_interfaces.at("WAN").tcp_port == 5060);
  BOOST_TEST(sbc.media_realms.at("LAN").last_port == 6009);
  const ProxySet& set = sbc.proxy_sets.at("SfB");
  BOOST_TEST(set.keep_alive);
  BOOST_TEST(set.hot_swap);
  BOOST_TEST((set.keep_alive_time == std::chrono::seconds(30)));
  BOOST_TEST(to_string(set.addresses.at(0)) == "fe1.example.test:5070/tls");
  BOOST_TEST(to_string(set.addresses.at(1)) == "192.0.2.9/tcp");
  BOOST_TEST(sbc.ip_groups.at("SfB").classify_by_proxy_set);
  BOOST_TEST(sbc.classifies());
  BOOST_TEST(sbc.outbound_group == "SfB");
  BOOST_TEST((made.config.srtp_mode == SrtpMode::always));
}

BOOST_AUTO_TEST_CASE(media_security) {
  const auto mode = [](const std::string& text) { return read("Media Security: " + text).config.srtp_mode; };
  BOOST_TEST((mode("{Media Security: Enable}") == SrtpMode::as_needed));
  BOOST_TEST((mode("{Media Security: Enable, Media Security Behavior: Preferable}") == SrtpMode::as_needed));
  BOOST_TEST((mode("{Media Security: Disable}") == SrtpMode::never));
  BOOST_TEST(errors_of("Media Security: {Media Security Behavior: Mandatroy}").find("'Mandatory'") !=
             std::string::npos);
  BOOST_TEST(errors_of("Media Security: {Media Security: Maybe}").find("true or false") != std::string::npos);
}

// A context says what it has of its own; the rest is as everywhere.
BOOST_AUTO_TEST_CASE(contexts_begin_with_the_settings_of_all) {
  const ReadConfig made = read("TLS Contexts: {a: {}}\nsipvet.sip.tls.verifyPeer: none");
  BOOST_TEST((made.config.sbc.tls_contexts.at("a").verify_clients == tls::Verify::none));
}

BOOST_AUTO_TEST_CASE(mistakes_inside_have_their_places) {
  BOOST_TEST(errors_of("SIP Interfaces:\n  LAN: {TSL Port: 1}") ==
             "x.yaml:2:9: error: SIP Interfaces LAN: unknown key 'TSL Port': did you mean 'TLS Port'?\n");
  BOOST_TEST(errors_of("SIP Interfaces: {LAN: {TLS Port: 70000}}").find("a number from 0 to 65535") !=
             std::string::npos);
  BOOST_TEST(errors_of("SIP Interfaces: [5067]").find("expected a map of names, found a list") !=
             std::string::npos);
  BOOST_TEST(errors_of("SIP Interfaces: {LAN: 5067}").find("expected a map, found the text '5067'") !=
             std::string::npos);
  BOOST_TEST(errors_of("SIP Interfaces: {LAN: {Classification Failure Response Type: 200}}").find("400") !=
             std::string::npos);
  BOOST_TEST(
      errors_of("TLS Contexts: {a: {Certificate: x}}").find("TLS Contexts a: unknown key 'Certificate'") !=
      std::string::npos);
  BOOST_TEST(
      errors_of("TLS Contexts: {a: {Device Certificate: missing.pem}}").find("missing.pem cannot be read") !=
      std::string::npos);
  BOOST_TEST(errors_of("TLS Contexts: {a: 1}").find("expected a map") != std::string::npos);
  BOOST_TEST(errors_of("TLS Contexts: 1").find("expected a map of names") != std::string::npos);
  BOOST_TEST(errors_of("TLS Contexts: {a: {Subject Name: [x]}}").find("expected a text") !=
             std::string::npos);
  BOOST_TEST(errors_of("Media Realms: {a: {UDP Port Range Start: 7000, UDP Port Range End: 7000}}")
                 .find("a range of at least two ports, found 7000 to 7000") != std::string::npos);
  BOOST_TEST(errors_of("Proxy Sets: {a: {Proxy Keep-Alive: Using REGISTER, Proxy Address: b}}")
                 .find("Using OPTIONS") != std::string::npos);
  BOOST_TEST(errors_of("Proxy Sets: {a: {Proxy Keep-Alive Time: 0s, Proxy Address: b}}").find("above 0") !=
             std::string::npos);
  BOOST_TEST(errors_of("Proxy Sets: {a: {Proxy Address: b/sctp}}").find("host[:port][/transport]") !=
             std::string::npos);
  BOOST_TEST(errors_of("Proxy Sets: {a: {}}").find("needs a Proxy Address") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_of_what_is_not_there) {
  BOOST_TEST(errors_of("SIP Interfaces: {LAN: {TLS Context Name: a, Media Realm: b}}") ==
             "x.yaml:1:17: error: SIP Interfaces LAN: unknown TLS context 'a'\n"
             "x.yaml:1:17: error: SIP Interfaces LAN: unknown media realm 'b'\n");
  BOOST_TEST(errors_of("IP Groups: {g: {Proxy Set: a}}").find("unknown proxy set 'a'") != std::string::npos);
  BOOST_TEST(errors_of("IP Groups: {g: {}}").find("needs a Proxy Set") != std::string::npos);
  BOOST_TEST(errors_of("sipvet.sbc.outboundGroup: g").find("unknown IP group 'g'") != std::string::npos);
  BOOST_TEST(
      errors_of("Proxy Sets: {a: {SIP Interface: LAN, Proxy Address: b}}").find("unknown SIP interface") !=
      std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
