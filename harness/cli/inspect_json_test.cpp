// The contract of `inspect --format json` (docs/command-line.md).
#include "cli/inspect_output.hpp"

#include "tlswire/suites.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace sipvet;
using namespace sipvet::cli;
using Json = nlohmann::json;

namespace {

const Endpoint client{IpAddress::v4(192, 0, 2, 20), 40000}, server{*parse_ip("2001:db8::1"), 5061};

Json json_of(const analysis::Report& report) {
  const std::string text = inspect_json(report);
  BOOST_TEST(text.back() == '\n');
  const Json out = Json::parse(text, nullptr, false);
  BOOST_TEST_REQUIRE(!out.is_discarded());
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(inspect_output_json)

BOOST_AUTO_TEST_CASE(an_empty_report_has_every_list) {
  const Json out = json_of({});
  BOOST_TEST(out.at("schema") == "sipvet-inspect/1");
  BOOST_TEST(out.at("packets") == 0);
  for (const char* list : {"files", "tls", "srtp", "rtp", "rtcp", "mikey", "findings"})
    BOOST_TEST(out.at(list) == Json::array(), list);
  BOOST_TEST(out.at("sip") == Json({{"messages", 0}, {"dialogs", Json::array()}, {"list", Json::array()}}));
}

BOOST_AUTO_TEST_CASE(tls_connections_with_values_and_without) {
  analysis::Report report;
  report.tls.resize(2);
  analysis::TlsConnection& full = report.tls[0];
  full.client = client;
  full.server = server;
  full.version = "TLSv1.2";
  full.cipher = "TLS_RSA_WITH_AES_128_CBC_SHA";
  full.decrypted = true;
  full.key_source = "rsa";
  full.client_bytes = 7;
  full.server_bytes = 8;
  full.client_sha256 = "aa";
  full.server_sha256 = "bb";
  full.client_hello = analysis::ClientHelloFacts{true, 0x0301, {0x0301}, {0x002f, 0x00ff}, {}};
  full.server_hello = analysis::ServerHelloFacts{"TLSv1.2", 0, {23, 0xff01}};
  full.client_certificate = analysis::ClientCertificate::given;
  full.premaster_version = 0x0303;
  full.alerts = {{true, 1, 0}, {false, 2, 40}};
  report.tls[1].reason = "no key fits";
  const Json out = json_of(report).at("tls");
  const Json expected = {
      {"client", "192.0.2.20:40000"},
      {"server", "[2001:db8::1]:5061"},
      {"version", "TLSv1.2"},
      {"cipher", "TLS_RSA_WITH_AES_128_CBC_SHA"},
      {"decrypted", true},
      {"key_source", "rsa"},
      {"client_bytes", 7},
      {"server_bytes", 8},
      {"client_sha256", "aa"},
      {"server_sha256", "bb"},
      {"reason", nullptr},
      {"sslv2_hello", true},
      {"client_hello",
       {{"format", "sslv2"},
        {"version", "TLSv1.0"},
        {"versions", {"TLSv1.0"}},
        {"suites", {"TLS_RSA_WITH_AES_128_CBC_SHA", tlswire::suite_name(0x00ff)}},
        {"extensions", Json::array()}}},
      {"server_hello",
       {{"downgrade_mark", "TLSv1.2"},
        {"compression", 0},
        {"extensions", {"extended_master_secret", "renegotiation_info"}}}},
      {"client_certificate", true},
      {"client_certificate_message", "given"},
      {"premaster_version", "TLSv1.2"},
      {"alerts", {"client: warning close_notify(0)", "server: fatal handshake_failure(40)"}}};
  for (const auto& [key, value] : expected.items()) BOOST_TEST(out[0].at(key) == value, key);
  for (const char* none : {"version", "cipher", "key_source", "client_sha256", "server_sha256"})
    BOOST_TEST(out[1].at(none).is_null(), none);
  for (const char* none : {"client_hello", "server_hello", "premaster_version"})
    BOOST_TEST(out[1].at(none).is_null(), none);
  BOOST_TEST(out[1].at("sslv2_hello") == false);
  BOOST_TEST(out[1].at("client_certificate") == false);
  BOOST_TEST(out[1].at("client_certificate_message") == "none");
  BOOST_TEST(out[1].at("alerts") == Json::array());
  BOOST_TEST(out[1].at("reason") == "no key fits");
  BOOST_TEST(out[1].at("decrypted") == false);
}

BOOST_AUTO_TEST_CASE(streams_with_values_and_without) {
  analysis::MediaStream full;
  full.ssrc = 0xdeadbeef;
  full.source = client;
  full.destination = server;
  full.suite = "AES_CM_128_HMAC_SHA1_80";
  full.key_source = "sdes";
  full.packets = 5;
  full.authenticated = 4;
  full.failed = 1;
  full.payload_bytes = 640;
  full.payload_sha256 = "cc";
  full.voiceprint = rtp::Voiceprint(2);
  analysis::Report report;
  report.srtp = {full};
  report.rtp = {analysis::MediaStream{}};
  const Json out = json_of(report);
  const Json expected = {{"ssrc", "0xdeadbeef"},
                         {"source", "192.0.2.20:40000"},
                         {"destination", "[2001:db8::1]:5061"},
                         {"suite", "AES_CM_128_HMAC_SHA1_80"},
                         {"key_source", "sdes"},
                         {"packets", 5},
                         {"authenticated", 4},
                         {"failed", 1},
                         {"payload_bytes", 640},
                         {"payload_sha256", "cc"},
                         {"reason", nullptr},
                         {"voiceprint", to_string(rtp::Voiceprint(2))}};
  for (const auto& [key, value] : expected.items()) BOOST_TEST(out.at("srtp")[0].at(key) == value, key);
  BOOST_TEST(out.at("rtp")[0].at("ssrc") == "0x00000000");
  for (const char* none :
       {"suite", "key_source", "payload_sha256", "reason", "voiceprint", "codec", "call_id"})
    BOOST_TEST(out.at("rtp")[0].at(none).is_null(), none);
}

BOOST_AUTO_TEST_CASE(messages_are_counted_listed_and_their_text_only_if_held) {
  analysis::Report report;
  analysis::SipMessage first, second;
  first.frame = 3;
  first.transport = analysis::Transport::tcp;
  first.first_line = "SIP/2.0 200 OK";
  first.call_id = "c";
  second.text = "whole";
  report.sip.messages = {first, second};
  report.sip.dialogs.emplace_back();
  report.sip.dialogs[0].methods = {"INVITE", "ACK"};
  report.sip.dialogs[0].invite_statuses = {100, 200};
  report.sip.dialogs[0].transports = {analysis::Transport::tls};
  const Json sip = json_of(report).at("sip");
  BOOST_TEST(sip.at("messages") == 2);
  BOOST_TEST(sip.at("list")[0].at("frame") == 3);
  BOOST_TEST(sip.at("list")[0].at("transport") == "TCP");
  BOOST_TEST(sip.at("list")[0].at("first_line") == "SIP/2.0 200 OK");
  BOOST_TEST(!sip.at("list")[0].contains("text"));
  BOOST_TEST(sip.at("list")[1].at("text") == "whole");
  BOOST_TEST(sip.at("dialogs")[0].at("methods") == Json({"INVITE", "ACK"}));
  BOOST_TEST(sip.at("dialogs")[0].at("invite_statuses") == Json({100, 200}));
  BOOST_TEST(sip.at("dialogs")[0].at("transports") == Json::array({"TLS"}));
}

BOOST_AUTO_TEST_CASE(findings_and_mikey) {
  analysis::Report report;
  report.findings.resize(2);
  report.findings[0].id = "srtp-no-key";
  report.findings[0].severity = verdict::Severity::warning;
  report.findings[0].text = "t";
  report.findings[0].frame = 9;
  report.findings[0].fix = "f";
  report.mikey.resize(1);
  report.mikey[0].exchange = "dh";
  report.mikey[0].mac_valid = false;
  report.mikey[0].crypto_sessions = {{1, 2, {0x0a}, {}}};
  const Json out = json_of(report);
  BOOST_TEST(
      out.at("findings")[0] ==
      Json({{"id", "srtp-no-key"}, {"severity", "warning"}, {"frame", 9}, {"text", "t"}, {"fix", "f"}}));
  BOOST_TEST(out.at("findings")[1].at("frame").is_null());
  BOOST_TEST(out.at("findings")[1].at("fix").is_null());
  BOOST_TEST(out.at("mikey")[0].at("mac_valid") == false);
  BOOST_TEST(out.at("mikey")[0].at("verification_valid").is_null());
  BOOST_TEST(out.at("mikey")[0].at("crypto_sessions")[0].at("tek") == "0a");
  BOOST_TEST(!out.at("mikey")[0].at("crypto_sessions")[0].contains("salt"));
}

// What a capture holds need be no UTF-8; JSON must be (RFC 8259 §8.1).
BOOST_AUTO_TEST_CASE(foreign_octets_give_valid_json) {
  analysis::Report report;
  analysis::SipMessage message;
  message.first_line = "\xff\xfe\x1b\"\\";
  report.sip.messages.push_back(message);
  const std::string text = inspect_json(report);
  BOOST_TEST(text.find('\xff') == std::string::npos);
  BOOST_TEST(text.find('\x1b') == std::string::npos);
  BOOST_TEST(json_of(report).at("sip").at("list")[0].at("first_line") == "\xef\xbf\xbd\xef\xbf\xbd\x1b\"\\");
}

BOOST_AUTO_TEST_SUITE_END()
