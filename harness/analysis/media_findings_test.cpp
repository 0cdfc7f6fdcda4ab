// Findings about keys and media.
#include "analysis/arrival.hpp"
#include "analysis/key_checks.hpp"
#include "analysis/test_findings.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::analysis;

BOOST_AUTO_TEST_SUITE(media_findings)

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

BOOST_AUTO_TEST_SUITE_END()
