#include "keying/mikey.hpp"

#include "base/hex.hpp"
#include "mikey/srtp_policy.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(mikey_psk)

using namespace sipvet;
using namespace sipvet::keying;
using rtp::SrtpSuite;

namespace {

const ByteView psk = as_bytes("correct horse battery staple, and some more");
const Instant noon(std::chrono::seconds(1'700'000'000));

// Made by an independent implementation (Python's hmac, openssl's AES-CTR): two sessions, a TGK with an SPI,
// a tag of four octets; and the answer to it, which fills in the second SSRC.
constexpr std::string_view offer_hex =
    "01000580c0ffee0102000011223344000000010000000000000000000b00e0a1b2c3d4e5f6070610a0a1a2a3a4a5a6a7a8a9aaab"
    "acadaeaf060100117369703a61406578616d706c652e636f6d0a0100117369703a62406578616d706c652e636f6d150000001200"
    "010101011002010103011404010e0b0104010100056d696b65790001002f9f5c55ea5dd8effb2b8334aaeb29238c4aed9b438997"
    "11952432656d7e098663dcf22a361e01b24c41cba9667a2899010129dc6269398d2204da60465e5473a7c3ad8bd6";
constexpr std::string_view answer_hex =
    "01010500c0ffee0102000011223344000000010055667788000000000600e0a1b2c3d4e5f607090100117369703a62406578616d"
    "706c652e636f6d0001889d4d4e6b483a551353ed58abbd84db45a176c6";
constexpr std::string_view answer_without_identities_hex =
    "01010500c0ffee0102000011223344000000010055667788000000000600e0a1b2c3d4e5f607090100117369703a62406578616d"
    "706c652e636f6d0001d2ae74e57bd4b195d79b8b387273958a71723cdc";

Bytes hex(std::string_view text) { return from_hex(text).value(); }

template <typename T>
std::string error_of(const Result<T>& result) {
  return result ? "no error" : to_string(result.error());
}

// A message with the given keys for two sessions, opened again.
Result<MikeyOffer> offer_with(std::vector<mikey::KeyData> keys, mikey::SrtpPolicy policy = {}) {
  mikey::InitPlan plan;
  plan.header.sessions = {{0, 1, 0}, {0, 2, 0}};
  plan.rand.value = Bytes(16, 9);
  plan.policies = {mikey::to_payload(policy, 0)};
  plan.keys = std::move(keys);
  return open_offer_psk(mikey::seal_psk_init(plan, psk).value().octets, psk);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_offer_gives_a_key_for_every_session) {
  const auto offer = open_offer_psk(hex(offer_hex), psk);
  BOOST_REQUIRE_MESSAGE(offer.has_value(), error_of(offer));
  BOOST_TEST(offer->verification_wanted);
  BOOST_TEST(offer->notes.empty());
  BOOST_TEST(offer->keys.tgk.size() == 40u);
  const CsKey one{1,
                  0x11223344,
                  1,
                  {SrtpSuite::aes_cm_128_hmac_sha1_32, hex("7ff3a4d2f23e80ed226e6b0e35dde2f4"),
                   hex("7ef64cac0337720c2692e5142058"), hex("abcd")}};
  const CsKey two{2,
                  0,
                  0,
                  {SrtpSuite::aes_cm_128_hmac_sha1_32, hex("16ead0fa4c4ffdc0f685ba08a4879357"),
                   hex("fcc061ecc6d5ba6d8a9fd4e57f71"), hex("abcd")}};
  BOOST_REQUIRE(offer->keys.sessions.size() == 2);
  BOOST_TEST((offer->keys.sessions[0] == one));
  BOOST_TEST((offer->keys.sessions[1] == two));
  BOOST_TEST(offer->keys.find_ssrc(0x11223344) == &offer->keys.sessions[0]);
  BOOST_TEST(offer->keys.find_session(2) == &offer->keys.sessions[1]);
  BOOST_TEST(offer->keys.find_session(3) == nullptr);
  BOOST_TEST(offer->keys.find_ssrc(0x99) == nullptr);
}

BOOST_AUTO_TEST_CASE(the_answer_fills_in_its_ssrc) {
  const MikeyOffer offer = open_offer_psk(hex(offer_hex), psk).value();
  const auto keys = complete_psk(hex(answer_hex), offer, psk);
  BOOST_REQUIRE_MESSAGE(keys.has_value(), error_of(keys));
  BOOST_TEST(keys->sessions[0].ssrc == 0x11223344u);
  BOOST_TEST(keys->sessions[1].ssrc == 0x55667788u);
  BOOST_TEST(check_verification(hex(answer_hex), offer, psk).has_value());
  const auto made = create_answer_psk(offer, psk, 0x55667788, mikey::uri_id("sip:b@example.com"));
  BOOST_REQUIRE_MESSAGE(made.has_value(), error_of(made));
  BOOST_TEST(to_hex(*made) == answer_hex);
}

BOOST_AUTO_TEST_CASE(answers_that_prove_nothing) {
  const MikeyOffer offer = open_offer_psk(hex(offer_hex), psk).value();
  BOOST_TEST(error_of(check_verification(hex(answer_without_identities_hex), offer, psk)) ==
             "the verification MAC leaves out the identities, which RFC 3830 §5.2 wants covered");
  BOOST_TEST(
      error_of(check_verification(hex(answer_hex), offer, as_bytes("secret"))) ==
      "the verification MAC is wrong: another pre-shared key, another offer, or the answer was changed (at "
      "octet 61)");
  const Bytes refusal = mikey::seal_error(offer.init, mikey::ErrorNumber::invalid_timestamp).value();
  BOOST_TEST(error_of(check_verification(refusal, offer, psk)) ==
             "the other side refused the message: invalid timestamp (error 1), which nothing proves");
}

BOOST_AUTO_TEST_CASE(both_sides_of_an_exchange_of_our_own) {
  SeededRandom random(7);
  MikeyOfferPlan plan;
  plan.sessions = {{0, 0xAAAA, 0}, {0, 0, 0}};
  plan.suite = SrtpSuite::aes_256_cm_hmac_sha1_80;
  plan.mki = hex("01020304");
  plan.initiator = mikey::uri_id("sip:a@example.com");
  plan.offered_protocols = {"mikey"};
  const auto sent = create_offer_psk(plan, psk, random, noon);
  BOOST_REQUIRE_MESSAGE(sent.has_value(), error_of(sent));
  const auto received = open_offer_psk(sent->init.octets, psk);
  BOOST_REQUIRE_MESSAGE(received.has_value(), error_of(received));
  BOOST_TEST((received->keys.sessions == sent->keys.sessions));
  BOOST_TEST((received->keys.sessions[0].key.suite == plan.suite));
  BOOST_TEST(received->keys.sessions[0].key.master_key.size() == 32u);
  BOOST_TEST((received->keys.sessions[0].key.mki == plan.mki));
  BOOST_TEST((received->keys.sessions[0].key.master_key != received->keys.sessions[1].key.master_key));
  BOOST_TEST((received->init.timestamp() == mikey::ntp_utc(noon)));
  BOOST_TEST(received->notes.empty());
  const Bytes answer = create_answer_psk(*received, psk, 0xBBBB, mikey::uri_id("sip:b@example.com")).value();
  const auto done = complete_psk(answer, *sent, psk);
  BOOST_REQUIRE_MESSAGE(done.has_value(), error_of(done));
  BOOST_TEST(done->sessions[1].ssrc == 0xBBBBu);
}

BOOST_AUTO_TEST_CASE(two_offers_share_nothing) {
  SeededRandom random(7);
  MikeyOfferPlan plan;
  plan.sessions = {{0, 1, 0}};
  const MikeyOffer one = create_offer_psk(plan, psk, random, noon).value();
  const MikeyOffer two = create_offer_psk(plan, psk, random, noon).value();
  BOOST_TEST(one.init.message.header.csb_id != two.init.message.header.csb_id);
  BOOST_TEST((one.keys.tgk != two.keys.tgk));
  BOOST_TEST((one.init.rand() != two.init.rand()));
}

BOOST_AUTO_TEST_CASE(a_salt_that_was_sent_is_used) {
  const auto offer = offer_with({{mikey::KeyKind::tgk_with_salt, Bytes(32, 1), Bytes(14, 2), {}}});
  BOOST_REQUIRE_MESSAGE(offer.has_value(), error_of(offer));
  BOOST_TEST((offer->keys.sessions[0].key.master_salt == Bytes(14, 2)));
  BOOST_TEST((offer->keys.sessions[0].key.master_key != offer->keys.sessions[1].key.master_key));
}

BOOST_AUTO_TEST_CASE(teks_go_to_the_sessions_in_order) {
  const auto tek = [](std::uint8_t fill) {
    return mikey::KeyData{mikey::KeyKind::tek_with_salt, Bytes(16, fill), Bytes(14, 9), {}};
  };
  const auto two = offer_with({tek(1), tek(2)});
  BOOST_REQUIRE_MESSAGE(two.has_value(), error_of(two));
  BOOST_REQUIRE(two->keys.sessions.size() == 2);
  BOOST_TEST((two->keys.sessions[0].key.master_key == Bytes(16, 1)));
  BOOST_TEST((two->keys.sessions[1].key.master_key == Bytes(16, 2)));
  BOOST_TEST(two->keys.tgk.empty());
  const auto one = offer_with({tek(5)});
  BOOST_REQUIRE_MESSAGE(one.has_value(), error_of(one));
  BOOST_TEST((one->keys.sessions[1].key.master_key == Bytes(16, 5)));
}

BOOST_AUTO_TEST_CASE(several_tgks_give_several_keys_told_apart_by_mki) {
  const auto offer = offer_with({{mikey::KeyKind::tgk, Bytes(32, 1), {}, mikey::Spi{hex("01")}},
                                 {mikey::KeyKind::tgk, Bytes(32, 2), {}, mikey::Spi{hex("02")}}});
  BOOST_REQUIRE_MESSAGE(offer.has_value(), error_of(offer));
  BOOST_REQUIRE(offer->keys.sessions.size() == 4);
  BOOST_TEST(offer->keys.sessions[1].cs_id == 1);
  BOOST_TEST((offer->keys.sessions[1].key.mki == hex("02")));
  BOOST_TEST((offer->keys.tgk == Bytes(32, 1)));
}

BOOST_AUTO_TEST_CASE(keys_that_do_not_fit_the_suite) {
  BOOST_TEST(error_of(offer_with({{mikey::KeyKind::tek_with_salt, Bytes(15, 1), Bytes(14, 2), {}}})) ==
             "TEK has 15 octets, expected 16 for AES_CM_128_HMAC_SHA1_80");
  BOOST_TEST(error_of(offer_with({{mikey::KeyKind::tek_with_salt, Bytes(16, 1), Bytes(12, 2), {}}})) ==
             "salt has 12 octets, expected 14 for AES_CM_128_HMAC_SHA1_80");
}

BOOST_AUTO_TEST_CASE(what_is_odd_is_noted) {
  mikey::SrtpPolicy policy;
  policy.authentication_key_octets = 4;
  const auto offer = offer_with({{mikey::KeyKind::tgk, Bytes(32, 1), {}, {}}}, policy);
  BOOST_REQUIRE_MESSAGE(offer.has_value(), error_of(offer));
  BOOST_REQUIRE(offer->notes.size() == 1);
  BOOST_TEST(offer->notes[0].find("security policy 0: the session authentication key length") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
