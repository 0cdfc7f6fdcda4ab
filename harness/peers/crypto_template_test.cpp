#include "peers/crypto_template.hpp"

#include "base/text.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::peers;

namespace {

std::string filled(std::string_view text, const sdp::Crypto* chosen = nullptr) {
  SeededRandom random(1);
  return fill_crypto_template(text, random, chosen).value();
}

std::size_t octets(std::string_view text) {
  return sdp::parse_crypto(filled(text)).value().keys.at(0).key_and_salt.size();
}

} // namespace

BOOST_AUTO_TEST_SUITE(crypto_template)

BOOST_AUTO_TEST_CASE(keys_have_the_length_of_their_suite) {
  BOOST_TEST(octets("1 AES_CM_128_HMAC_SHA1_80 inline:{key}|2^20") == 30u);
  BOOST_TEST(octets("1 AEAD_AES_256_GCM inline:{key}") == 44u);
  BOOST_TEST(octets("1 AES_CM_256_HMAC_SHA1_80 inline:{bare}") == 46u);
  BOOST_TEST(octets("1 NOBODY_KNOWS inline:{key}") == 30u);
  BOOST_TEST(octets("1 AES_CM_128_HMAC_SHA1_80 inline:{key:29}") == 29u);
  BOOST_TEST(!filled("1 X inline:{bare:29}").ends_with("="));
  BOOST_TEST(filled("1 X inline:{key:29}").ends_with("="));
}

BOOST_AUTO_TEST_CASE(every_key_is_fresh) {
  const auto line = sdp::parse_crypto(filled("1 AES_CM_128_HMAC_SHA1_80 inline:{key}|1:1;inline:{key}|2:1"));
  BOOST_REQUIRE(line);
  BOOST_TEST(line->keys.at(0).base64 != line->keys.at(1).base64);
}

BOOST_AUTO_TEST_CASE(places_of_an_answer) {
  const sdp::Crypto chosen{7, "AEAD_AES_128_GCM", {}, {}, 0};
  const std::string line = filled("{tag} {suite} inline:{key} KDR=1", &chosen);
  BOOST_TEST(line.starts_with("7 AEAD_AES_128_GCM inline:"));
  BOOST_TEST(line.ends_with(" KDR=1"));
  BOOST_TEST(sdp::parse_crypto(line)->keys.at(0).key_and_salt.size() == 28u);
}

BOOST_AUTO_TEST_CASE(anything_else_stands) {
  BOOST_TEST(filled("no line at all") == "no line at all");
  BOOST_TEST(filled("") == "");
}

BOOST_AUTO_TEST_CASE(wrong_places) {
  SeededRandom random(1);
  for (const std::string_view text :
       {"1 X inline:{kye}", "1 X inline:{key", "1 X inline:{key:x}", "{tag} X", "{key:99999}"})
    BOOST_TEST(!fill_crypto_template(text, random));
}

BOOST_AUTO_TEST_SUITE_END()
