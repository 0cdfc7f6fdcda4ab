#include "sdp/crypto.hpp"

#include "base/base64.hpp"
#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::sdp;

namespace {

const std::string key30 = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"; // from the examples of RFC 4568

struct Wrong {
  std::string_view value;
  std::size_t offset;
};

void check_wrong(const Wrong& wrong) {
  const auto crypto = parse_crypto(wrong.value);
  BOOST_TEST_CONTEXT(wrong.value) {
    BOOST_REQUIRE(!crypto);
    BOOST_TEST(crypto.error().offset.value_or(9999) == wrong.offset);
    BOOST_TEST(!crypto.error().what.empty());
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(crypto)

// An example of RFC 4568.
BOOST_AUTO_TEST_CASE(example_of_the_attribute) {
  const std::string value =
      "1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^20|1:32";
  const auto parsed = parse_crypto(value);
  BOOST_REQUIRE(parsed);
  BOOST_TEST(parsed->tag == 1u);
  BOOST_TEST(parsed->suite == "AES_CM_128_HMAC_SHA1_80");
  BOOST_REQUIRE(parsed->keys.size() == 1u);
  const InlineKey& key = parsed->keys[0];
  // The octets as `base64 -d` gives them.
  BOOST_TEST(to_hex(key.key_and_salt) == "3d2d6e40255e7821426a75667239293f2c2335685c603d265d7b71695051");
  BOOST_TEST(!key.padding_missing);
  BOOST_REQUIRE(key.lifetime);
  BOOST_TEST(key.lifetime->packets == 1048576u);
  BOOST_TEST(key.lifetime->power_of_two);
  BOOST_REQUIRE(key.mki);
  BOOST_TEST(key.mki->value == 1u);
  BOOST_TEST(key.mki->octets == 32u);
  BOOST_TEST(to_string(*parsed) == value);
}

// Two keys, each with its MKI (RFC 4568 §6.1), as its examples write them.
BOOST_AUTO_TEST_CASE(several_keys) {
  const std::string value = "1 AES_CM_128_HMAC_SHA1_80 "
                            "inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:4;"
                            "inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj|2^20|2:4";
  const auto parsed = parse_crypto(value);
  BOOST_REQUIRE(parsed);
  BOOST_REQUIRE(parsed->keys.size() == 2u);
  BOOST_TEST(parsed->keys[0].mki->value == 1u);
  BOOST_TEST(parsed->keys[1].mki->value == 2u);
  BOOST_TEST(parsed->keys[1].mki->octets == 4u);
  BOOST_TEST(parsed->keys[1].base64 == "NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj");
  BOOST_TEST(to_string(*parsed) == value);
}

// The two lines of an example session of RFC 4568: two suites, FEC, and an MKI without a lifetime.
BOOST_AUTO_TEST_CASE(example_with_forward_error_correction) {
  const std::string one = "1 AES_CM_128_HMAC_SHA1_80 inline:" + key30 + "|2^20|1:4 FEC_ORDER=SRTP_FEC";
  const std::string two = "2 F8_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJjZGVm|2^20|1:4;"
                          "inline:QUJjZGVmMTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5|2^20|2:4 FEC_ORDER=FEC_SRTP";
  for (const auto& value : {one, two}) {
    const auto parsed = parse_crypto(value);
    BOOST_REQUIRE(parsed);
    BOOST_TEST(to_string(*parsed) == value);
  }
  const auto parsed = parse_crypto(two);
  BOOST_TEST(as_text(parsed->keys[0].key_and_salt) == "123456789ABCDE0123456789ABcdef");
}

BOOST_AUTO_TEST_CASE(mki_without_lifetime) {
  const auto parsed = parse_crypto("1 AES_CM_128_HMAC_SHA1_80 inline:" + key30 + "|1066:4");
  BOOST_REQUIRE(parsed);
  BOOST_TEST(!parsed->keys[0].lifetime);
  BOOST_REQUIRE(parsed->keys[0].mki);
  BOOST_TEST(parsed->keys[0].mki->value == 1066u);
  BOOST_TEST(parsed->keys[0].mki->digits == "1066");
  BOOST_TEST(parsed->keys[0].mki->octets == 4u);
}

BOOST_AUTO_TEST_CASE(lifetime_without_mki) {
  const auto decimal = parse_crypto("1 AES_CM_128_HMAC_SHA1_80 inline:" + key30 + "|1000000");
  BOOST_REQUIRE(decimal);
  BOOST_TEST(decimal->keys[0].lifetime->packets == 1000000u);
  BOOST_TEST(!decimal->keys[0].lifetime->power_of_two);
  BOOST_TEST(!decimal->keys[0].mki);
  const auto largest = parse_crypto("1 S inline:" + key30 + "|2^48");
  BOOST_REQUIRE(largest);
  BOOST_TEST(largest->keys[0].lifetime->packets == 281474976710656u);
  BOOST_TEST(to_string(*largest) == "1 S inline:" + key30 + "|2^48");
}

BOOST_AUTO_TEST_CASE(mki_longer_than_a_number_keeps_its_digits) {
  const std::string digits(40, '7');
  const auto parsed = parse_crypto("1 S inline:" + key30 + "|" + digits + ":128");
  BOOST_REQUIRE(parsed);
  BOOST_TEST(parsed->keys[0].mki->digits == digits);
  BOOST_TEST(parsed->keys[0].mki->octets == 128u);
  BOOST_TEST(to_string(*parsed) == "1 S inline:" + key30 + "|" + digits + ":128");
}

// The parameters of §6.3, in the order of the §9.2 grammar, and two extensions.
BOOST_AUTO_TEST_CASE(session_parameters) {
  const std::string value =
      "7 AES_CM_128_HMAC_SHA1_32 inline:" + key30 +
      " KDR=24 UNENCRYPTED_SRTP UNENCRYPTED_SRTCP UNAUTHENTICATED_SRTP FEC_ORDER=SRTP_FEC"
      " FEC_KEY=inline:" +
      key30 + "|2^20|1:4;inline:" + key30 + "|2^20|2:4 WSH=128 NEW=a=b -OLD";
  const auto parsed = parse_crypto(value);
  BOOST_REQUIRE(parsed);
  BOOST_REQUIRE(parsed->parameters.size() == 9u);
  BOOST_TEST(parsed->parameters[0].name == "KDR");
  BOOST_TEST(*parsed->parameters[0].value == "24");
  BOOST_TEST(parsed->parameters[1].name == "UNENCRYPTED_SRTP");
  BOOST_TEST(!parsed->parameters[1].value);
  BOOST_TEST(*parsed->parameters[4].value == "SRTP_FEC");
  BOOST_TEST(*parsed->parameters[6].value == "128");
  BOOST_TEST(parsed->parameters[7].name == "NEW");
  BOOST_TEST(*parsed->parameters[7].value == "a=b");
  BOOST_TEST(parsed->parameters[7].mandatory());
  BOOST_TEST(parsed->parameters[8].name == "-OLD");
  BOOST_TEST(!parsed->parameters[8].mandatory());
  BOOST_TEST(to_string(*parsed) == value);
}

BOOST_AUTO_TEST_CASE(any_blanks_between_fields) {
  const auto parsed = parse_crypto("1 \t AES_CM_128_HMAC_SHA1_80\tinline:" + key30 + "  WSH=64");
  BOOST_REQUIRE(parsed);
  BOOST_TEST(to_string(*parsed) == "1 AES_CM_128_HMAC_SHA1_80 inline:" + key30 + " WSH=64");
}

// 32 octets need one '='; some devices leave it out.
BOOST_AUTO_TEST_CASE(missing_padding_is_accepted_and_noted) {
  const std::string padded = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  const auto good = parse_crypto("1 S inline:" + padded);
  BOOST_REQUIRE(good);
  BOOST_TEST(!good->keys[0].padding_missing);
  const auto lax = parse_crypto("1 S inline:" + padded.substr(0, 43));
  BOOST_REQUIRE(lax);
  BOOST_TEST(lax->keys[0].padding_missing);
  BOOST_TEST(lax->keys[0].key_and_salt == good->keys[0].key_and_salt, boost::test_tools::per_element());
  BOOST_TEST(to_string(*lax) == "1 S inline:" + padded.substr(0, 43));
}

BOOST_AUTO_TEST_CASE(a_key_made_here_is_encoded) {
  Crypto crypto;
  crypto.tag = 3;
  crypto.suite = "X";
  InlineKey key;
  key.key_and_salt = {0xff, 0x00};
  key.mki = Mki{5, "", 1};
  crypto.keys = {key};
  BOOST_TEST(to_string(crypto) == "3 X inline:/wA=|5:1");
}

BOOST_AUTO_TEST_CASE(wrong_tag_suite_and_method) {
  check_wrong({"", 0});
  check_wrong({"x AES_CM_128_HMAC_SHA1_80 inline:AAAA", 0});
  check_wrong({"1234567890 S inline:AAAA", 0});
  check_wrong({"01 S inline:AAAA", 0});
  check_wrong({"1", 1});
  check_wrong({"1,S inline:AAAA", 1});
  check_wrong({"1 ", 2});
  check_wrong({"1 -S inline:AAAA", 2});
  check_wrong({"1 S-1 inline:AAAA", 3});
  check_wrong({"1 S", 3});
  check_wrong({"1 S ", 4});
  check_wrong({"1 S uri:http", 4});
  check_wrong({"1 S inline", 4});
  check_wrong({"1 S :AAAA", 4});
  check_wrong({"1 S inline:AAAA;", 16});
  check_wrong({"1 S inline:AAAA;;inline:AAAA", 16});
  check_wrong({"1 S inline:AAAA;mikey:AAAA", 16});
}

BOOST_AUTO_TEST_CASE(wrong_key_lifetime_and_mki) {
  check_wrong({"1 S inline:", 11});
  check_wrong({"1 S inline:AA*A", 13});
  check_wrong({"1 S inline:|2^20", 11});
  check_wrong({"1 S inline:AAAA|", 16});
  check_wrong({"1 S inline:AAAA||1:4", 16});
  check_wrong({"1 S inline:AAAA|0", 16});
  check_wrong({"1 S inline:AAAA|281474976710657", 16});
  check_wrong({"1 S inline:AAAA|2^49", 18});
  check_wrong({"1 S inline:AAAA|2^", 18});
  check_wrong({"1 S inline:AAAA|3^20", 16});
  check_wrong({"1 S inline:AAAA|:4", 16});
  check_wrong({"1 S inline:AAAA|a:4", 16});
  check_wrong({"1 S inline:AAAA|1:", 18});
  check_wrong({"1 S inline:AAAA|1:0", 18});
  check_wrong({"1 S inline:AAAA|1:129", 18});
  check_wrong({"1 S inline:AAAA|1:0004", 18});
  check_wrong({"1 S inline:AAAA|02:4", 16});
  check_wrong({"1 S inline:AAAA|2:04", 18});
  check_wrong({"1 S inline:AAAA|020", 16});
  check_wrong({"1 S inline:AAAA|2^20|5", 22});
  check_wrong({"1 S inline:AAAA|1:4|2^20", 20});
  check_wrong({"1 S inline:AAAA|2^20|1:4|x", 25});
  check_wrong({std::string_view("1 S inline:AA\0A", 15), 13});
}

BOOST_AUTO_TEST_CASE(wrong_session_parameters) {
  check_wrong({"1 S inline:AAAA ", 16});
  check_wrong({"1 S inline:AAAA KDR", 19});
  check_wrong({"1 S inline:AAAA KDR=", 20});
  check_wrong({"1 S inline:AAAA KDR=25", 20});
  check_wrong({"1 S inline:AAAA KDR=001", 20});
  check_wrong({"1 S inline:AAAA UNENCRYPTED_SRTP=1", 33});
  check_wrong({"1 S inline:AAAA FEC_ORDER=FEC", 26});
  check_wrong({"1 S inline:AAAA FEC_KEY=inline:*", 31});
  check_wrong({"1 S inline:AAAA FEC_KEY=AAAA", 24});
  check_wrong({"1 S inline:AAAA WSH=63", 20});
  check_wrong({"1 S inline:AAAA WSH=x", 20});
  check_wrong({"1 S inline:AAAA --X", 17});
  check_wrong({"1 S inline:AAAA -", 17});
  check_wrong({"1 S inline:AAAA X\x7f", 17});
}

BOOST_AUTO_TEST_CASE(an_mki_without_end_is_refused) {
  const std::string value = "1 S inline:AAAA|" + std::string(310, '1') + ":4";
  check_wrong({value, 16});
}

BOOST_AUTO_TEST_CASE(parts_as_settings_write_them) {
  BOOST_TEST(parse_lifetime("2^20")->packets == 1048576u);
  BOOST_TEST(parse_lifetime("1000")->packets == 1000u);
  for (const auto wrong : {"", "0", "2^49", "2^", "01", "1000 "}) BOOST_TEST(!parse_lifetime(wrong));
  BOOST_TEST(parse_session_parameter("KDR=4")->value.value() == "4");
  BOOST_TEST(!parse_session_parameter("-NEW")->mandatory());
  for (const auto wrong : {"", "KDR", "KDR=25", "A B", "--x"}) BOOST_TEST(!parse_session_parameter(wrong));
}

BOOST_AUTO_TEST_SUITE_END()
