#include "analysis/test_tls_session.hpp"
#include "crypto/hash.hpp"
#include "tlswire/version.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

using namespace sipvet;
using namespace sipvet::analysis;
using tlswire::Side;

namespace {

const std::string options_text =
    "OPTIONS sip:b@test SIP/2.0\r\nVia: SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK1\r\n"
    "From: <sip:a@test>;tag=1\r\nTo: <sip:b@test>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n"
    "Content-Length: 0\r\n\r\n";
const std::string ok_text = "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK1\r\n"
                            "From: <sip:a@test>;tag=1\r\nTo: <sip:b@test>;tag=2\r\nCall-ID: 1\r\n"
                            "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

void talk(TestCapture& capture, TestTls& tls) {
  capture.tcp(client, server, tls.data(Side::client, options_text));
  capture.tcp(server, client, tls.data(Side::server, ok_text));
}

Report judge(const TestCapture& capture, const Keys& keys) { return inspect(capture.octets(), keys).value(); }

std::string sha256(std::string_view text) {
  return to_hex(crypto::digest(crypto::Hash::sha256, as_bytes(text)));
}

void expect_both_messages(const Report& report, std::string_view source) {
  BOOST_TEST_REQUIRE(report.tls.size() == 1);
  const auto& tls = report.tls[0];
  BOOST_TEST(tls.decrypted);
  BOOST_TEST(tls.reason.value_or("") == "");
  BOOST_TEST(tls.key_source == source);
  BOOST_TEST(tls.handshake_completed);
  BOOST_TEST(tls.client_sha256 == sha256(options_text));
  BOOST_TEST(tls.server_sha256 == sha256(ok_text));
  BOOST_TEST_REQUIRE(report.sip.messages.size() == 2);
  BOOST_TEST(report.sip.messages[0].text == options_text);
  BOOST_TEST(report.sip.messages[0].connection.value_or(9) == 0);
  BOOST_TEST((report.sip.messages[1].transport == Transport::tls));
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_follower)

BOOST_AUTO_TEST_CASE(an_rsa_key_opens_every_form_of_static_rsa) {
  for (const auto suite : {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
                           "TLS_RSA_WITH_AES_256_CBC_SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"})
    for (const bool extended : {true, false})
      for (const bool mac_last : {true, false}) {
        BOOST_TEST_CONTEXT(suite << " extended " << extended << " encrypt-then-MAC " << mac_last) {
          const auto* known = tlswire::find_suite(std::string_view(suite));
          TestTls tls({.suite = suite,
                       .extended_master_secret = extended,
                       .encrypt_then_mac = mac_last && known->mode() == tlswire::SuiteMode::cbc});
          TestCapture capture;
          handshake(capture, tls);
          talk(capture, tls);
          const auto report = judge(capture, rsa_key());
          expect_both_messages(report, "rsa");
          BOOST_TEST(report.tls[0].cipher == suite);
          BOOST_TEST(report.tls[0].version == "TLSv1.2");
          BOOST_TEST(report.tls[0].certificate.find("CN=server.test") != std::string::npos);
          BOOST_TEST(finding(report, "static-rsa") != nullptr);
        }
      }
}

BOOST_AUTO_TEST_CASE(old_versions_are_opened_and_remarked_on) {
  for (const std::uint16_t version : {tlswire::ssl3, tlswire::tls1_0, tlswire::tls1_1}) {
    TestTls tls({.version = version, .extended_master_secret = false, .encrypt_then_mac = false});
    TestCapture capture;
    handshake(capture, tls);
    talk(capture, tls);
    const auto report = judge(capture, rsa_key());
    expect_both_messages(report, "rsa");
    BOOST_TEST(finding(report, "weak-or-old-tls") != nullptr);
  }
}

BOOST_AUTO_TEST_CASE(a_keylog_opens_the_same_connection) {
  TestTls tls({});
  TestCapture capture;
  handshake(capture, tls);
  talk(capture, tls);
  Keys keys;
  BOOST_TEST_REQUIRE(keys.keylog.add_line(tls.keylog_line()).has_value());
  expect_both_messages(judge(capture, keys), "keylog");
}

BOOST_AUTO_TEST_CASE(directions_captured_out_of_step_are_put_in_order) {
  TestTls tls({});
  TestCapture capture;
  capture.connect(client, server);
  const auto hello = tls.client_hello(), flight = tls.server_flight(), client_flight = tls.client_flight(),
             finish = tls.server_finish(), request = tls.data(Side::client, options_text),
             response = tls.data(Side::server, ok_text);
  for (const auto& part : {flight, finish}) capture.tcp(server, client, part);
  for (const auto& part : {hello, client_flight, request}) capture.tcp(client, server, part);
  capture.tcp(server, client, response);
  expect_both_messages(judge(capture, rsa_key()), "rsa");
}

// The file has the frames in reverse; their times tell the order.
BOOST_AUTO_TEST_CASE(frames_out_of_order_in_the_file_are_put_in_order) {
  TestTls tls({});
  TestCapture capture;
  handshake(capture, tls);
  talk(capture, tls);
  const ByteView file(capture.octets());
  Bytes reversed;
  for (std::size_t at = 24; at < file.size();) {
    const auto octets = 16 + (file[at + 8] | static_cast<std::size_t>(file[at + 9]) << 8);
    reversed.insert(reversed.begin(), file.begin() + static_cast<std::ptrdiff_t>(at),
                    file.begin() + static_cast<std::ptrdiff_t>(at + octets));
    at += octets;
  }
  reversed.insert(reversed.begin(), file.begin(), file.begin() + 24);
  const auto report = inspect(reversed, rsa_key()).value();
  expect_both_messages(report, "rsa");
  BOOST_TEST(report.sip.messages[0].frame == 2); // as the file counts
  BOOST_TEST(report.sip.messages[1].frame == 1);
}

BOOST_AUTO_TEST_CASE(records_may_be_cut_anywhere) {
  TestTls tls({});
  TestCapture capture;
  capture.connect(client, server);
  const auto in_pieces = [&](const Endpoint& from, const Endpoint& to, const Bytes& octets) {
    for (std::size_t i = 0; i < octets.size(); i += 7)
      capture.tcp(from, to, ByteView(octets).subspan(i, std::min<std::size_t>(7, octets.size() - i)));
  };
  in_pieces(client, server, tls.client_hello());
  in_pieces(server, client, tls.server_flight());
  in_pieces(client, server, tls.client_flight());
  in_pieces(server, client, tls.server_finish());
  in_pieces(client, server, tls.data(Side::client, options_text));
  in_pieces(server, client, tls.data(Side::server, ok_text));
  expect_both_messages(judge(capture, rsa_key()), "rsa");
}

BOOST_AUTO_TEST_CASE(a_resumed_session_is_opened_with_the_first_ones_secret) {
  TestTls first({});
  TestCapture capture;
  handshake(capture, first);
  capture.finish(client, server);
  capture.finish(server, client);
  TestTls second({.resumed_master = first.master});
  handshake(capture, second);
  talk(capture, second);
  const auto report = judge(capture, rsa_key());
  BOOST_TEST_REQUIRE(report.tls.size() == 2);
  BOOST_TEST(report.tls[1].resumed);
  BOOST_TEST(report.tls[1].key_source == "resumed");
  BOOST_TEST(report.tls[1].client_sha256 == sha256(options_text));
  BOOST_TEST(report.sip.messages.size() == 2);
}

BOOST_AUTO_TEST_CASE(a_resumed_session_alone_says_why_it_stays_closed) {
  TestTls tls({.resumed_master = Bytes(48, 9)});
  TestCapture capture;
  handshake(capture, tls);
  talk(capture, tls);
  const auto report = judge(capture, rsa_key());
  BOOST_TEST(report.tls[0].reason.value_or("") == "resumed session whose keys are not known");
}

BOOST_AUTO_TEST_CASE(without_keys_the_reason_is_named) {
  TestTls tls({});
  TestCapture capture;
  handshake(capture, tls);
  talk(capture, tls);
  const auto nothing = judge(capture, {});
  BOOST_TEST(!nothing.tls[0].decrypted);
  BOOST_TEST(nothing.tls[0].reason.value_or("") == "no key was given");
  BOOST_TEST(nothing.tls[0].cipher == "TLS_RSA_WITH_AES_128_CBC_SHA");

  SeededRandom random(8);
  auto ca = crypto::LabCa::create(random, Instant{} + std::chrono::hours(24)).value();
  Keys other;
  other.rsa.push_back({std::nullopt, std::nullopt, "sip", "other.key",
                       crypto::PrivateKey::from_pem(ca.root_key_pem()).value()});
  const auto wrong = judge(capture, other);
  BOOST_TEST(wrong.tls[0].reason.value_or("") == "key does not match the certificate");
  BOOST_TEST_REQUIRE(!wrong.findings.empty());
  BOOST_TEST(wrong.findings.front().id == "unused-key"); // before anything else
  BOOST_TEST(wrong.findings.front().text.find("other.key") != std::string::npos);

  Keys stale;
  BOOST_TEST_REQUIRE(
      stale.keylog
          .add_line(fmt::format("CLIENT_RANDOM {} {}", to_hex(tls.hello.random), to_hex(Bytes(48, 3))))
          .has_value());
  BOOST_TEST(judge(capture, stale).tls[0].reason.value_or("") == "the secret does not open the records");
}

BOOST_AUTO_TEST_CASE(a_damaged_key_exchange_is_not_blamed_on_the_key) {
  TestTls tls({});
  TestCapture capture;
  capture.connect(client, server);
  capture.tcp(client, server, tls.client_hello());
  capture.tcp(server, client, tls.server_flight());
  auto flight = tls.client_flight();
  flight[40] ^= 1; // within the encrypted premaster secret
  capture.tcp(client, server, flight);
  capture.tcp(server, client, tls.server_finish());
  const auto report = judge(capture, rsa_key());
  BOOST_TEST(report.tls[0].reason.value_or("") ==
             "damaged handshake: the key does not open the premaster secret");
  BOOST_TEST(finding(report, "unused-key") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_connection_joined_in_its_middle_is_named) {
  TestTls tls({});
  (void)tls.client_hello(), (void)tls.server_flight(), (void)tls.client_flight(), (void)tls.server_finish();
  TestCapture capture;
  talk(capture, tls);
  const auto report = judge(capture, rsa_key());
  BOOST_TEST_REQUIRE(report.tls.size() == 1);
  BOOST_TEST(report.tls[0].reason.value_or("") == "handshake not captured");
  BOOST_TEST((report.tls[0].server == server));
}

BOOST_AUTO_TEST_CASE(lost_octets_are_named_and_what_came_before_is_kept) {
  TestTls tls({});
  TestCapture capture;
  handshake(capture, tls);
  capture.tcp(client, server, tls.data(Side::client, options_text));
  const auto lost = tls.data(Side::server, ok_text);
  capture.lose(server, client, lost.size());
  capture.tcp(server, client, tls.data(Side::server, ok_text));
  const auto report = judge(capture, rsa_key());
  BOOST_TEST(report.tls[0].decrypted);
  BOOST_TEST(report.tls[0].reason.value_or("").starts_with("bytes lost at offset"));
  BOOST_TEST(report.tls[0].client_sha256 == sha256(options_text));
  BOOST_TEST(finding(report, "tls-not-decrypted") != nullptr);
}

BOOST_AUTO_TEST_CASE(plaintext_that_is_no_sip_is_hashed_and_said_to_be_none) {
  TestTls tls({});
  TestCapture capture;
  handshake(capture, tls);
  capture.tcp(client, server, tls.data(Side::client, "GET / HTTP/1.1\r\n\r\n"));
  const auto report = judge(capture, rsa_key());
  BOOST_TEST(report.tls[0].client_bytes == 18);
  BOOST_TEST(report.tls[0].client_sha256 == sha256("GET / HTTP/1.1\r\n\r\n"));
  BOOST_TEST(!report.tls[0].carries_sip);
  BOOST_TEST(report.sip.messages.empty());
  BOOST_TEST(finding(report, "sip-framing-lost") == nullptr);
}

BOOST_AUTO_TEST_CASE(plain_sip_to_a_tls_port_is_an_error) {
  TestCapture capture;
  capture.connect(client, server);
  capture.tcp(client, server, as_bytes(options_text));
  capture.tcp(server, client, Bytes{21, 3, 3, 0, 2, 2, 10}); // alert: fatal unexpected_message
  const auto report = judge(capture, {});
  BOOST_TEST_REQUIRE(finding(report, "plain-sip-to-tls-port") != nullptr);
  BOOST_TEST(std::ranges::count(report.findings, "plain-sip-to-tls-port", &verdict::Finding::id) == 1);
  BOOST_TEST(report.sip.messages.size() == 1);
}

BOOST_AUTO_TEST_CASE(damaged_captures_end_nothing) {
  TestTls tls({});
  TestCapture capture;
  handshake(capture, tls);
  talk(capture, tls);
  SeededRandom random(3);
  for (int round = 0; round < 300; ++round) {
    auto octets = capture.octets();
    if (round % 3 == 0) octets.resize(25 + random.below(octets.size() - 25));
    for (int i = 0; i < 5; ++i)
      octets[24 + random.below(octets.size() - 24)] = static_cast<std::uint8_t>(random.below(256));
    const auto report = inspect(octets, rsa_key());
    BOOST_TEST(report.has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()
