#include "keying/sdes.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::keying;
using rtp::SrtpSuite;

namespace {

constexpr auto sha1_80 = SrtpSuite::aes_cm_128_hmac_sha1_80;
constexpr auto sha1_32 = SrtpSuite::aes_cm_128_hmac_sha1_32;
constexpr auto gcm_256 = SrtpSuite::aead_aes_256_gcm;

const std::string key_a = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
const std::string key_b = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";

sdp::Crypto line(std::string_view value) { return sdp::parse_crypto(value).value(); }

std::string reason(const std::vector<sdp::Crypto>& offered, std::vector<SrtpSuite> accepted) {
  SeededRandom random(1);
  const auto result = answer(offered, accepted, random);
  BOOST_REQUIRE(!result);
  return result.error().what;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(sdes)

// A key of the examples of RFC 4568, cut into 16 and 14 octets (§6.2.1).
BOOST_AUTO_TEST_CASE(key_of_a_line) {
  const auto key = key_of(line("1 AES_CM_128_HMAC_SHA1_80 inline:" + key_b + "|2^20|1:32"));
  BOOST_REQUIRE(key);
  BOOST_TEST((key->suite == sha1_80));
  BOOST_TEST(to_hex(key->master_key) == "3d2d6e40255e7821426a75667239293f");
  BOOST_TEST(to_hex(key->master_salt) == "2c2335685c603d265d7b71695051");
  BOOST_TEST(to_hex(key->mki) == std::string(62, '0') + "01");
  BOOST_TEST(key_of(line("1 AES_CM_128_HMAC_SHA1_80 inline:" + key_b))->mki.empty());
}

// RFC 4568 §6.1: the decimal value is a big-endian integer of the given length.
BOOST_AUTO_TEST_CASE(master_key_identifiers) {
  const auto mki = [](std::string_view text) {
    return key_of(line("1 AES_CM_128_HMAC_SHA1_80 inline:" + key_a + "|" + std::string(text)));
  };
  BOOST_TEST(to_hex(mki("1066:4")->mki) == "0000042a");
  BOOST_TEST(to_hex(mki("255:1")->mki) == "ff");
  BOOST_TEST(to_hex(mki("18446744073709551616:9")->mki) == "010000000000000000");
  BOOST_TEST(!mki("256:1"));
  BOOST_TEST(!mki("18446744073709551616:8"));
}

BOOST_AUTO_TEST_CASE(all_keys_of_a_line) {
  const auto keys =
      keys_of(line("1 AES_CM_128_HMAC_SHA1_80 inline:" + key_a + "|1:4;inline:" + key_b + "|2:4"));
  BOOST_REQUIRE(keys);
  BOOST_REQUIRE(keys->size() == 2u);
  BOOST_TEST(to_hex((*keys)[1].mki) == "00000002");
  BOOST_TEST(!((*keys)[0].master_key == (*keys)[1].master_key));
}

BOOST_AUTO_TEST_CASE(keys_that_cannot_be_used) {
  BOOST_TEST(
      contains(key_of(line("1 F8_128_HMAC_SHA1_80 inline:" + key_a)).error().what, "F8_128_HMAC_SHA1_80"));
  const auto too_short = key_of(line("1 AEAD_AES_256_GCM inline:" + key_a));
  BOOST_REQUIRE(!too_short);
  BOOST_TEST(contains(too_short.error().what, "44 octets"));
  BOOST_TEST(contains(too_short.error().what, "found 30"));
  BOOST_TEST(!key_of(sdp::Crypto{1, "AES_CM_128_HMAC_SHA1_80", {}, {}, 0}));
}

BOOST_AUTO_TEST_CASE(offers) {
  SeededRandom random(1);
  const SrtpSuite suites[] = {sha1_80, gcm_256};
  const auto offer = make_offer(suites, random);
  BOOST_REQUIRE(offer.size() == 2u);
  BOOST_TEST(offer[0].tag == 1u);
  BOOST_TEST(offer[1].tag == 2u);
  BOOST_TEST(offer[1].suite == "AEAD_AES_256_GCM");
  BOOST_TEST(offer[0].keys.at(0).key_and_salt.size() == 30u);
  BOOST_TEST(offer[1].keys.at(0).key_and_salt.size() == 44u); // RFC 7714 §12, §14.1
  BOOST_TEST(!offer[0].keys.at(0).lifetime);
  BOOST_TEST(!offer[0].keys.at(0).mki);
  const auto written = sdp::parse_crypto(to_string(offer[1]));
  BOOST_REQUIRE(written);
  BOOST_TEST((*key_of(*written) == *key_of(offer[1])));
  BOOST_TEST(!(make_offer(suites, random)[0].keys[0].base64 == offer[0].keys[0].base64));
}

BOOST_AUTO_TEST_CASE(offer_and_answer_agree) {
  SeededRandom random(1);
  const SrtpSuite offered[] = {sha1_80, sha1_32};
  const SrtpSuite accepted[] = {sha1_32, sha1_80};
  const auto offer = make_offer(offered, random);
  const auto answered = answer(offer, accepted, random);
  BOOST_REQUIRE(answered);
  BOOST_TEST((answered->keys.local.suite() == sha1_32)); // our order
  BOOST_TEST(answered->crypto.tag == 2u);                // under the offered tag
  const auto completed = complete(offer, answered->crypto);
  BOOST_REQUIRE(completed);
  BOOST_TEST((completed->local == answered->keys.remote));
  BOOST_TEST((completed->remote == answered->keys.local));
  BOOST_TEST(!(completed->local == completed->remote));
  BOOST_TEST(completed->local.options.most_shared_packets == std::uint64_t{1} << 31); // §6.4.2
  SdesSettings polite;                                                                // RFC 4568 §5.1.2
  polite.offerers_order = true;
  BOOST_TEST((answer(offer, accepted, random, polite)->crypto.tag == 1u));
  const SrtpSuite second_only[] = {sha1_32};
  BOOST_TEST((answer(offer, second_only, random, polite)->crypto.tag == 2u));
  std::vector<sdp::Crypto> first_unusable = offer;
  first_unusable[0].keys[0].key_and_salt.pop_back();
  BOOST_TEST((answer(first_unusable, accepted, random, polite)->crypto.tag == 2u));
}

BOOST_AUTO_TEST_CASE(answers_keep_the_offered_spelling_but_not_its_mki) {
  SeededRandom random(1);
  const SrtpSuite accepted[] = {sha1_80};
  const auto answered =
      answer(std::vector{line("9 aes_cm_128_hmac_sha1_80 inline:" + key_a + "|2^31|1:1")}, accepted, random);
  BOOST_REQUIRE(answered);
  BOOST_TEST(answered->crypto.suite == "aes_cm_128_hmac_sha1_80");
  BOOST_TEST(answered->crypto.tag == 9u);
  BOOST_TEST(answered->keys.local.first_key().mki.empty());
  BOOST_TEST(to_hex(answered->keys.remote.first_key().mki) == "01");
}

BOOST_AUTO_TEST_CASE(unusable_lines_are_passed_over) {
  SeededRandom random(1);
  const SrtpSuite accepted[] = {sha1_80};
  const std::vector<sdp::Crypto> offer = {
      line("1 F8_128_HMAC_SHA1_80 inline:" + key_a),
      line("2 AES_CM_128_HMAC_SHA1_80 inline:AAAA"),
      line("3 AES_CM_128_HMAC_SHA1_80 inline:" + key_a + " UNENCRYPTED_SRTP"),
      line("4 AES_CM_128_HMAC_SHA1_80 inline:" + key_a + " SOMETHING=new"),
      line("5 AES_CM_128_HMAC_SHA1_80 inline:" + key_b + " -SOMETHING=new WSH=128"),
      line("6 AES_CM_128_HMAC_SHA1_80 inline:" + key_a),
  };
  const auto answered = answer(offer, accepted, random);
  BOOST_REQUIRE(answered);
  BOOST_TEST(answered->crypto.tag == 5u);
  BOOST_TEST((answered->keys.remote.first_key() == *key_of(offer[4])));
}

BOOST_AUTO_TEST_CASE(why_nothing_could_be_used) {
  const std::string why =
      reason({line("1 F8_128_HMAC_SHA1_80 inline:" + key_a), line("2 AES_CM_128_HMAC_SHA1_80 inline:AAAA"),
              line("3 AES_CM_128_HMAC_SHA1_80 inline:" + key_a + " UNENCRYPTED_SRTP"),
              line("4 AES_CM_128_HMAC_SHA1_32 inline:" + key_a)},
             {sha1_80});
  BOOST_TEST_CONTEXT(why) {
    BOOST_TEST(contains(why, "tag 1: crypto suite F8_128_HMAC_SHA1_80 is not done here: AES in f8 mode"));
    BOOST_TEST(contains(why, "tag 2: AES_CM_128_HMAC_SHA1_80 takes 30 octets"));
    BOOST_TEST(contains(why, "tag 3: session parameter UNENCRYPTED_SRTP is not accepted here"));
    BOOST_TEST(contains(why, "tag 4: AES_CM_128_HMAC_SHA1_32 is not accepted"));
  }
  BOOST_TEST(contains(reason({}, {sha1_80}), "no crypto line"));
  // Reasons are shown to users: no key may be in them.
  BOOST_TEST(!contains(why, key_a));
}

BOOST_AUTO_TEST_CASE(lenient_padding) {
  SeededRandom random(1);
  const SrtpSuite suites[] = {gcm_256};
  auto offer = make_offer(suites, random);
  std::string text = to_string(offer[0]);
  BOOST_REQUIRE(text.back() == '=');
  text.pop_back();
  const std::vector<sdp::Crypto> lax = {line(text)};
  BOOST_TEST(lax[0].keys[0].padding_missing);
  BOOST_TEST(answer(lax, suites, random).has_value());
}

// RFC 4568 §5.1.3
BOOST_AUTO_TEST_CASE(answers_that_do_not_fit_the_offer) {
  SeededRandom random(1);
  const SrtpSuite suites[] = {sha1_80, sha1_32};
  const auto offer = make_offer(suites, random);
  const auto why = [&](std::string_view value) {
    const auto keys = complete(offer, line(value));
    BOOST_REQUIRE(!keys);
    return keys.error().what;
  };
  BOOST_TEST(contains(why("3 AES_CM_128_HMAC_SHA1_80 inline:" + key_a), "tag 3"));
  BOOST_TEST(
      contains(why("1 AES_CM_128_HMAC_SHA1_32 inline:" + key_a), "AES_CM_128_HMAC_SHA1_32 under tag 1"));
  BOOST_TEST(contains(why("1 AES_CM_128_HMAC_SHA1_80 inline:AAAA"), "30 octets"));
  BOOST_TEST(contains(why("1 AES_CM_128_HMAC_SHA1_80 inline:" + key_a + " UNAUTHENTICATED_SRTP"),
                      "UNAUTHENTICATED_SRTP"));
}

BOOST_AUTO_TEST_CASE(an_answer_with_the_offered_key_is_told) {
  SeededRandom random(1);
  const SrtpSuite suites[] = {sha1_80};
  const auto offer = make_offer(suites, random);
  BOOST_TEST(repeats_key(*complete(offer, offer[0])));
  BOOST_TEST(!repeats_key(*complete(offer, line("1 AES_CM_128_HMAC_SHA1_80 inline:" + key_a))));
}

BOOST_AUTO_TEST_CASE(sections) {
  SeededRandom random(1);
  const SrtpSuite suites[] = {sha1_80};
  const auto offer = make_offer(suites, random);
  sdp::Media media;
  BOOST_TEST(!complete_section(offer, media));
  media.attributes.add("crypto", "1 AES_CM_128_HMAC_SHA1_80 inline:" + key_a);
  BOOST_TEST(complete_section(offer, media).has_value());
  media.attributes.add("ptime", "20");
  media.attributes.add("crypto", "1 broken");
  const auto lines = crypto_lines(media);
  BOOST_REQUIRE(lines.size() == 2u);
  BOOST_TEST(lines[0].has_value());
  BOOST_TEST(!lines[1].has_value());
  BOOST_TEST(readable_crypto_lines(media).size() == 1u);
  const auto two = complete_section(offer, media);
  BOOST_REQUIRE(!two);
  BOOST_TEST(contains(two.error().what, "found 2"));
}

BOOST_AUTO_TEST_SUITE_END()
