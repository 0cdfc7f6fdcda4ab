// Every kind of finding: a capture that shows it, and one next to it that does not.
#include "analysis/certificate_checks.hpp"
#include "analysis/finding_kinds.hpp"
#include "analysis/test_findings.hpp"
#include "analysis/tls_checks.hpp"
#include "base/random.hpp"
#include "rtp/rtcp.hpp"
#include "tlswire/sslv2_client_hello.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>

using namespace sipvet;
using namespace sipvet::analysis;
using tlswire::Side;

namespace {

using Shows = std::function<Report(bool there)>;

// The clean call once more, after `change` had its way with offer, answer and what is sent.
struct Plan {
  std::string offered = crypto_line(1, random_key(1)), answered = crypto_line(1, random_key(2));
  std::string_view profile = savp;
  rtp::SrtpKey sent_by_alice = random_key(1);
  bool bob_sends = true;
};
TestCall call_of(const Plan& plan) {
  TestCall call;
  call.invite(plan.profile, plan.offered);
  call.answer(plan.profile, plan.answered);
  call.media(call.alice, call.bob, protect(audio(call.alice, 30), plan.sent_by_alice));
  if (plan.bob_sends) call.media(call.bob, call.alice, protect(audio(call.bob, 30), random_key(2)));
  return call;
}
Report negotiated(const std::string& offered, const std::string& answered) {
  Plan plan;
  plan.offered = offered;
  plan.answered = answered;
  return call_of(plan).report();
}
const std::string mikey = "a=key-mgmt:mikey AQAFgM0XflABAAAAAAAAAAAAAAsAyO\r\n";

Report with_message(std::string_view start, std::string_view cseq, std::string_view headers) {
  SecureTalk talk;
  talk.say(Side::client, sip_text(start, cseq, headers));
  return talk.report();
}

Report over_tls(TestTls::Shape shape, const Keys& keys) {
  TestCapture capture;
  TestTls tls(std::move(shape));
  capture.connect(client, server);
  capture.tcp(client, server, tls.client_hello());
  capture.tcp(server, client, tls.server_flight());
  capture.tcp(client, server, tls.client_flight());
  capture.tcp(server, client, tls.server_finish());
  capture.tcp(client, server,
              tls.data(Side::client, sip_text("OPTIONS sip:b@server.test SIP/2.0", "1 OPTIONS", "")));
  return inspect(capture.octets(), keys).value();
}

// The server answers a hello with this alert, or with its own hello.
Report answered_hello(const Bytes& alert, bool sslv2 = false) {
  TestCapture capture;
  TestTls tls{TestTls::Shape{}};
  capture.connect(client, server);
  const auto hello = tls.client_hello();
  tlswire::Sslv2ClientHello old;
  old.cipher_specs = {0x2f};
  old.challenge = Bytes(16, 5);
  capture.tcp(client, server, sslv2 ? tlswire::write_sslv2_client_hello(old) : hello);
  capture.tcp(server, client, alert.empty() ? tls.server_flight() : alert);
  capture.finish(server, client);
  capture.finish(client, server);
  return inspect(capture.octets(), rsa_key()).value();
}
Bytes fatal(std::uint8_t description) { return {21, 3, 3, 0, 2, 2, description}; }

Report call_with_rtcp(bool plain) {
  auto call = clean_call();
  rtp::SenderReport sender_report;
  sender_report.ssrc = call.alice.ssrc;
  const auto rtcp = rtp::serialize(std::vector<rtp::RtcpPacket>{sender_report});
  auto sender = srtp::Sender::create(random_key(1)).value();
  auto from = call.alice.media, to = call.bob.media;
  ++from.port;
  ++to.port;
  call.capture.udp(from, to, plain ? rtcp : sender.protect_rtcp(rtcp).value());
  return call.report();
}

Report judged_certificate(std::string subject, std::string issuer, int hours, std::vector<TlsAlert> alerts,
                          std::string_view asked = "gw.example.com") {
  Report report;
  auto& certificate = report.certificates.emplace_back();
  certificate.subject = std::move(subject);
  certificate.issuer = std::move(issuer);
  certificate.dns_names = {"gw.example.com"};
  certificate.not_before = Instant{} + std::chrono::hours(100);
  certificate.not_after = Instant{} + std::chrono::hours(200);
  auto& connection = report.tls.emplace_back();
  connection.certificate_index = 0;
  connection.server_name = asked;
  connection.first_time = Instant{} + std::chrono::hours(hours);
  connection.alerts = std::move(alerts);
  FindingList list;
  check_certificates(report, list);
  report.findings = list.take();
  return report;
}

Report octets_changed(const std::function<void(Bytes&)>& change) {
  auto octets = clean_call().capture.octets();
  change(octets);
  return inspect(octets, {}).value();
}

// A frame of these octets behind the others.
void add_frame(Bytes& octets, const Bytes& packet) {
  const auto size = static_cast<std::uint8_t>(packet.size());
  append(octets, Bytes{0, 0, 0x60, 0x65, 0, 0, 0, 0, size, 0, 0, 0, size, 0, 0, 0});
  append(octets, packet);
}
Bytes udp_packet(std::uint8_t fragment_flags, std::uint8_t version_and_length) {
  return {version_and_length,
          0,
          0,
          36,
          0,
          1,
          fragment_flags,
          0,
          64,
          17,
          0,
          0,
          192,
          0,
          2,
          1,
          192,
          0,
          2,
          2,
          16,
          0,
          16,
          0,
          0,
          16,
          0,
          0,
          1,
          2,
          3,
          4,
          5,
          6,
          7,
          8};
}

Report idle(bool long_enough) {
  SecureTalk talk;
  talk.say(Side::client, sip_text("REGISTER sip:server.test SIP/2.0", "1 REGISTER", "", "reg"));
  talk.say(Side::server, sip_text("SIP/2.0 200 OK", "1 REGISTER", "", "reg"));
  talk.capture.wait(long_enough ? 30'000 : 100);
  talk.capture.finish(server, client);
  talk.capture.finish(client, server);
  return talk.report();
}

Report datagram(std::string_view text) {
  TestCapture capture;
  capture.udp(at(1, 5060), at(2, 5060), as_bytes(text));
  return inspect(capture.octets(), {}).value();
}

Report astray(bool to_the_contact) {
  SecureTalk talk;
  talk.say(Side::client,
           sip_text("INVITE sip:b@server.test SIP/2.0", "1 INVITE", "Contact: <sip:a@192.0.2.1:5070>\r\n"));
  talk.capture.udp(at(2, 5060), at(1, 5070),
                   as_bytes(sip_text(to_the_contact ? "BYE sip:a@192.0.2.1:5070 SIP/2.0"
                                                    : "BYE sip:c@192.0.2.1:5071 SIP/2.0",
                                     "7 BYE", "", "1", "z9hG4bK9")));
  return talk.report();
}

Report repeated_request(unsigned wait_ms) {
  TestCall call;
  const auto request = sip_message("OPTIONS sip:b@test SIP/2.0", "1 OPTIONS", "");
  call.send(call.alice, call.bob, request);
  call.capture.wait(wait_ms);
  call.send(call.alice, call.bob, request);
  call.send(call.bob, call.alice, sip_message("SIP/2.0 200 OK", "1 OPTIONS", ""));
  return call.report();
}

Report waited_for_an_answer(bool answered) {
  TestCall call;
  call.send(call.alice, call.bob, sip_message("OPTIONS sip:b@test SIP/2.0", "1 OPTIONS", ""));
  if (answered) call.send(call.bob, call.alice, sip_message("SIP/2.0 200 OK", "1 OPTIONS", ""));
  call.capture.wait(2000);
  call.send(call.alice, call.bob, sip_message("ACK sip:b@test SIP/2.0", "3 ACK", ""));
  return call.report();
}

Report refused(std::string_view status) {
  TestCall call;
  call.invite(savp, crypto_line(1, random_key(1)));
  call.send(call.bob, call.alice, sip_message("SIP/2.0 " + std::string(status), "1 INVITE", ""));
  return call.report();
}

Report same_key_in_another_call(std::uint64_t seed) {
  TestCall call;
  call.invite(savp, crypto_line(1, random_key(1)));
  Phone again = call.alice;
  again.media.port = 11'000;
  call.send(again, call.bob,
            sip_message("INVITE sip:b@test SIP/2.0", "1 INVITE",
                        description(again, savp, crypto_line(1, random_key(seed))), "other@test"));
  return call.report();
}

// The clean call, and behind it what `add` sends.
Report and_then(const std::function<void(TestCall&)>& add) {
  auto call = clean_call();
  add(call);
  return call.report();
}

Report sip_over_tcp(std::uint16_t port, bool lost) {
  TestCapture capture;
  const Endpoint to = at(2, port);
  capture.connect(client, to);
  const auto text = sip_text("OPTIONS sip:b@server.test SIP/2.0", "1 OPTIONS", "");
  capture.tcp(client, to, as_bytes(text));
  if (lost) capture.tcp(client, to, as_bytes("this is no SIP any more\r\n"));
  capture.tcp(client, to, as_bytes(text));
  return inspect(capture.octets(), {}).value();
}

Report noise(std::size_t most_streams) {
  TestCall call;
  for (std::uint32_t i = 0; i < 3; ++i) {
    auto phone = call.alice;
    phone.ssrc += i;
    call.media(phone, call.bob, audio(phone, 10));
  }
  Options options;
  options.most_media_streams = most_streams;
  return inspect(call.capture.octets(), {}, options).value();
}

Report keyed(const std::function<void(Keys&)>& add) {
  Keys keys;
  add(keys);
  return call_of({}).report(keys);
}

std::string srtp_key_text(const rtp::SrtpKey& key) {
  Bytes both = key.master_key;
  append(both, key.master_salt);
  return "AES_CM_128_HMAC_SHA1_80:" + to_base64(both);
}

std::string lifetime_line(std::string_view lifetime) {
  auto line = crypto_line(1, random_key(1));
  line.insert(line.size() - 2, lifetime);
  return line;
}

Report sent_under(const rtp::SrtpKey& key) {
  Plan plan;
  plan.sent_by_alice = key;
  return call_of(plan).report();
}

Report wrapped(bool before_the_call) {
  TestCall call;
  call.invite(savp, crypto_line(1, random_key(1)));
  call.answer(savp, crypto_line(1, random_key(2)));
  auto sender = srtp::Sender::create(random_key(1)).value();
  if (before_the_call)
    for (const std::uint16_t sequence : std::initializer_list<std::uint16_t>{0, 20'000, 40'000, 60'000})
      (void)sender.protect_rtp(audio(call.alice, 1, sequence).front()).value();
  for (const auto& packet : audio(call.alice, 10))
    call.media(call.alice, call.bob, {sender.protect_rtp(packet).value()});
  return call.report();
}

const std::map<std::string_view, Shows>& captures_of_kinds() {
  static const std::map<std::string_view, Shows> table = {
      {"unused-key",
       [](bool there) {
         TestCall call;
         call.media(call.alice, call.bob, protect(audio(call.alice, 30), random_key(1)));
         Keys keys;
         BOOST_TEST_REQUIRE(add_srtp_key(keys, srtp_key_text(random_key(there ? 9 : 1))).has_value());
         return call.report(keys);
       }},
      {"keylog-line-unreadable",
       [](bool there) {
         return keyed([&](Keys& keys) {
           if (there) keys.remarks.push_back("line 1 of a key log is no secret");
         });
       }},
      {"capture-truncated",
       [](bool there) {
         return octets_changed([&](Bytes& octets) { octets.resize(octets.size() - (there ? 3 : 0)); });
       }},
      {"frame-undecodable",
       [](bool there) {
         return octets_changed([&](Bytes& octets) { add_frame(octets, udp_packet(0, there ? 0x4f : 0x45)); });
       }},
      {"fragments-incomplete",
       [](bool there) {
         return octets_changed([&](Bytes& octets) { add_frame(octets, udp_packet(there ? 0x20 : 0, 0x45)); });
       }},
      {"media-left-out", [](bool there) { return noise(there ? 2 : 3); }},
      {"tls-not-decrypted", [](bool there) { return over_tls({}, there ? Keys{} : rsa_key()); }},
      {"plain-sip-to-tls-port", [](bool there) { return sip_over_tcp(there ? 5061 : 5060, false); }},
      {"sslv2-hello-refused", [](bool there) { return answered_hello(there ? fatal(40) : Bytes{}, true); }},
      {"no-common-tls", [](bool there) { return answered_hello(there ? fatal(40) : Bytes{}); }},
      {"tls-handshake-failed", [](bool there) { return answered_hello(there ? fatal(80) : Bytes{}); }},
      {"certificate-expired",
       [](bool there) { return judged_certificate("CN=gw", "CN=ca", there ? 250 : 150, {}); }},
      {"certificate-not-yet-valid",
       [](bool there) { return judged_certificate("CN=gw", "CN=ca", there ? 50 : 150, {}); }},
      {"certificate-wrong-name",
       [](bool there) {
         return judged_certificate("CN=gw", "CN=ca", 150, {}, there ? "elsewhere.test" : "gw.example.com");
       }},
      {"certificate-self-signed",
       [](bool there) { return judged_certificate("CN=gw", there ? "CN=gw" : "CN=ca", 150, {}); }},
      {"certificate-refused",
       [](bool there) {
         return judged_certificate("CN=gw", "CN=ca", 150,
                                   {{true, 2, there ? std::uint8_t{48} : std::uint8_t{0}}});
       }},
      {"weak-or-old-tls",
       [](bool there) {
         TestTls::Shape shape;
         if (there) shape.version = shape.premaster_version = 0x0301;
         return over_tls(shape, rsa_key());
       }},
      {"static-rsa",
       [](bool there) {
         FindingList list;
         Report report;
         TlsConnection connection;
         connection.version = "TLSv1.2";
         connection.cipher = there ? "TLS_RSA_WITH_AES_128_CBC_SHA" : "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
         check_connection(connection, list);
         report.findings = list.take();
         return report;
       }},
      {"tls-closed-idle", idle},
      {"sip-message-unreadable",
       [](bool there) {
         return datagram(there ? "OPTIONS sip:b@test SIP/2.0\r\nno header field\r\n\r\n" : "no SIP at all");
       }},
      {"sip-framing-lost", [](bool there) { return sip_over_tcp(5060, there); }},
      {"contact-without-tls",
       [](bool there) {
         return with_message("INVITE sip:b@server.test SIP/2.0", "1 INVITE",
                             there ? "Contact: <sip:a@192.0.2.1>\r\n"
                                   : "Contact: <sip:a@192.0.2.1;transport=TLS>\r\n");
       }},
      {"record-route-without-tls",
       [](bool there) {
         return with_message("INVITE sip:b@server.test SIP/2.0", "1 INVITE",
                             there ? "Record-Route: <sip:192.0.2.1;lr>\r\n"
                                   : "Record-Route: <sips:192.0.2.1;lr>\r\n");
       }},
      {"request-astray", astray},
      {"sip-retransmission", [](bool there) { return repeated_request(there ? 500 : 0); }},
      {"request-unanswered", [](bool there) { return waited_for_an_answer(!there); }},
      {"offer-refused",
       [](bool there) { return refused(there ? "488 Not Acceptable Here" : "486 Busy Here"); }},
      {"sdp-unreadable",
       [](bool there) {
         TestCall call;
         call.invite(savp, there ? "a crypto line\r\n" : crypto_line(1, random_key(1)));
         return call.report();
       }},
      {"mikey-sdes-mismatch",
       [](bool there) { return negotiated(mikey, there ? crypto_line(1, random_key(2)) : mikey); }},
      {"crypto-line-unreadable",
       [](bool there) { return negotiated(there ? "a=crypto:one\r\n" : crypto_line(1, random_key(1)), ""); }},
      {"key-not-base64",
       [](bool there) {
         return negotiated(there ? "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%%%%\r\n"
                                 : crypto_line(1, random_key(1)),
                           "");
       }},
      {"key-length-wrong",
       [](bool there) {
         return negotiated(there ? "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAECAwQFBgcICQ==\r\n"
                                 : crypto_line(1, random_key(1)),
                           "");
       }},
      {"crypto-line-odd",
       [](bool there) {
         const std::string suite = there ? "AES_CM_256_HMAC_SHA1_80" : "AES_256_CM_HMAC_SHA1_80";
         const std::string key = to_base64(SeededRandom(1).bytes(46));
         return negotiated("a=crypto:1 " + suite + " inline:" + key + "\r\n", "");
       }},
      {"crypto-at-session-level",
       [](bool there) {
         TestCall call;
         const std::string line = crypto_line(1, random_key(1));
         std::string text = description(call.alice, savp, there ? "" : line);
         if (there) text.insert(text.find("m=audio"), line);
         call.send(call.alice, call.bob, sip_message("INVITE sip:b@test SIP/2.0", "1 INVITE", text));
         return call.report();
       }},
      {"key-repeated",
       [](bool there) {
         return negotiated(crypto_line(1, random_key(1)) + crypto_line(2, random_key(there ? 1 : 2)), "");
       }},
      {"crypto-line-unusable",
       [](bool there) {
         auto line = crypto_line(1, random_key(1));
         const std::string more = ";inline:" + to_base64(SeededRandom(2).bytes(30));
         if (there) line.replace(line.find("\r\n"), 2, more + "\r\n"); // two keys and no MKI
         return negotiated(line, "");
       }},
      {"answer-parameters-not-offered",
       [](bool there) {
         auto line = crypto_line(1, random_key(2));
         if (there) line.replace(line.find("\r\n"), 2, " UNENCRYPTED_SRTCP\r\n");
         return negotiated(crypto_line(1, random_key(1)), line);
       }},
      {"weak-key",
       [](bool there) { return negotiated(crypto_line(1, there ? test_key(1) : random_key(1)), ""); }},
      {"srtp-key-reused",
       [](bool there) {
         return negotiated(crypto_line(1, random_key(1)), crypto_line(1, random_key(there ? 1 : 2)));
       }},
      {"key-reused-across-calls", [](bool there) { return same_key_in_another_call(there ? 1 : 3); }},
      {"key-over-plain-transport",
       [](bool there) {
         if (there) return clean_call().report();
         SecureTalk talk;
         const Phone alice{client, at(1, 10'000), 1, 1};
         talk.say(Side::client, sip_message("INVITE sip:b@server.test SIP/2.0", "1 INVITE",
                                            description(alice, savp, crypto_line(1, random_key(1)))));
         return talk.report();
       }},
      {"answer-changed",
       [](bool there) {
         TestCall call;
         call.invite(savp, crypto_line(1, random_key(1)));
         call.send(call.bob, call.alice,
                   sip_message("SIP/2.0 183 Session Progress", "1 INVITE",
                               description(call.bob, savp, crypto_line(1, random_key(there ? 3 : 2)))));
         call.answer(savp, crypto_line(1, random_key(2)));
         return call.report();
       }},
      {"answer-suite-not-offered",
       [](bool there) {
         const auto other = random_key(2, rtp::SrtpSuite::aes_cm_128_hmac_sha1_32);
         return negotiated(crypto_line(1, random_key(1)), crypto_line(1, there ? other : random_key(2)));
       }},
      {"answer-tag-not-offered",
       [](bool there) {
         return negotiated(crypto_line(1, random_key(1)), crypto_line(there ? 3 : 1, random_key(2)));
       }},
      {"answer-without-key",
       [](bool there) {
         return negotiated(crypto_line(1, random_key(1)), there ? "" : crypto_line(1, random_key(2)));
       }},
      {"answer-with-several-keys",
       [](bool there) {
         return negotiated(crypto_line(1, random_key(1)),
                           crypto_line(1, random_key(2)) + (there ? crypto_line(2, random_key(3)) : ""));
       }},
      {"plain-media-on-secured-leg",
       [](bool there) {
         return and_then([&](TestCall& call) {
           const auto more = audio(call.alice, 30, 130);
           call.media(call.alice, call.bob, there ? more : protect(more, random_key(1)));
         });
       }},
      {"plain-rtcp-on-secured-leg", call_with_rtcp},
      {"srtp-on-plain-leg",
       [](bool there) {
         TestCall call;
         call.invite(avp, "");
         call.answer(avp, "");
         const auto sent = audio(call.alice, 30);
         call.media(call.alice, call.bob, there ? protect(sent, random_key(1)) : sent);
         return call.report();
       }},
      {"srtp-no-key",
       [](bool there) {
         TestCall call;
         call.media(call.alice, call.bob, protect(audio(call.alice, 30), random_key(1)));
         Keys keys;
         if (!there) BOOST_TEST_REQUIRE(add_srtp_key(keys, srtp_key_text(random_key(1))).has_value());
         return call.report(keys);
       }},
      {"srtp-authentication-failed", [](bool there) { return sent_under(random_key(there ? 7 : 1)); }},
      {"srtp-wrong-direction-key", [](bool there) { return sent_under(random_key(there ? 2 : 1)); }},
      {"media-suite-mismatch",
       [](bool there) {
         auto key = random_key(1);
         if (there) key.suite = rtp::SrtpSuite::aes_cm_128_hmac_sha1_32;
         return sent_under(key);
       }},
      {"srtp-wrong-roc", wrapped},
      {"srtp-key-lifetime",
       [](bool there) {
         return negotiated(lifetime_line(there ? "|2^4" : "|2^20"), crypto_line(1, random_key(2)));
       }},
      {"media-address-unknown",
       [](bool there) {
         return and_then([&](TestCall& call) {
           auto stranger = call.alice;
           if (there) stranger.media = at(9, 9000);
           stranger.ssrc = 0x51;
           call.media(stranger, call.bob, protect(audio(stranger, 10), random_key(1)));
         });
       }},
      {"one-way-media",
       [](bool there) {
         Plan plan;
         plan.bob_sends = !there;
         return call_of(plan).report();
       }},
      {"media-replayed",
       [](bool there) {
         return and_then([&](TestCall& call) {
           call.capture.wait(1000);
           const auto before = protect(audio(call.alice, 31), random_key(1));
           call.media(call.alice, call.bob, {before.at(there ? 5 : 30)});
         });
       }},
      {"media-lost",
       [](bool there) {
         return and_then([&](TestCall& call) {
           auto more = protect(audio(call.alice, 90, 130), random_key(1));
           if (there) more.erase(more.begin() + 20);
           call.media(call.alice, call.bob, more);
         });
       }},
      {"media-jitter",
       [](bool there) {
         return and_then([&](TestCall& call) {
           for (std::size_t i = 0; i < 90; ++i) {
             call.capture.wait(there ? (i % 2 == 0 ? 0 : 160) : 20);
             auto packet = audio(call.alice, 120).at(30 + i);
             call.media(call.alice, call.bob, {protect({packet}, random_key(1)).front()});
           }
         });
       }},
  };
  return table;
}

} // namespace

BOOST_AUTO_TEST_SUITE(finding_table)

BOOST_AUTO_TEST_CASE(every_kind_shows_where_it_is_and_only_there) {
  for (const auto& kind : finding_kinds()) {
    // dtls_follower_test.cpp and mikey_follower_test.cpp have them.
    if (kind.id.starts_with("dtls-") || kind.id == "mikey-oddity") continue;
    BOOST_TEST_CONTEXT(kind.id) {
      const auto shows = captures_of_kinds().find(kind.id);
      BOOST_TEST_REQUIRE((shows != captures_of_kinds().end()), "no capture for this kind");
      const auto there = shows->second(true);
      BOOST_TEST(has(there, kind.id));
      BOOST_TEST(!has(shows->second(false), kind.id));
      if (const auto* found = finding(there, kind.id)) {
        BOOST_TEST((found->severity <= kind.severity), "never worse than the table says");
        BOOST_TEST(!found->text.empty());
        BOOST_TEST(!found->fix.empty());
      }
    }
  }
  for (const auto& [id, shows] : captures_of_kinds()) BOOST_TEST((find_finding_kind(id) != nullptr), id);
}

BOOST_AUTO_TEST_SUITE_END()
