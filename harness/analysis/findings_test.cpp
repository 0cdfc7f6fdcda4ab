// Each finding about SIP, keys and certificates: a capture that shows it, and a clean one that does not.
#include "analysis/arrival.hpp"
#include "analysis/certificate_checks.hpp"
#include "analysis/finding_kinds.hpp"
#include "analysis/key_checks.hpp"
#include "analysis/test_call.hpp"
#include "analysis/test_tls.hpp"
#include "analysis/tls_checks.hpp"

#include "tlswire/sslv2_client_hello.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace sipvet;
using namespace sipvet::analysis;
using tlswire::Side;

namespace {

constexpr std::string_view savp = "RTP/SAVP", avp = "RTP/AVP";
const Endpoint client = at(1, 40'000), server = at(2, 5061);

rtp::SrtpKey random_key(std::uint64_t seed, rtp::SrtpSuite suite = rtp::SrtpSuite::aes_cm_128_hmac_sha1_80) {
  SeededRandom random(seed);
  rtp::SrtpKey key{suite, Bytes(rtp::info(suite).key_octets), Bytes(rtp::info(suite).salt_octets), {}};
  random.fill(key.master_key);
  random.fill(key.master_salt);
  return key;
}

std::string sip_text(std::string_view start_line, std::string_view cseq, std::string_view headers,
                     std::string_view call_id = "1", std::string_view branch = "z9hG4bK1") {
  return std::string(start_line) + "\r\nVia: SIP/2.0/TLS 192.0.2.1;branch=" + std::string(branch) +
         "\r\nFrom: <sip:a@test>;tag=1\r\nTo: <sip:b@test>\r\nCall-ID: " + std::string(call_id) +
         "\r\nCSeq: " + std::string(cseq) + "\r\n" + std::string(headers) + "Content-Length: 0\r\n\r\n";
}

// Messages over one TLS connection that an RSA key opens.
struct SecureTalk {
  TestCapture capture;
  TestTls tls{TestTls::Shape{}};
  SecureTalk() {
    capture.connect(client, server);
    capture.tcp(client, server, tls.client_hello());
    capture.tcp(server, client, tls.server_flight());
    capture.tcp(client, server, tls.client_flight());
    capture.tcp(server, client, tls.server_finish());
  }
  void say(Side side, std::string_view text) {
    const auto& from = side == Side::client ? client : server;
    capture.tcp(from, side == Side::client ? server : client, tls.data(side, text));
  }
  static Report report_of(const TestCapture& octets) {
    Keys keys;
    keys.rsa.push_back({std::nullopt, std::nullopt, "sip", "server.key", TestTls::key()});
    return inspect(octets.octets(), keys).value();
  }
  Report report() const { return report_of(capture); }
};

bool has(const Report& report, std::string_view id) { return finding(report, id) != nullptr; }
std::string text_of(const Report& report, std::string_view id) {
  const auto* found = finding(report, id);
  return found == nullptr ? "" : found->text;
}
bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TestCall clean_call() {
  TestCall call;
  call.invite(savp, crypto_line(1, random_key(1)));
  call.answer(savp, crypto_line(1, random_key(2)));
  const auto from_alice = protect(audio(call.alice, 30), random_key(1));
  const auto from_bob = protect(audio(call.bob, 30), random_key(2));
  for (std::size_t i = 0; i < from_alice.size(); ++i) {
    call.media(call.alice, call.bob, {from_alice[i]});
    call.media(call.bob, call.alice, {from_bob[i]});
    call.capture.wait(20);
  }
  return call;
}

} // namespace

BOOST_AUTO_TEST_SUITE(findings)

BOOST_AUTO_TEST_CASE(a_clean_call_over_udp_shows_only_that_its_keys_were_in_the_clear) {
  const auto report = clean_call().report();
  for (const auto& found : report.findings) BOOST_TEST(found.id == "key-over-plain-transport", found.text);
  BOOST_TEST_REQUIRE(report.srtp.size() == 2);
  BOOST_TEST(report.srtp[0].max_jitter_ms < 1);
  BOOST_TEST(report.srtp[0].replayed == 0);
}

BOOST_AUTO_TEST_CASE(a_clean_talk_over_tls_shows_only_the_key_exchange) {
  SecureTalk talk;
  talk.say(Side::client, sip_text("INVITE sip:b@server.test SIP/2.0", "1 INVITE",
                                  "Contact: <sip:a@192.0.2.1:40000;transport=tls>\r\n"));
  talk.say(Side::server, sip_text("SIP/2.0 200 OK", "1 INVITE", "Contact: <sips:b@192.0.2.2>\r\n"));
  talk.say(Side::client, sip_text("BYE sip:b@server.test SIP/2.0", "2 BYE", "", "1", "z9hG4bK2"));
  talk.say(Side::server, sip_text("SIP/2.0 200 OK", "2 BYE", "", "1", "z9hG4bK2"));
  talk.capture.wait(40'000);
  talk.capture.finish(server, client);
  talk.capture.finish(client, server);
  const auto report = talk.report();
  BOOST_TEST(report.sip.messages.size() == 4);
  for (const auto& found : report.findings)
    BOOST_TEST((found.id == "static-rsa" || found.id == "certificate-expired"), found.id + ": " + found.text);
  BOOST_TEST(report.tls[0].closed_by == "server");
  BOOST_TEST(report.tls[0].idle_before_close.count() >= 40'000);
}

BOOST_AUTO_TEST_CASE(every_finding_made_here_stands_in_the_table_with_its_severity) {
  std::set<std::string_view> ids;
  for (const auto& kind : finding_kinds()) {
    BOOST_TEST(ids.insert(kind.id).second, kind.id);
    BOOST_TEST(!kind.meaning.empty());
    BOOST_TEST(!kind.fix.empty());
    BOOST_TEST(contains(finding_kinds_markdown(), std::string(kind.id)));
  }
  BOOST_TEST(find_finding_kind("weak-key") != nullptr);
  BOOST_TEST(find_finding_kind("no-such-kind") == nullptr);
  for (const auto& found : clean_call().report().findings) {
    const auto* kind = find_finding_kind(found.id);
    BOOST_TEST_REQUIRE(kind != nullptr, found.id);
    BOOST_TEST((kind->severity == found.severity), found.id);
  }
}

BOOST_AUTO_TEST_CASE(a_contact_without_tls_and_the_request_that_followed_it) {
  SecureTalk talk;
  talk.say(Side::client,
           sip_text("INVITE sip:b@server.test SIP/2.0", "1 INVITE",
                    "Contact: <sip:a@192.0.2.1:5070>\r\nRecord-Route: <sip:192.0.2.1:5080;lr>\r\n"));
  talk.say(Side::server, sip_text("SIP/2.0 200 OK", "1 INVITE", "Contact: <sip:b@192.0.2.2:5061>\r\n"));
  const auto before = talk.report();
  BOOST_TEST(std::ranges::count(before.findings, "contact-without-tls", &verdict::Finding::id) == 2);
  BOOST_TEST(contains(text_of(before, "contact-without-tls"), "such as its BYE"));
  BOOST_TEST(has(before, "record-route-without-tls"));
  BOOST_TEST(!has(before, "request-astray"));
  talk.capture.udp(at(2, 5060), at(1, 5070),
                   as_bytes(sip_text("BYE sip:a@192.0.2.1:5070 SIP/2.0", "7 BYE", "", "1", "z9hG4bK9")));
  const auto after = talk.report();
  BOOST_TEST_REQUIRE(has(after, "request-astray"));
  BOOST_TEST(finding(after, "request-astray")->frame.value_or(0) == talk.capture.frames());
  BOOST_TEST(contains(text_of(after, "request-astray"), "Contact of frame"));
}

BOOST_AUTO_TEST_CASE(a_registration_without_tls_misroutes_every_call) {
  SecureTalk talk;
  talk.say(Side::client,
           sip_text("REGISTER sip:server.test SIP/2.0", "1 REGISTER", "Contact: <sip:a@192.0.2.1>\r\n"));
  BOOST_TEST(contains(text_of(talk.report(), "contact-without-tls"), "every call to the registered user"));
}

BOOST_AUTO_TEST_CASE(retransmissions_are_counted_and_copies_are_not) {
  TestCall call;
  const auto request = sip_message("OPTIONS sip:b@test SIP/2.0", "1 OPTIONS", "");
  call.send(call.alice, call.bob, request);
  call.send(call.alice, call.bob, request); // the same packet at a second place of capture
  call.send(call.bob, call.alice, sip_message("SIP/2.0 200 OK", "1 OPTIONS", ""));
  BOOST_TEST(!has(call.report(), "sip-retransmission"));
  TestCall slow;
  for (const unsigned wait : {0U, 500U, 1000U}) {
    slow.capture.wait(wait);
    slow.send(slow.alice, slow.bob, request);
  }
  for (const unsigned wait : {10U, 600U}) {
    slow.capture.wait(wait);
    slow.send(slow.bob, slow.alice, sip_message("SIP/2.0 200 OK", "1 OPTIONS", ""));
  }
  const auto report = slow.report();
  BOOST_TEST(std::ranges::count(report.findings, "sip-retransmission", &verdict::Finding::id) == 2);
  BOOST_TEST(contains(text_of(report, "sip-retransmission"), "was sent 3 times"));
  BOOST_TEST(!has(report, "request-unanswered"));
}

BOOST_AUTO_TEST_CASE(a_request_without_an_answer_is_a_finding_unless_the_capture_ends_first) {
  TestCall call;
  call.send(call.alice, call.bob, sip_message("OPTIONS sip:b@test SIP/2.0", "1 OPTIONS", ""));
  BOOST_TEST(!has(call.report(), "request-unanswered"));
  call.capture.wait(2000);
  call.send(call.alice, call.bob, sip_message("ACK sip:b@test SIP/2.0", "3 ACK", ""));
  BOOST_TEST(contains(text_of(call.report(), "request-unanswered"), "OPTIONS sip:b@test"));
  call.send(call.bob, call.alice, sip_message("SIP/2.0 200 OK", "1 OPTIONS", ""));
  call.capture.wait(2000);
  call.send(call.alice, call.bob, sip_message("ACK sip:b@test SIP/2.0", "3 ACK", ""));
  BOOST_TEST(!has(call.report(), "request-unanswered"));
}

BOOST_AUTO_TEST_CASE(a_refused_offer_is_shown_without_its_key) {
  for (const auto* status : {"488 Not Acceptable Here", "415 Unsupported Media Type"}) {
    TestCall call;
    call.invite(savp, crypto_line(1, random_key(1)));
    call.send(call.bob, call.alice, sip_message("SIP/2.0 " + std::string(status), "1 INVITE", ""));
    const auto text = text_of(call.report(), "offer-refused");
    BOOST_TEST(contains(text, "m=audio 10000 RTP/SAVP 0; a=crypto:1 AES_CM_128_HMAC_SHA1_80"), text);
    BOOST_TEST(contains(text, status), text);
    BOOST_TEST(!contains(text, "inline"), text);
    BOOST_TEST(!has(call.report(), "mikey-sdes-mismatch"));
  }
  TestCall busy;
  busy.invite(savp, crypto_line(1, random_key(1)));
  busy.send(busy.bob, busy.alice, sip_message("SIP/2.0 486 Busy Here", "1 INVITE", ""));
  BOOST_TEST(!has(busy.report(), "offer-refused"));
}

BOOST_AUTO_TEST_CASE(mikey_against_sdes_is_named) {
  TestCall refused;
  refused.invite(savp, "a=key-mgmt:mikey AQAFgM0XflABAAAAAAAAAAAAAAsAyO\r\n");
  refused.send(refused.bob, refused.alice, sip_message("SIP/2.0 488 Not Acceptable Here", "1 INVITE", ""));
  BOOST_TEST(contains(text_of(refused.report(), "mikey-sdes-mismatch"), "MIKEY keys only"));
  TestCall answered;
  answered.invite(savp, "a=key-mgmt:mikey AQAFgM0XflABAAAAAAAAAAAAAAsAyO\r\n");
  answered.answer(savp, crypto_line(1, random_key(1)));
  BOOST_TEST(contains(text_of(answered.report(), "mikey-sdes-mismatch"), "answered with SDES"));
}

BOOST_AUTO_TEST_CASE(keys_with_a_pattern_are_weak) {
  const auto weak = [](Bytes octets) { return key_weakness(octets, 16).has_value(); };
  BOOST_TEST(weak(Bytes(30, 0)));
  BOOST_TEST(weak(test_key(1).master_key)); // 1, 2, 3, …
  BOOST_TEST(weak(to_bytes("this is a text and thirty long")));
  Bytes twice = random_key(4).master_key;
  append(twice, random_key(4).master_key);
  BOOST_TEST(weak(twice));
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Bytes octets(30);
    SeededRandom(seed).fill(octets);
    BOOST_TEST(!weak(octets));
  }
  TestCall call;
  call.invite(savp, crypto_line(1, test_key(1)));
  call.answer(savp, crypto_line(1, random_key(2)));
  BOOST_TEST(contains(text_of(call.report(), "weak-key"), "even steps"));
}

BOOST_AUTO_TEST_CASE(a_key_of_an_earlier_call_is_named_and_one_passed_on_is_not) {
  const auto two_calls = [](std::uint16_t second_port) {
    TestCall call;
    call.invite(savp, crypto_line(1, random_key(1)));
    Phone again = call.alice;
    again.media.port = second_port;
    call.send(again, call.bob,
              sip_message("INVITE sip:b@test SIP/2.0", "1 INVITE",
                          description(again, savp, crypto_line(1, random_key(1))), "other@test"));
    return call.report();
  };
  BOOST_TEST(
      contains(text_of(two_calls(11'000), "key-reused-across-calls"), "frame 1 for the call call@test"));
  BOOST_TEST(!has(two_calls(10'000), "key-reused-across-calls"));
}

BOOST_AUTO_TEST_CASE(a_key_that_is_no_base64) {
  TestCall call;
  call.invite(savp, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%%%%\r\n");
  BOOST_TEST(has(call.report(), "key-not-base64"));
  BOOST_TEST(!has(call.report(), "crypto-line-unreadable"));
}

BOOST_AUTO_TEST_CASE(media_from_an_address_that_no_description_names) {
  auto call = clean_call();
  auto stranger = call.alice;
  stranger.media = at(9, 9'000);
  stranger.ssrc = 0x51;
  call.media(stranger, call.bob, audio(stranger, 10));
  BOOST_TEST(contains(text_of(call.report(), "media-address-unknown"), "comes from elsewhere"));
  auto nowhere = call.bob;
  nowhere.media = at(8, 8'000);
  auto lost = clean_call();
  lost.media(stranger, nowhere, audio(stranger, 10));
  BOOST_TEST(contains(text_of(lost.report(), "media-address-unknown"), "names either address"));
}

BOOST_AUTO_TEST_CASE(loss_jitter_and_replay_have_their_numbers) {
  auto call = clean_call();
  auto from_alice = protect(audio(call.alice, 90, 130), random_key(1));
  const auto kept = from_alice[40];
  from_alice.erase(from_alice.begin() + 20, from_alice.begin() + 25);
  from_alice.erase(from_alice.begin() + 50);
  for (std::size_t i = 0; i < from_alice.size(); ++i) {
    call.media(call.alice, call.bob, {from_alice[i]});
    call.capture.wait(i % 2 == 0 ? 0 : 160);
  }
  call.media(call.alice, call.bob, {kept});
  const auto report = call.report();
  BOOST_TEST(contains(text_of(report, "media-lost"), "6 packets of"));
  BOOST_TEST(contains(text_of(report, "media-lost"), "in 2 gaps of 5 at most"));
  BOOST_TEST(has(report, "media-jitter"));
  BOOST_TEST(contains(text_of(report, "media-replayed"), "1 packets of"));
}

BOOST_AUTO_TEST_CASE(jitter_is_that_of_rfc_3550) {
  Arrival even, uneven;
  Instant time{};
  for (std::uint16_t i = 0; i < 100; ++i) {
    even.add(i, i * 160U, 8000, time);
    uneven.add(i, i * 160U, 8000, time + std::chrono::milliseconds(i % 2 == 0 ? 0 : 8));
    time += std::chrono::milliseconds(20);
  }
  BOOST_TEST(even.max_jitter_ms() == 0);
  BOOST_TEST(uneven.max_jitter_ms() > 7.9); // every difference is 8 ms
  BOOST_TEST(uneven.max_jitter_ms() <= 8.0);
  BOOST_TEST((even.add(99, 99 * 160, 8000, time) == Arrival::Seen::repeated));
  BOOST_TEST((even.add(99, 99 * 160, 8000, time + std::chrono::seconds(1)) == Arrival::Seen::repeated_late));
}

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
  auto& request = report.sip.messages.emplace_back();
  request.connection = 0;
  request.is_request = true;
  request.next_hop = "elsewhere.test";
  BOOST_TEST(judged() == "certificate-wrong-name ");
  report.sip.messages.clear();
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
