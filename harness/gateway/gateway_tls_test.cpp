// TLS of the gateway: what it takes, what it refuses, and what the telephone side is told.
#include "gateway/test_phone.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::gateway;
using namespace sipvet::gateway::test;
using keying::OfferShape;
using ua::Transport;

namespace {

crypto::Identity issued(crypto::LabCa::Request request) {
  request.key = crypto::PrivateKey::from_pem(certificates().phone.private_key_pem).value();
  return certificates().ca.issue(request).value();
}

ua::UserAgentConfig phone_with(const crypto::Identity& identity) {
  ua::UserAgentConfig config = phone_config();
  for (auto* side : {&config.tls.server, &config.tls.client}) {
    (*side)->certificate_pem = identity.certificate_pem;
    (*side)->private_key_pem = identity.private_key_pem;
  }
  return config;
}

// The gateway calls a phone that presents `identity`, as the domain "phone.example".
struct Call {
  Scene scene;
  CallInfo info;
  explicit Call(const Config& config, const crypto::Identity& identity) : scene(config) {
    scene.phone.emplace(scene.network, phone_with(identity));
    scene.phone->agent.listen(Transport::tls, {phone_ip, 5061}).value();
    PlaceCall place;
    place.number = "555";
    place.target = scene.phone_at(Transport::tls);
    place.target->server_name = place.target->domain = "phone.example";
    scene.gateway->place_call(place).value();
    BOOST_TEST(scene.until([&] { return scene.last_call().state != CallState::ringing; }));
    info = scene.last_call();
  }
  bool logged(LogLevel level, const std::string& text) const {
    return std::any_of(scene.log.lines.begin(), scene.log.lines.end(), [&](const auto& line) {
      return line.first == level && line.second.find(text) != std::string::npos;
    });
  }
};

Config checking_identities() {
  Config config = Scene::config();
  config.tls.verify_identity = true;
  return config;
}

const std::string mismatch = "Certificate identity does not match requested domain";

} // namespace

BOOST_AUTO_TEST_SUITE(gateway_tls)

BOOST_AUTO_TEST_CASE(a_certificate_for_the_domain_is_taken) {
  const Call call(checking_identities(), issued({.common_name = "x", .uris = {"sip:phone.example"}}));
  BOOST_TEST((call.info.state == CallState::answered));
  BOOST_TEST(call.info.status == 200);
  BOOST_TEST(call.info.reason == "OK");
}

// SXB-ID-1.
BOOST_AUTO_TEST_CASE(a_certificate_for_another_domain_ends_the_call_with_an_alarm) {
  const auto identity = issued({.common_name = "x", .uris = {"sip:other.example", "sip:third.example"}});
  for (const int status : {503, 500}) {
    Config config = checking_identities();
    config.tls.identity_mismatch_status = status;
    const Call call(config, identity);
    BOOST_TEST((call.info.state == CallState::failed));
    BOOST_TEST(call.info.status == status);
    BOOST_TEST(call.info.reason == mismatch);
    BOOST_TEST(
        call.logged(LogLevel::error,
                    "The configuration requires the identity 'phone.example', but the remote certificate "
                    "contains only the following identities: other.example, third.example"));
    BOOST_TEST(call.scene.phone->seen.empty()); // no INVITE got through
  }
  BOOST_TEST((Call(Scene::config(), identity).info.state == CallState::answered)); // not checked
}

// SXB-CA-1.
BOOST_AUTO_TEST_CASE(a_certificate_of_nobody_trusted_ends_the_call_with_the_reason) {
  Config config = checking_identities();
  static crypto::LabCa stranger =
      crypto::LabCa::create(certificates().random, net::sim_start, "stranger").value();
  config.tls.trusted_roots_pem = stranger.root_pem();
  const Call call(config, certificates().phone);
  BOOST_TEST(call.info.status == 503);
  BOOST_TEST(call.info.reason != mismatch);
  BOOST_TEST(call.info.reason.find("not trusted") != std::string::npos, call.info.reason);
  BOOST_TEST(call.logged(LogLevel::warning, "unknown_ca"));
  BOOST_TEST(!call.logged(LogLevel::error, "requires the identity"));
}

// DGW-TLS-3.
BOOST_AUTO_TEST_CASE(a_clock_that_is_behind_refuses_what_is_not_valid_yet) {
  Config config = Scene::config();
  config.clock_offset = -std::chrono::hours(48); // the CA's certificates begin a day before its `now`
  const Call behind(config, certificates().phone);
  BOOST_TEST(behind.info.status == 503);
  BOOST_TEST(behind.info.reason.find("not valid") != std::string::npos, behind.info.reason);
  config.clock_offset = -std::chrono::hours(1);
  BOOST_TEST((Call(config, certificates().phone).info.state == CallState::answered));
  config.clock_offset = std::chrono::hours(24 * 400);
  const Call ahead(config, certificates().phone);
  BOOST_TEST(ahead.info.status == 503);
  BOOST_TEST(ahead.info.reason.find("expired") != std::string::npos, ahead.info.reason);
}

BOOST_AUTO_TEST_CASE(calls_that_find_nobody) {
  Scene scene;
  PlaceCall place;
  place.number = "555";
  place.target = ua::Target{Transport::tcp, {phone_ip, 5999}, {}, {}};
  scene.gateway->place_call(place).value();
  BOOST_TEST(scene.until([&] { return scene.last_call().state == CallState::failed; }));
  BOOST_TEST(scene.last_call().status == 503);
  BOOST_TEST(scene.last_call().reason == "the connection was refused");
  place.target->transport = Transport::udp; // where nobody answers
  scene.gateway->place_call(place).value();
  BOOST_TEST(scene.until([&] { return scene.last_call().state == CallState::failed; }));
  BOOST_TEST(scene.last_call().status == 408);
  BOOST_TEST(scene.last_call().reason == "Request Timeout");
}

// DGW-TLS-4.
BOOST_AUTO_TEST_CASE(without_a_host_certificate_it_only_calls_out) {
  Config config = Scene::config();
  config.tls.certificate_pem.clear();
  config.tls.private_key_pem.clear();
  {
    net::SimNetwork network{11};
    MemoryLog log;
    Gateway gateway(network, config, log);
    const auto started = gateway.start();
    BOOST_TEST_REQUIRE(!started);
    BOOST_TEST(started.error().what.find("needs a certificate") != std::string::npos);
    config.tls.lab_certificate = "good";
    Gateway elsewhere(network, config, log);
    BOOST_TEST(elsewhere.start().error().what ==
               "sipvet.sip.tls.certificate: there is no lab here that could "
               "give good");
  }
  config.tls.lab_certificate = "none";
  Scene scene(config);
  BOOST_TEST(scene.log.contains("there is no host certificate"));
  scene.phone->invite(scene.gateway_at(Transport::tls), OfferShape::rtp_only);
  BOOST_TEST(scene.until([&] { return !scene.phone->failure.empty(); }));
  BOOST_TEST(scene.gateway->calls().empty());
  PlaceCall place;
  place.number = "555";
  place.target = scene.phone_at(Transport::tls);
  scene.gateway->place_call(place).value();
  // The phone wants a client certificate and gets none.
  BOOST_TEST(scene.until([&] { return scene.last_call().state == CallState::failed; }));
  ua::UserAgentConfig lenient = phone_config();
  lenient.tls.server->verify = tls::Verify::chain_if_given;
  scene.phone.emplace(scene.network, lenient);
  scene.phone->agent.listen(Transport::tls, {phone_ip, 5061}).value();
  scene.gateway->place_call(place).value();
  BOOST_TEST(scene.until([&] { return scene.last_call().state == CallState::answered; }));
}

BOOST_AUTO_TEST_CASE(a_lab_that_is_not_there_cannot_be_trusted) {
  Config config = Scene::config();
  config.tls.trusted_roots_pem.clear();
  config.tls.lab_trust = "other";
  net::SimNetwork network{11};
  MemoryLog log;
  Gateway gateway(network, config, log);
  BOOST_TEST(gateway.start().error().what == "sipvet.sip.tls.trust: there is no lab here to be trusted");
}

// NBE-TLS-2, NBE-TLS-3, NBE-HELLO-1, NBE-HELLO-2: what a client with one suite and one format gets.
BOOST_AUTO_TEST_CASE(suites_and_hellos_that_it_takes) {
  const std::string aes = "TLS_RSA_WITH_AES_128_CBC_SHA", tdes = "TLS_RSA_WITH_3DES_EDE_CBC_SHA";
  struct Row {
    std::vector<std::string> gateway, phone;
    bool sslv2_taken, sslv2_sent;
    std::string cipher; // empty: no connection
  };
  const Row rows[] = {
      {{aes, tdes}, {tdes}, false, false, tdes},
      {{aes, tdes}, {tdes, aes}, false, false, aes}, // its own order
      {{aes}, {tdes}, false, false, ""},
      {{aes, tdes}, {tdes}, false, true, ""},
      {{aes, tdes}, {tdes}, true, true, tdes},
      {{aes, tdes}, {aes}, true, false, aes},
  };
  for (const Row& row : rows) {
    Config config = Scene::config();
    config.tls.suites = row.gateway;
    config.tls.sslv2_hello = row.sslv2_taken;
    Scene scene(config);
    ua::UserAgentConfig phone = phone_config();
    phone.tls.client->ciphers = row.phone;
    phone.tls.client->send_sslv2_hello = row.sslv2_sent;
    scene.phone.emplace(scene.network, phone);
    scene.phone->invite(scene.gateway_at(Transport::tls), OfferShape::rtp_only);
    BOOST_TEST(scene.until([&] { return scene.phone->session || !scene.phone->failure.empty(); }));
    BOOST_TEST((scene.phone->session ? scene.phone->session->cipher : "") == row.cipher);
    if (!row.cipher.empty()) BOOST_TEST(scene.until([&] { return scene.phone->final_status == 200; }));
  }
}

// NBE-HELLO-3.
BOOST_AUTO_TEST_CASE(its_own_hello_comes_in_sslv2_format_when_that_is_on) {
  Config config = Scene::config();
  config.tls.sslv2_hello = true;
  Scene scene(config);
  ua::UserAgentConfig phone = phone_config();
  phone.tls.server->accept_sslv2_hello = true;
  phone.tls.server->engine = tls::EngineKind::wire; // which tells the formats apart
  scene.phone.emplace(scene.network, phone);
  scene.phone->agent.listen(Transport::tls, {phone_ip, 5061}).value();
  PlaceCall place;
  place.number = "555";
  place.target = scene.phone_at(Transport::tls);
  scene.gateway->place_call(place).value();
  BOOST_TEST(scene.until([&] { return scene.phone->session.has_value(); }));
  BOOST_TEST(scene.phone->session->sslv2_hello);
  BOOST_TEST(scene.until([&] { return scene.last_call().state == CallState::answered; }));
}

BOOST_AUTO_TEST_CASE(deviations_reach_both_sides_of_it) {
  Config config = Scene::config();
  config.deviations.tls.bad_finished = true;
  Scene scene(config);
  scene.phone->invite(scene.gateway_at(Transport::tls), OfferShape::rtp_only);
  BOOST_TEST(scene.until([&] { return !scene.phone->failure.empty(); }));
  BOOST_TEST(scene.phone->failure.find("Finished") != std::string::npos, scene.phone->failure);
  PlaceCall place;
  place.number = "555";
  place.target = scene.phone_at(Transport::tls);
  scene.gateway->place_call(place).value();
  BOOST_TEST(scene.until([&] { return scene.last_call().state == CallState::failed; }));
  BOOST_TEST(scene.last_call().status == 503);
}

BOOST_AUTO_TEST_SUITE_END()
