#include "analysis/media_map.hpp"
#include "analysis/test_call.hpp"

#include "base/hex.hpp"
#include "crypto/hash.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

constexpr std::string_view savp = "RTP/SAVP", avp = "RTP/AVP";
const auto key_a = test_key(1), key_b = test_key(101);

TestCall secured_call() {
  TestCall call;
  call.invite(savp, crypto_line(1, key_a));
  call.answer(savp, crypto_line(1, key_b));
  return call;
}

std::string hash_of_payloads(const std::vector<Bytes>& packets) {
  crypto::Hasher hasher(crypto::Hash::sha256);
  for (const auto& packet : packets) hasher.update(ByteView(packet).subspan(12));
  return to_hex(hasher.finish());
}

} // namespace

BOOST_AUTO_TEST_SUITE(media_stream)

BOOST_AUTO_TEST_CASE(a_secured_call_is_authenticated_decrypted_and_recognised) {
  auto call = secured_call();
  const auto from_alice = audio(call.alice, 20), from_bob = audio(call.bob, 15);
  call.media(call.alice, call.bob, protect(from_alice, key_a));
  call.media(call.bob, call.alice, protect(from_bob, key_b));
  const auto report = call.report();

  BOOST_TEST_REQUIRE(report.srtp.size() == 2);
  BOOST_TEST(report.rtp.empty());
  const auto* alice = stream(report.srtp, call.alice);
  const auto* bob = stream(report.srtp, call.bob);
  BOOST_TEST_REQUIRE((alice != nullptr && bob != nullptr));
  BOOST_TEST(alice->packets == 20);
  BOOST_TEST(alice->authenticated == 20);
  BOOST_TEST(alice->payload_bytes == 20 * 160);
  BOOST_TEST(alice->payload_sha256 == hash_of_payloads(from_alice));
  BOOST_TEST(bob->payload_sha256 == hash_of_payloads(from_bob));
  BOOST_TEST(alice->key_source == "sdes");
  BOOST_TEST(alice->suite == "AES_CM_128_HMAC_SHA1_80");
  BOOST_TEST(alice->call_id == "call@test");
  BOOST_TEST(alice->codec == "PCMU/8000");
  BOOST_TEST((alice->voiceprint == rtp::Voiceprint(1)));
  BOOST_TEST((bob->voiceprint == rtp::Voiceprint(2)));
  BOOST_TEST(bob->recognised_windows == 5); // 15 packets of 160 samples in windows of 480
  BOOST_TEST(!alice->reason.has_value());
  BOOST_TEST(finding(report, "one-way-media") == nullptr);
  BOOST_TEST(finding(report, "key-over-plain-transport") != nullptr);
  BOOST_TEST_REQUIRE(report.sip.dialogs.size() == 1);
  const auto& dialog = report.sip.dialogs[0];
  BOOST_TEST((dialog.methods == std::vector<std::string>{"INVITE", "ACK"}));
  BOOST_TEST((dialog.invite_statuses == std::vector<int>{200}));
  BOOST_TEST_REQUIRE(dialog.media.size() == 1);
  BOOST_TEST(dialog.media[0].secured);
  BOOST_TEST(dialog.media[0].offer_frame == 1);
  BOOST_TEST(dialog.media[0].answer_frame == 2);
}

BOOST_AUTO_TEST_CASE(media_before_the_answer_waits_for_its_key) {
  TestCall call;
  call.invite(savp, crypto_line(1, key_a));
  const auto from_bob = audio(call.bob, 12);
  call.media(call.bob, call.alice, protect(from_bob, key_b));
  call.answer(savp, crypto_line(1, key_b));
  const auto report = call.report();
  BOOST_TEST_REQUIRE(report.srtp.size() == 1);
  BOOST_TEST(report.srtp[0].authenticated == 12);
  BOOST_TEST(report.srtp[0].payload_sha256 == hash_of_payloads(from_bob));
}

BOOST_AUTO_TEST_CASE(the_hash_is_in_sequence_order_and_counts_each_packet_once) {
  auto call = secured_call();
  const auto plain = audio(call.alice, 200, 65'500); // the numbers wrap
  auto packets = protect(plain, key_a);
  std::swap(packets[0], packets[1]);
  std::swap(packets[34], packets[37]);
  std::swap(packets[190], packets[194]);
  packets.insert(packets.begin() + 50, packets[48]);
  packets.push_back(packets[198]);
  call.media(call.alice, call.bob, packets);
  const auto report = call.report();
  BOOST_TEST_REQUIRE(report.srtp.size() == 1);
  const auto& seen = report.srtp[0];
  BOOST_TEST(seen.packets == 202);
  BOOST_TEST(seen.authenticated == 200);
  BOOST_TEST(seen.duplicates == 2);
  BOOST_TEST(seen.failed == 0);
  BOOST_TEST(seen.payload_sha256 == hash_of_payloads(plain));
}

BOOST_AUTO_TEST_CASE(plain_packets_on_a_secured_leg_are_an_error) {
  auto call = secured_call();
  call.media(call.alice, call.bob, audio(call.alice, 10));
  call.media(call.bob, call.alice, protect(audio(call.bob, 10), key_b));
  const auto report = call.report();
  const auto* alice = stream(report.srtp, call.alice);
  BOOST_TEST_REQUIRE(alice != nullptr);
  BOOST_TEST(alice->plain == 10);
  BOOST_TEST(alice->authenticated == 0);
  BOOST_TEST(alice->reason.value_or("") == "not encrypted");
  const auto* found = finding(report, "plain-media-on-secured-leg");
  BOOST_TEST_REQUIRE(found != nullptr);
  BOOST_TEST((found->severity == verdict::Severity::error));
  BOOST_TEST(found->frame.value_or(0) == 4);
}

BOOST_AUTO_TEST_CASE(one_plain_packet_among_secured_ones_is_found) {
  auto call = secured_call();
  const auto plain = audio(call.alice, 10);
  auto packets = protect(plain, key_a);
  packets[6] = plain[6];
  call.media(call.alice, call.bob, packets);
  const auto report = call.report();
  BOOST_TEST_REQUIRE(report.srtp.size() == 1);
  BOOST_TEST(report.srtp[0].plain == 1);
  BOOST_TEST(report.srtp[0].authenticated == 9);
  BOOST_TEST_REQUIRE(finding(report, "plain-media-on-secured-leg") != nullptr);
  BOOST_TEST(finding(report, "plain-media-on-secured-leg")->frame.value_or(0) == 10);
}

BOOST_AUTO_TEST_CASE(the_other_directions_key_is_recognised) {
  auto call = secured_call();
  call.media(call.alice, call.bob, protect(audio(call.alice, 10), key_b));
  const auto report = call.report();
  BOOST_TEST_REQUIRE(report.srtp.size() == 1);
  BOOST_TEST(report.srtp[0].reason.value_or("") == "other direction's key");
  BOOST_TEST(finding(report, "srtp-wrong-direction-key") != nullptr);
}

BOOST_AUTO_TEST_CASE(another_tag_length_than_negotiated_is_recognised) {
  auto call = secured_call();
  auto short_tag = key_a;
  short_tag.suite = rtp::SrtpSuite::aes_cm_128_hmac_sha1_32;
  call.media(call.alice, call.bob, protect(audio(call.alice, 10), short_tag));
  const auto report = call.report();
  BOOST_TEST_REQUIRE(report.srtp.size() == 1);
  BOOST_TEST(report.srtp[0].suite == "AES_CM_128_HMAC_SHA1_32");
  BOOST_TEST(report.srtp[0].reason.value_or("") == "MKI or tag length");
  BOOST_TEST(finding(report, "media-suite-mismatch") != nullptr);
}

BOOST_AUTO_TEST_CASE(a_key_that_nobody_knows_fails_authentication) {
  auto call = secured_call();
  call.media(call.alice, call.bob, protect(audio(call.alice, 10), test_key(55)));
  const auto report = call.report();
  BOOST_TEST_REQUIRE(report.srtp.size() == 1);
  BOOST_TEST(report.srtp[0].failed == 10);
  BOOST_TEST(report.srtp[0].authenticated == 0);
  BOOST_TEST(report.srtp[0].payload_sha256.empty());
  BOOST_TEST(finding(report, "srtp-authentication-failed") != nullptr);
}

BOOST_AUTO_TEST_CASE(a_reinvite_changes_the_key) {
  auto call = secured_call();
  const auto plain = audio(call.alice, 20);
  const auto first = protect(plain, key_a), second = protect(plain, test_key(77));
  call.media(call.alice, call.bob, {first.begin(), first.begin() + 10});
  call.send(call.alice, call.bob,
            sip_message("INVITE sip:b@test SIP/2.0", "2 INVITE",
                        description(call.alice, savp, crypto_line(1, test_key(77)))));
  call.send(call.bob, call.alice,
            sip_message("SIP/2.0 200 OK", "2 INVITE", description(call.bob, savp, crypto_line(1, key_b))));
  call.media(call.alice, call.bob, {second.begin() + 10, second.end()});
  const auto report = call.report();
  BOOST_TEST_REQUIRE(report.srtp.size() == 1);
  BOOST_TEST(report.srtp[0].authenticated == 20);
  BOOST_TEST(report.srtp[0].payload_sha256 == hash_of_payloads(plain));
}

// RFC 4568 §7.1.4: a new key takes the place of the old one.
BOOST_AUTO_TEST_CASE(the_key_before_the_last_change) {
  auto call = secured_call();
  const auto plain = audio(call.alice, 30);
  const auto first = protect(plain, key_a), second = protect(plain, test_key(77));
  call.media(call.alice, call.bob, {first.begin(), first.begin() + 9});
  call.send(call.alice, call.bob,
            sip_message("INVITE sip:b@test SIP/2.0", "2 INVITE",
                        description(call.alice, savp, crypto_line(1, test_key(77)))));
  call.send(call.bob, call.alice,
            sip_message("SIP/2.0 200 OK", "2 INVITE", description(call.bob, savp, crypto_line(1, key_b))));
  call.media(call.alice, call.bob, {second.begin() + 10, second.begin() + 12});
  call.media(call.alice, call.bob, {first[9]}); // late
  auto late = call.report();
  BOOST_TEST_REQUIRE(late.srtp.size() == 1);
  BOOST_TEST(late.srtp[0].authenticated == 12);
  BOOST_TEST(late.srtp[0].failed == 0);
  call.media(call.alice, call.bob, {first.begin() + 12, first.begin() + 15}); // the old key again
  call.media(call.alice, call.bob, {second.begin() + 15, second.end()});
  const auto report = call.report();
  BOOST_TEST(report.srtp[0].authenticated == 27);
  BOOST_TEST(report.srtp[0].failed == 3);
  BOOST_TEST(finding(report, "srtp-authentication-failed") != nullptr);
}

BOOST_AUTO_TEST_CASE(reports_follow_a_change_of_keys) {
  auto call = secured_call();
  const Bytes receiver_report = {0x80, 0xc9, 0, 1, 0, 0x0a, 0x11, 0xce};
  std::size_t sent = 0; // RFC 3711 §3.2.1: the index goes on when the key changes
  auto rtcp = [&](const rtp::SrtpKey& key) {
    Endpoint from = call.alice.media, to = call.bob.media;
    ++from.port;
    ++to.port;
    auto sender = srtp::Sender::create(key).value();
    for (std::size_t i = 0; i < sent; ++i) (void)sender.protect_rtcp(receiver_report).value();
    call.capture.udp(from, to, sender.protect_rtcp(receiver_report).value());
    ++sent;
  };
  rtcp(key_a);
  call.send(call.alice, call.bob,
            sip_message("INVITE sip:b@test SIP/2.0", "2 INVITE",
                        description(call.alice, savp, crypto_line(1, test_key(77)))));
  call.send(call.bob, call.alice,
            sip_message("SIP/2.0 200 OK", "2 INVITE", description(call.bob, savp, crypto_line(1, key_b))));
  rtcp(test_key(77));
  rtcp(test_key(78)); // nobody's
  const auto report = call.report();
  BOOST_TEST_REQUIRE(report.rtcp.size() == 1u);
  BOOST_TEST(report.rtcp[0].authenticated == 2u);
  BOOST_TEST(report.rtcp[0].failed == 1u);
}

// The answerer may begin before its answer is there.
BOOST_AUTO_TEST_CASE(a_shared_key_is_nobodys_alone) {
  TestCall call;
  call.invite(savp, crypto_line(1, key_a));
  call.media(call.bob, call.alice, protect(audio(call.bob, 10), key_a));
  auto before = call.report();
  BOOST_TEST(finding(before, "srtp-wrong-direction-key") != nullptr);
  call.answer(savp, crypto_line(1, key_a));
  const auto report = call.report();
  BOOST_TEST(finding(report, "srtp-wrong-direction-key") == nullptr);
  BOOST_TEST(finding(report, "srtp-key-reused") != nullptr);
}

BOOST_AUTO_TEST_CASE(plain_calls_are_heard_as_well) {
  TestCall call;
  call.invite(avp, "");
  call.answer(avp, "");
  const auto from_alice = audio(call.alice, 9);
  call.media(call.alice, call.bob, from_alice);
  const auto report = call.report();
  BOOST_TEST(report.srtp.empty());
  BOOST_TEST_REQUIRE(report.rtp.size() == 1);
  BOOST_TEST(report.rtp[0].payload_sha256 == hash_of_payloads(from_alice));
  BOOST_TEST((report.rtp[0].voiceprint == rtp::Voiceprint(1)));
  BOOST_TEST(finding(report, "one-way-media") != nullptr);
  BOOST_TEST(finding(report, "plain-media-on-secured-leg") == nullptr);
}

BOOST_AUTO_TEST_CASE(without_signalling_a_key_given_by_hand_opens_the_stream) {
  TestCall call;
  const auto plain = audio(call.alice, 30);
  call.media(call.alice, call.bob, protect(plain, key_a));
  Keys keys;
  keys.srtp.push_back({std::nullopt, test_key(9), "supplied", "wrong one"});
  keys.srtp.push_back({call.alice.ssrc, key_a, "supplied", "right one"});
  const auto report = call.report(keys);
  BOOST_TEST_REQUIRE(report.srtp.size() == 1);
  BOOST_TEST(report.srtp[0].key_source == "supplied");
  BOOST_TEST(report.srtp[0].payload_sha256 == hash_of_payloads(plain));
  const auto* unused = finding(report, "unused-key");
  BOOST_TEST_REQUIRE(unused != nullptr);
  BOOST_TEST(unused->text.find("wrong one") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_signalling_and_key_srtp_is_told_from_rtp_by_its_tag) {
  TestCall call;
  call.media(call.alice, call.bob, protect(audio(call.alice, 30), key_a));
  call.media(call.bob, call.alice, audio(call.bob, 30));
  const auto report = call.report();
  BOOST_TEST_REQUIRE(report.srtp.size() == 1);
  BOOST_TEST(report.srtp[0].reason.value_or("") == "no key for this SSRC");
  BOOST_TEST(finding(report, "srtp-no-key") != nullptr);
  BOOST_TEST_REQUIRE(report.rtp.size() == 1);
  BOOST_TEST(report.rtp[0].ssrc == call.bob.ssrc);
}

BOOST_AUTO_TEST_CASE(a_sender_that_was_joined_late_is_found_by_its_rollover_counter) {
  TestCall call;
  const auto plain = audio(call.alice, 300, 65'400);
  const auto packets = protect(plain, key_a);
  call.media(call.alice, call.bob, {packets.begin() + 250, packets.end()}); // all after the wrap
  Keys keys;
  keys.srtp.push_back({std::nullopt, key_a, "supplied", "key"});
  const auto report = call.report(keys);
  BOOST_TEST_REQUIRE(report.srtp.size() == 1);
  BOOST_TEST(report.srtp[0].authenticated == 50);
}

BOOST_AUTO_TEST_CASE(a_few_datagrams_that_look_like_rtp_are_no_stream) {
  TestCall call;
  call.media(call.alice, call.bob, audio(call.alice, 3));
  const auto report = call.report();
  BOOST_TEST(report.rtp.empty());
  BOOST_TEST(report.srtp.empty());
}

// Gateways give the ports of a call that is over to the next one, and early media overtakes the answer.
BOOST_AUTO_TEST_CASE(ports_used_again_belong_to_the_later_call) {
  TestCall call;
  call.invite(avp, "");
  call.answer(avp, "");
  call.media(call.alice, call.bob, audio(call.alice, 20));
  call.media(call.bob, call.alice, audio(call.bob, 20));
  call.send(call.alice, call.bob, sip_message("BYE sip:b@test SIP/2.0", "2 BYE", ""));

  Phone alice = call.alice, bob = call.bob;
  alice.ssrc = 0xa2;
  bob.ssrc = 0xb2;
  const std::string_view next = "next@test";
  call.send(alice, bob,
            sip_message("INVITE sip:b@test SIP/2.0", "1 INVITE",
                        description(alice, savp, crypto_line(1, key_a)), next));
  const auto from_bob = protect(audio(bob, 20), key_b);
  call.media(bob, alice, {from_bob.front()});
  call.send(bob, alice,
            sip_message("SIP/2.0 200 OK", "1 INVITE", description(bob, savp, crypto_line(1, key_b)), next));
  call.media(bob, alice, {from_bob.begin() + 1, from_bob.end()});
  call.media(alice, bob, protect(audio(alice, 20), key_a));
  const auto report = call.report();

  BOOST_TEST_REQUIRE(report.rtp.size() == 2);
  for (const auto& plain : report.rtp) BOOST_TEST(plain.call_id == "call@test");
  BOOST_TEST_REQUIRE(report.srtp.size() == 2);
  for (const auto& secured : report.srtp) {
    BOOST_TEST(secured.call_id == next);
    BOOST_TEST(secured.authenticated == 20);
  }
}

BOOST_AUTO_TEST_CASE(srtp_on_a_leg_of_plain_rtp_is_remarked_on) {
  for (const bool offered_key : {true, false}) {
    TestCall call;
    call.invite(avp, crypto_line(1, key_a));
    call.answer(avp, "");
    const auto from_alice = audio(call.alice, 20);
    call.media(call.alice, call.bob, protect(from_alice, offered_key ? key_a : key_b));
    call.media(call.bob, call.alice, audio(call.bob, 20));
    const auto report = call.report();
    BOOST_TEST_REQUIRE(finding(report, "srtp-on-plain-leg") != nullptr);
    BOOST_TEST((finding(report, "srtp-on-plain-leg")->severity == verdict::Severity::warning));
    BOOST_TEST_REQUIRE(report.srtp.size() == 1);
    BOOST_TEST(report.rtp.size() == 1);
    BOOST_TEST(report.srtp[0].authenticated == (offered_key ? 20U : 0U));
    if (offered_key) BOOST_TEST(report.srtp[0].payload_sha256 == hash_of_payloads(from_alice));
    BOOST_TEST(report.srtp[0].reason.value_or("") == (offered_key ? "" : "no key for this SSRC"));
  }
}

BOOST_AUTO_TEST_CASE(addresses_used_again_ten_thousand_times_stay_cheap) {
  MediaMap map;
  TestCall call;
  for (int i = 0; i < 10'000; ++i) {
    Leg leg;
    leg.call_id = std::to_string(i);
    leg.answered = true;
    leg.offerer.rtp = call.alice.media;
    leg.answerer.rtp = call.bob.media;
    map.add(std::move(leg));
  }
  const auto matches = map.find(call.alice.media, call.bob.media);
  BOOST_TEST(matches.size() < 100);
  BOOST_TEST_REQUIRE(!matches.empty());
  BOOST_TEST(matches.front().leg->call_id == "9999");
}

BOOST_AUTO_TEST_SUITE_END()
