#include "cli/inspect_output.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::cli;

namespace {

const Endpoint client{IpAddress::v4(192, 0, 2, 20), 40000}, server{IpAddress::v4(192, 0, 2, 10), 5061};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

analysis::MediaStream stream(bool secured) {
  analysis::MediaStream out;
  out.ssrc = 0xbeef;
  out.source = client;
  out.destination = server;
  out.secured = secured;
  out.packets = 10;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(inspect_output_text)

BOOST_AUTO_TEST_CASE(nothing_gives_no_sections) {
  analysis::Report report;
  report.files = {{"a.pcap", 1, 3}};
  BOOST_TEST(inspect_text(report) == "a.pcap: 3 packets\n");
}

BOOST_AUTO_TEST_CASE(tls_connections) {
  analysis::Report report;
  report.tls.resize(3);
  for (auto& tls : report.tls) tls.client = client, tls.server = server;
  report.tls[0].version = "TLSv1.2";
  report.tls[0].cipher = "TLS_RSA_WITH_AES_128_CBC_SHA";
  report.tls[0].decrypted = report.tls[0].carries_sip = true;
  report.tls[0].key_source = "keylog";
  report.tls[0].client_bytes = 12;
  report.tls[0].server_bytes = 34;
  report.tls[1].reason = "no key fits";
  report.tls[1].alerts = {{false, 2, 40}};
  report.tls[2].decrypted = true;
  report.tls[2].key_source = "rsa";
  report.tls[2].reason = "a record is damaged";
  BOOST_TEST(
      inspect_text(report) ==
      "\nTLS connections (3)\n"
      "  192.0.2.20:40000 - 192.0.2.10:5061  TLSv1.2 TLS_RSA_WITH_AES_128_CBC_SHA  decrypted (keylog): 12 "
      "octets from the client, 34 from the server\n"
      "  192.0.2.20:40000 - 192.0.2.10:5061  no ServerHello \n"
      "    not decrypted: no key fits\n"
      "    alert from server: fatal handshake_failure(40)\n"
      "  192.0.2.20:40000 - 192.0.2.10:5061  no ServerHello   decrypted (rsa): 0 octets from the client, 0 "
      "from the server; carries no SIP\n"
      "    only up to a point: a record is damaged\n");
}

BOOST_AUTO_TEST_CASE(messages_with_time_frame_and_first_line) {
  analysis::Report report;
  analysis::SipMessage message;
  message.frame = 7;
  message.time =
      Instant(std::chrono::milliseconds(1'767'225'600'500 + 3'723'000)); // 01:02:03.5 after midnight
  message.source = client;
  message.destination = server;
  message.transport = analysis::Transport::tls;
  message.first_line = "OPTIONS sip:x SIP/2.0";
  report.sip.messages.push_back(message);
  BOOST_TEST(inspect_text(report) ==
             "\nSIP messages (1)\n"
             "  01:02:03.500000  #7           192.0.2.20:40000 > 192.0.2.10:5061       TLS  "
             "OPTIONS sip:x SIP/2.0\n");
}

BOOST_AUTO_TEST_CASE(streams_of_both_kinds) {
  analysis::Report report;
  report.srtp = {stream(true), stream(true)};
  report.srtp[0].suite = "AES_CM_128_HMAC_SHA1_80";
  report.srtp[0].key_source = "sdes";
  report.srtp[0].authenticated = 9;
  report.srtp[0].failed = 1;
  report.srtp[0].voiceprint = rtp::Voiceprint(1);
  report.srtp[0].payload_bytes = 1440;
  report.srtp[0].payload_sha256 = "ab12";
  report.srtp[1].reason = "no key";
  report.rtp = {stream(false)};
  report.rtp[0].codec = "PCMU/8000";
  report.rtp[0].lost = 2;
  const std::string text = inspect_text(report);
  BOOST_TEST(has(
      text, "  0x0000beef  192.0.2.20:40000 > 192.0.2.10:5061  AES_CM_128_HMAC_SHA1_80 (sdes)  10 packets, "
            "9 authenticated, 1 failed, " +
                to_string(rtp::Voiceprint(1)) + " heard\n    1440 octets of payload, sha256 ab12\n"));
  BOOST_TEST(has(text, "SRTP (no key)  10 packets, 0 authenticated, 0 failed\n    no key\n"));
  BOOST_TEST(has(text, "\nRTP streams (1)\n"));
  BOOST_TEST(has(text, "RTP PCMU/8000  10 packets, 2 lost\n"));
}

BOOST_AUTO_TEST_CASE(mikey_exchanges_show_keys_that_the_report_holds) {
  analysis::Report report;
  report.mikey.resize(1);
  report.mikey[0].frame = 4;
  report.mikey[0].exchange = "psk";
  report.mikey[0].mac_valid = true;
  report.mikey[0].verification_valid = false;
  report.mikey[0].crypto_sessions = {{1, 0xab, {}, {}}};
  BOOST_TEST(inspect_text(report) == "\nMIKEY exchanges (1)\n  #4 psk: MAC valid, verification WRONG\n"
                                     "    CS 1 for SSRC 0x000000ab\n");
  report.mikey[0].mac_valid.reset();
  report.mikey[0].crypto_sessions[0].tek = {0x01, 0x02};
  const std::string text = inspect_text(report);
  BOOST_TEST(has(text, "MAC not tried"));
  BOOST_TEST(has(text, "TEK 0102"));
}

BOOST_AUTO_TEST_CASE(findings_with_frame_and_fix) {
  analysis::Report report;
  report.findings.resize(2);
  report.findings[0].id = "srtp-no-key";
  report.findings[0].severity = verdict::Severity::warning;
  report.findings[0].text = "A stream has no key.";
  report.findings[0].frame = 12;
  report.findings[0].fix = "Give one.";
  report.findings[1].id = "x";
  report.findings[1].text = "Bad.";
  BOOST_TEST(inspect_text(report) ==
             "\nFindings (2)\n  warning: frame 12: A stream has no key. [srtp-no-key]\n"
             "    Give one.\n  error: Bad. [x]\n");
}

// Whatever of a capture is printed, it cannot steer the terminal: ESC and CSI above all.
BOOST_AUTO_TEST_CASE(control_characters_are_escaped_everywhere) {
  const std::string evil = "\x1b[2J\r\n\x07\x7f\x9b"
                           "1m\xc2\x9b"
                           "caf\xc3\xa9";
  analysis::Report report;
  report.files = {{evil, 1, 1}};
  report.tls.resize(1);
  report.tls[0].reason = evil;
  analysis::SipMessage message;
  message.first_line = evil;
  report.sip.messages.push_back(message);
  report.srtp = {stream(true)};
  report.srtp[0].suite = evil; // from a crypto line
  report.srtp[0].reason = evil;
  report.rtp = {stream(false)};
  report.rtp[0].codec = evil; // from a=rtpmap
  report.mikey.resize(1);
  report.mikey[0].reason = evil;
  report.findings.resize(1);
  report.findings[0].text = report.findings[0].fix = evil;
  const std::string text = inspect_text(report);
  std::size_t shown = 0;
  for (std::size_t at = 0; (at = text.find("\\x1b[2J\\x0d\\x0a\\x07\\x7f\\x9b", at)) != std::string::npos;
       ++at)
    ++shown;
  BOOST_TEST(shown == 9u);
  for (const char c : text)
    BOOST_TEST_REQUIRE((c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f' && c != '\x9b')));
  BOOST_TEST(has(text, "caf\xc3\xa9")); // letters stay
}

BOOST_AUTO_TEST_SUITE_END()
