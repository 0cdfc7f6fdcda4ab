// Findings about TLS connections and certificates.
#include "analysis/certificate_checks.hpp"
#include "analysis/test_findings.hpp"
#include "analysis/tls_checks.hpp"

#include "tlswire/sslv2_client_hello.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::analysis;
using tlswire::Side;

BOOST_AUTO_TEST_SUITE(tls_findings)

BOOST_AUTO_TEST_CASE(an_idle_close_is_told_with_what_it_cut_off) {
  SecureTalk talk;
  talk.say(Side::client, sip_text("REGISTER sip:server.test SIP/2.0", "1 REGISTER",
                                  "Contact: <sip:a@192.0.2.1:40000;transport=tls>\r\n", "reg"));
  talk.say(Side::server, sip_text("SIP/2.0 200 OK", "1 REGISTER", "", "reg"));
  talk.say(Side::client, sip_text("INVITE sip:b@server.test SIP/2.0", "1 INVITE",
                                  "Contact: <sip:a@192.0.2.1:40000;transport=tls>\r\n", "call"));
  talk.say(Side::server, sip_text("SIP/2.0 200 OK", "1 INVITE", "Contact: <sips:b@192.0.2.2>\r\n", "call"));
  auto at_once = talk.capture;
  at_once.finish(server, client);
  at_once.finish(client, server);
  BOOST_TEST(!has(SecureTalk::report_of(at_once), "tls-closed-idle"));
  talk.capture.wait(30'000);
  talk.capture.tcp(server, client, talk.tls.alert(Side::server, 1, 0));
  talk.capture.finish(server, client);
  talk.capture.finish(client, server);
  const auto text = text_of(talk.report(), "tls-closed-idle");
  BOOST_TEST(contains(text, "by the server after 30 s"), text);
  BOOST_TEST(contains(text, "the call call in progress, the registration reg"), text);
}

BOOST_AUTO_TEST_CASE(handshakes_that_came_to_nothing) {
  const auto judged = [](TlsConnection connection) {
    FindingList list;
    connection.client_random = Bytes(32, 1);
    check_connection(connection, list);
    const auto found = list.take();
    return found.empty() ? std::string() : found.front().id;
  };
  TlsConnection refused;
  refused.client_hello.emplace().sslv2 = true;
  refused.closed_frame = 4;
  BOOST_TEST(judged(refused) == "sslv2-hello-refused");
  refused.handshake_completed = true;
  BOOST_TEST(judged(refused) == "");
  TlsConnection nothing_common;
  nothing_common.alerts = {{false, 2, 40}};
  BOOST_TEST(judged(nothing_common) == "no-common-tls");
  nothing_common.alerts = {{false, 2, 70}};
  BOOST_TEST(judged(nothing_common) == "no-common-tls");
  nothing_common.version = "TLSv1.2";
  nothing_common.alerts = {{true, 2, 51}};
  BOOST_TEST(judged(nothing_common) == "tls-handshake-failed");
}

BOOST_AUTO_TEST_CASE(a_hello_in_ssl_2_format_on_the_wire_refused_and_accepted) {
  tlswire::Sslv2ClientHello hello;
  hello.cipher_specs = {0x2f}; // TLS_RSA_WITH_AES_128_CBC_SHA
  hello.challenge = Bytes(16, 5);
  TestCapture refused;
  refused.connect(client, server);
  refused.tcp(client, server, tlswire::write_sslv2_client_hello(hello));
  auto accepted = refused;
  refused.finish(server, client);
  refused.finish(client, server);
  BOOST_TEST(contains(text_of(SecureTalk::report_of(refused), "sslv2-hello-refused"), "without a word"));
  TestTls tls{TestTls::Shape{}};
  (void)tls.client_hello();
  accepted.tcp(server, client, tls.server_flight());
  accepted.finish(client, server);
  accepted.finish(server, client);
  BOOST_TEST(!has(SecureTalk::report_of(accepted), "sslv2-hello-refused"));
}

BOOST_AUTO_TEST_CASE(an_alert_in_place_of_a_server_hello) {
  TestCapture capture;
  capture.connect(client, server);
  capture.tcp(client, server, TestTls{TestTls::Shape{}}.client_hello());
  const Bytes handshake_failure = {21, 3, 3, 0, 2, 2, 40};
  capture.tcp(server, client, handshake_failure);
  BOOST_TEST(contains(text_of(SecureTalk::report_of(capture), "no-common-tls"), "handshake_failure"));
}

BOOST_AUTO_TEST_CASE(certificates_are_judged_by_date_name_and_issuer) {
  Report report;
  auto& certificate = report.certificates.emplace_back();
  certificate.subject = certificate.common_name = "CN=gw";
  certificate.issuer = "CN=ca";
  certificate.dns_names = {"gw.example.com"};
  certificate.uris = {"sip:example.com"};
  certificate.ip_addresses = {"192.0.2.2"};
  certificate.not_before = Instant{} + std::chrono::hours(100);
  certificate.not_after = Instant{} + std::chrono::hours(200);
  auto& connection = report.tls.emplace_back();
  connection.certificate_index = 0;
  connection.first_time = Instant{} + std::chrono::hours(150);
  const auto judged = [&] {
    FindingList list;
    check_certificates(report, list);
    std::string ids;
    for (const auto& found : list.take()) ids += found.id + " ";
    return ids;
  };
  for (const auto* name : {"gw.example.com", "GW.example.com", "example.com", "192.0.2.2", ""}) {
    connection.server_name = name;
    BOOST_TEST(judged() == "", name);
  }
  connection.server_name = "other.example.com";
  BOOST_TEST(judged() == "certificate-wrong-name ");
  connection.server_name.clear();
  connection.next_hop = "elsewhere.test";
  BOOST_TEST(judged() == "certificate-wrong-name ");
  connection.next_hop.clear();
  connection.first_time = Instant{} + std::chrono::hours(250);
  BOOST_TEST(judged() == "certificate-expired ");
  connection.first_time = Instant{} + std::chrono::hours(50);
  BOOST_TEST(judged() == "certificate-not-yet-valid ");
  connection.first_time = certificate.not_after;
  BOOST_TEST(judged() == "");
  certificate.issuer = certificate.subject;
  BOOST_TEST(judged() == "certificate-self-signed ");
  certificate.issuer = "CN=ca";
  connection.alerts = {{true, 2, 48}, {false, 1, 0}};
  BOOST_TEST(judged() == "certificate-refused ");
}

BOOST_AUTO_TEST_CASE(a_certificate_in_a_capture_is_read_and_compared_with_the_request) {
  SecureTalk talk;
  talk.say(Side::client, sip_text("OPTIONS sip:b@elsewhere.test SIP/2.0", "1 OPTIONS", ""));
  const auto report = talk.report();
  BOOST_TEST_REQUIRE(report.certificates.size() == 1);
  BOOST_TEST(report.certificates[0].common_name == "server.test");
  BOOST_TEST(contains(text_of(report, "certificate-wrong-name"), "elsewhere.test"));
}

BOOST_AUTO_TEST_SUITE_END()
