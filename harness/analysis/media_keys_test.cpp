// Keys of SRTP streams as descriptions can write them, and what is named when packets are under another one.
#include "analysis/test_call.hpp"

#include "base/hex.hpp"
#include "crypto/hash.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

constexpr std::string_view savp = "RTP/SAVP";
const auto key_a = test_key(1), key_b = test_key(101), key_c = test_key(51);

rtp::SrtpKey with_mki(rtp::SrtpKey key, Bytes mki) {
  key.mki = std::move(mki);
  return key;
}

std::string inline_key(const rtp::SrtpKey& key, std::string_view rest = "") {
  Bytes both = key.master_key;
  append(both, key.master_salt);
  return "inline:" + to_base64(both) + std::string(rest);
}

std::string line_of(unsigned tag, const rtp::SrtpKey& key, std::string_view keys) {
  return "a=crypto:" + std::to_string(tag) + " " + std::string(rtp::name(key.suite)) + " " +
         std::string(keys) + "\r\n";
}

std::string hash_of_payloads(const std::vector<Bytes>& packets) {
  crypto::Hasher hasher(crypto::Hash::sha256);
  for (const auto& packet : packets) hasher.update(ByteView(packet).subspan(12));
  return to_hex(hasher.finish());
}

// Protects from the beginning of the key on, but gives only what comes after `wraps` turns of the sequence
// number.
std::vector<Bytes> protect_late(const std::vector<Bytes>& packets, const rtp::SrtpKey& key,
                                std::uint32_t wraps) {
  auto sender = srtp::Sender::create(key).value();
  const auto ssrc = rtp::parse_packet(packets.front())->ssrc;
  for (std::uint32_t i = 0; i < wraps; ++i)
    for (const std::uint16_t sequence : std::initializer_list<std::uint16_t>{0, 20'000, 40'000, 60'000}) {
      rtp::Packet packet;
      packet.ssrc = ssrc;
      packet.sequence = sequence;
      packet.payload = Bytes(160);
      (void)sender.protect_rtp(rtp::serialize(packet)).value();
    }
  std::vector<Bytes> out;
  for (const auto& packet : packets) out.push_back(sender.protect_rtp(packet).value());
  return out;
}

const MediaStream& only(const Report& report) {
  BOOST_TEST_REQUIRE(report.srtp.size() == 1u);
  return report.srtp[0];
}

bool has(const Report& report, std::string_view id) { return finding(report, id) != nullptr; }

} // namespace

BOOST_AUTO_TEST_SUITE(media_keys)

BOOST_AUTO_TEST_CASE(an_mki_and_a_lifetime_are_part_of_the_line) {
  TestCall call;
  call.invite(savp, line_of(1, key_a, inline_key(key_a, "|2^20|1:4")));
  call.answer(savp, line_of(1, key_b, inline_key(key_b, "|2^20")));
  const auto plain = audio(call.alice, 20);
  call.media(call.alice, call.bob, protect(plain, with_mki(key_a, {0, 0, 0, 1})));
  const auto report = call.report();
  BOOST_TEST(only(report).authenticated == 20);
  BOOST_TEST(only(report).payload_sha256 == hash_of_payloads(plain));
  BOOST_TEST(!only(report).reason.has_value());
  BOOST_TEST(!has(report, "srtp-key-lifetime"));
}

BOOST_AUTO_TEST_CASE(a_key_that_outlives_its_lifetime) {
  TestCall call;
  call.invite(savp, line_of(1, key_a, inline_key(key_a, "|2^4")));
  call.answer(savp, crypto_line(1, key_b));
  call.media(call.alice, call.bob, protect(audio(call.alice, 16), key_a));
  BOOST_TEST(!has(call.report(), "srtp-key-lifetime"));
  call.media(call.alice, call.bob, [&] {
    auto all = protect(audio(call.alice, 17), key_a);
    return std::vector<Bytes>{all.back()};
  }());
  BOOST_TEST(has(call.report(), "srtp-key-lifetime"));
}

BOOST_AUTO_TEST_CASE(the_answer_takes_the_second_line) {
  const auto key_32 = test_key(9, rtp::SrtpSuite::aes_cm_128_hmac_sha1_32);
  const auto back_32 = test_key(19, rtp::SrtpSuite::aes_cm_128_hmac_sha1_32);
  TestCall call;
  call.invite(savp, crypto_line(1, key_a) + crypto_line(2, key_32));
  call.answer(savp, crypto_line(2, back_32));
  call.media(call.alice, call.bob, protect(audio(call.alice, 10), key_32));
  call.media(call.bob, call.alice, protect(audio(call.bob, 10), back_32));
  const auto report = call.report();
  BOOST_TEST_REQUIRE(report.srtp.size() == 2u);
  for (const auto& stream : report.srtp) {
    BOOST_TEST(stream.authenticated == 10);
    BOOST_TEST(stream.suite == "AES_CM_128_HMAC_SHA1_32");
    BOOST_TEST(!stream.reason.has_value());
  }
  auto wrong = call;
  auto other = call.alice;
  other.ssrc = 0x77;
  wrong.media(other, call.bob, protect(audio(other, 10), key_a));
  BOOST_TEST(has(wrong.report(), "media-suite-mismatch"));
}

BOOST_AUTO_TEST_CASE(several_keys_in_one_line_change_in_the_middle_of_the_stream) {
  const auto first = with_mki(key_a, {1}), second = with_mki(key_c, {2});
  TestCall call;
  call.invite(savp, line_of(1, key_a, inline_key(key_a, "|2^20|1:1;") + inline_key(key_c, "|2^20|2:1")));
  call.answer(savp, crypto_line(1, key_b));
  const auto plain = audio(call.alice, 40, 65'520); // the sequence number wraps under the first key
  const auto under_first = protect(plain, first);
  auto sender = protect_late({plain.begin() + 30, plain.end()}, second, 1);
  call.media(call.alice, call.bob, {under_first.begin(), under_first.begin() + 30});
  call.media(call.alice, call.bob, sender);
  const auto report = call.report();
  BOOST_TEST(only(report).authenticated == 40);
  BOOST_TEST(only(report).failed == 0);
  BOOST_TEST(only(report).payload_sha256 == hash_of_payloads(plain));
}

BOOST_AUTO_TEST_CASE(forked_answers_have_a_key_each) {
  TestCall call;
  Phone carol{at(3, 5060), at(3, 30'000), 0xca401, 3};
  call.invite(savp, crypto_line(1, key_a));
  call.answer(savp, crypto_line(1, key_b));
  call.send(call.bob, call.alice,
            sip_message("SIP/2.0 200 OK", "1 INVITE", description(carol, savp, crypto_line(1, key_c))));
  call.media(call.bob, call.alice, protect(audio(call.bob, 10), key_b));
  call.media(carol, call.alice, protect(audio(carol, 10), key_c));
  call.media(call.alice, carol, protect(audio(call.alice, 10), key_a));
  const auto report = call.report();
  BOOST_TEST_REQUIRE(report.srtp.size() == 3u);
  for (const auto& stream : report.srtp) {
    BOOST_TEST(stream.authenticated == 10);
    BOOST_TEST(!stream.reason.has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_capture_that_begins_late_finds_the_rollover_counter) {
  for (const std::uint32_t wraps : {1U, 5U, 40U}) {
    TestCall call;
    const auto plain = audio(call.alice, 30);
    call.media(call.alice, call.bob, protect_late(plain, key_a, wraps));
    Keys keys;
    Bytes both = key_a.master_key;
    append(both, key_a.master_salt);
    BOOST_TEST_REQUIRE(add_srtp_key(keys, "AES_CM_128_HMAC_SHA1_80:" + to_base64(both)).has_value());
    const auto report = call.report(keys);
    BOOST_TEST(only(report).authenticated == 30);
    BOOST_TEST(only(report).rollover_counter == wraps);
    BOOST_TEST(!only(report).reason.has_value());
    BOOST_TEST(!has(report, "srtp-wrong-roc"));
  }
}

BOOST_AUTO_TEST_CASE(a_few_packets_are_not_worth_a_long_search) {
  TestCall call;
  call.media(call.alice, call.bob, protect_late(audio(call.alice, 10), key_a, 40));
  Keys keys;
  Bytes both = key_a.master_key;
  append(both, key_a.master_salt);
  BOOST_TEST_REQUIRE(add_srtp_key(keys, "AES_CM_128_HMAC_SHA1_80:" + to_base64(both)).has_value());
  BOOST_TEST(only(call.report(keys)).authenticated == 0);
}

BOOST_AUTO_TEST_CASE(a_wrong_rollover_counter_is_named) {
  TestCall call;
  call.invite(savp, crypto_line(1, key_a));
  call.answer(savp, crypto_line(1, key_b));
  call.media(call.alice, call.bob, protect_late(audio(call.alice, 10), key_a, 2));
  const auto report = call.report();
  BOOST_TEST(only(report).authenticated == 10);
  BOOST_TEST(only(report).reason.value_or("") == "wrong ROC");
  BOOST_TEST(has(report, "srtp-wrong-roc"));
}

BOOST_AUTO_TEST_CASE(an_mki_that_nobody_negotiated_is_named) {
  for (const auto suite : {rtp::SrtpSuite::aes_cm_128_hmac_sha1_80, rtp::SrtpSuite::aes_cm_128_hmac_sha1_32,
                           rtp::SrtpSuite::aead_aes_128_gcm}) {
    const auto key = test_key(33, suite), back = test_key(44, suite);
    TestCall call;
    call.invite(savp, crypto_line(1, key));
    call.answer(savp, crypto_line(1, back));
    call.media(call.alice, call.bob, protect(audio(call.alice, 10), with_mki(key, {0, 7})));
    const auto report = call.report();
    BOOST_TEST(only(report).authenticated == 10);
    BOOST_TEST(only(report).reason.value_or("") == "MKI or tag length");
    BOOST_TEST(has(report, "media-suite-mismatch"));
  }
}

BOOST_AUTO_TEST_CASE(a_key_that_nobody_has_is_said_to_be_missing) {
  TestCall call;
  call.invite("UDP/TLS/RTP/SAVP", "");
  call.answer("UDP/TLS/RTP/SAVP", "");
  call.media(call.alice, call.bob, protect(audio(call.alice, 10), key_a));
  const auto report = call.report();
  BOOST_TEST(only(report).reason.value_or("") == "no key for this SSRC");
  BOOST_TEST(has(report, "srtp-no-key"));
}

BOOST_AUTO_TEST_SUITE_END()
