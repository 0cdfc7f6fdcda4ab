// The messages of a call between two Minisip phones, captured by others, whose pre-shared key is known.
#include "base/hex.hpp"
#include "crypto/hash.hpp"
#include "keying/mikey_party.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(mikey_capture)

using namespace sipvet;
using namespace sipvet::keying;

namespace {

const ByteView psk = as_bytes("secret");

constexpr std::string_view offered =
    "mikey "
    "AQAFgIqlcXoCAAB75qwuAAAAAAAAAAAAAAAAAAoAyZgcqzFKoQ4LAAAAJwABAQEBEAIBAQMBFAQBDgUBAAYBAAcBAQgBAQkBAAoB"
    "AQsBCgwBAAEQaBOzdYwc/hONiyuohtP0SQABAMSNia2Y4ngSZ+K9eBNZxwEQqZowAKmgI7u7AmpFD8RhLpORhyTwMei4jRI/"
    "6kFzl9ewhIg/"
    "TM7H19wvH7JaAcDtnS4YdDYaZgC7XajV7pWOGbZcFZfq2CAbpwW6LAaZ7isVJt/1gFzaUh2iOU4sxgc8vPj1aNpNj3NxGXiWr+saI/"
    "WbAtNw"
    "Rja0xB34NLDa0zA9+SRnxwrEOcjU4eEJys40J7GmO16eH5IO4X+DLrX45hkFLagT/"
    "+08voTN7hmtoDfaQK2eAUJ0uZ+k0YtXBIJO8ZqwbC35"
    "sMTC";
constexpr std::string_view answered =
    "mikey AQEFAIqlcXoCAAB75qwuAAAAAABAaO0uAAAAAAkAyZgcrhHm7rcAAZnRigwFzYCV/j4aMYubWXsjZYxU";

} // namespace

// Expected: Python's hmac and openssl's AES-CTR over the same messages.
BOOST_AUTO_TEST_CASE(both_macs_are_right_and_the_keys_come_out) {
  const auto offer = open_offer_psk(parse_mikey_attribute(offered).value(), psk);
  BOOST_REQUIRE_MESSAGE(offer.has_value(), to_string(offer.error()));
  const auto keys = complete_psk(parse_mikey_attribute(answered).value(), *offer, psk);
  BOOST_REQUIRE_MESSAGE(keys.has_value(), to_string(keys.error()));
  BOOST_TEST(to_hex(crypto::digest(crypto::Hash::sha1, keys->tgk)) ==
             "8b29f368e61f282fca741f0ce3cfd9ad061ea329");
  BOOST_REQUIRE(keys->sessions.size() == 2u);
  const CsKey &one = keys->sessions[0], &two = keys->sessions[1];
  BOOST_TEST(one.ssrc == 0x7be6ac2eu);
  BOOST_TEST(two.ssrc == 0x4068ed2eu);
  BOOST_TEST(to_hex(one.key.master_key) == "3a71543fdec929de6452ebfbaf3b6479");
  BOOST_TEST(to_hex(one.key.master_salt) == "0988e972980c3fa0e56c864d1985");
  BOOST_TEST(to_hex(two.key.master_key) == "8e7d2302c5287e9b0b16db5f2f7f9ad1");
  BOOST_TEST(to_hex(two.key.master_salt) == "e8d1eb7930944bfb39f3bfeeb0c5");
  BOOST_TEST((one.key.suite == rtp::SrtpSuite::aes_cm_128_hmac_sha1_80));
}

// Minisip's own stream is session 1, as a party of ours has it.
BOOST_AUTO_TEST_CASE(a_party_of_ours_answers_that_offer) {
  MikeySettings settings;
  settings.psk = to_bytes(psk);
  MikeyParty party(settings);
  SeededRandom random(1);
  const Instant then = mikey::to_instant({mikey::TimestampType::ntp_utc, 0xc9981cab314aa10e},
                                         Instant(std::chrono::seconds(1'170'000'000)));
  const auto answer = party.answer({KeyMgmtLevel::session, {std::string(offered)}}, 0x4068ed2e, random, then);
  BOOST_REQUIRE_MESSAGE(answer.has_value(), to_string(answer.error()));
  BOOST_TEST(to_hex(answer->keys.remote.first_key().master_key) == "3a71543fdec929de6452ebfbaf3b6479");
  BOOST_TEST(to_hex(answer->keys.local.first_key().master_key) == "8e7d2302c5287e9b0b16db5f2f7f9ad1");
  BOOST_REQUIRE(answer->notes.size() == 1u);
  BOOST_TEST(answer->notes[0] ==
             "the message does not repeat the list of key management protocols, mikey (RFC 4567 §4.1.4)");
  const auto late =
      party.answer({KeyMgmtLevel::session, {std::string(offered)}}, 1, random, then + std::chrono::hours(1));
  BOOST_TEST(late.error().what == "the timestamp is 3600 s behind our clock, expected at most 300 s");
}

BOOST_AUTO_TEST_SUITE_END()
