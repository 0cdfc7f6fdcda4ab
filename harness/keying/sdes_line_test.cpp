#include "keying/sdes_line.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::keying;
using rtp::SrtpSuite;

namespace {

const std::string key_a = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"; // of the examples of RFC 4568
const std::string key_b = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";
const std::string start = "1 AES_CM_128_HMAC_SHA1_80 inline:";

sdp::Crypto line(std::string_view value) { return sdp::parse_crypto(value).value(); }

SdesSettings accepting(std::vector<std::string> names) {
  SdesSettings settings;
  settings.accepted_parameters = std::move(names);
  return settings;
}

void check_refused(std::string_view value, std::string_view in_message, const SdesSettings& settings = {}) {
  const auto context = context_of(line(value), settings);
  BOOST_TEST_CONTEXT(value) {
    BOOST_REQUIRE(!context);
    BOOST_TEST(context.error().what.find(in_message) != std::string::npos, context.error().what);
    BOOST_TEST(context.error().what.find(key_a) == std::string::npos); // shown to users
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(sdes_line)

BOOST_AUTO_TEST_CASE(suites_by_every_name) {
  const auto suite = [](std::string name) { return suite_of(sdp::Crypto{1, std::move(name), {}, {}, 0}); };
  for (const rtp::SrtpSuiteInfo& info : rtp::srtp_suites())
    BOOST_TEST((suite(std::string(info.name)).value() == info.suite));
  BOOST_TEST((suite("AES_CM_256_HMAC_SHA1_80").value() == SrtpSuite::aes_256_cm_hmac_sha1_80));
  BOOST_TEST((suite("aes_cm_192_hmac_sha1_32").value() == SrtpSuite::aes_192_cm_hmac_sha1_32));
  BOOST_TEST(suite("F8_128_HMAC_SHA1_80").error().what.find("AES in f8 mode") != std::string::npos);
  BOOST_TEST(suite("AES_CM_128_NULL_AUTH").error().what.find("RFC 3711") != std::string::npos);
  BOOST_TEST(suite("NOBODY_KNOWS").error().what.find("not known") != std::string::npos);
}

// RFC 4568 §6.3: what changes how packets look.
BOOST_AUTO_TEST_CASE(session_parameters_become_options) {
  const auto all = accepting({"KDR", "WSH", "UNENCRYPTED_SRTP", "UNENCRYPTED_SRTCP", "UNAUTHENTICATED_SRTP"});
  const auto context = context_of(
      line(start + key_a + " KDR=24 UNENCRYPTED_SRTP UNENCRYPTED_SRTCP UNAUTHENTICATED_SRTP WSH=128 -X=1"),
      all);
  BOOST_REQUIRE(context);
  BOOST_TEST(context->options.key_derivation_rate == 1u << 24);
  BOOST_TEST(!context->options.encrypt_rtp);
  BOOST_TEST(!context->options.encrypt_rtcp);
  BOOST_TEST(!context->options.authenticate_rtp);
  BOOST_TEST(context->options.replay_window_packets == 128u);
  BOOST_TEST(context_of(line(start + key_a + " KDR=0"))->options.key_derivation_rate == 1u);
  BOOST_TEST(context_of(line(start + key_a))->options.key_derivation_rate == 0u);
  // A hint: it is not a way to take memory.
  BOOST_TEST(context_of(line(start + key_a + " WSH=4294967295"))->options.replay_window_packets <= 32768u);
}

BOOST_AUTO_TEST_CASE(session_parameters_that_are_not_taken) {
  for (const std::string name : {"UNENCRYPTED_SRTP", "UNENCRYPTED_SRTCP", "UNAUTHENTICATED_SRTP"})
    check_refused(start + key_a + " " + name, name + " is not accepted");
  check_refused(start + key_a + " FEC_ORDER=FEC_SRTP", "forward error correction");
  check_refused(start + key_a + " FEC_KEY=inline:" + key_b, "forward error correction");
  check_refused(start + key_a + " NEW=1", "NEW is not known and must be understood");
  const auto weak = accepting({"UNAUTHENTICATED_SRTP"});
  check_refused("1 AEAD_AES_128_GCM inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA== UNAUTHENTICATED_SRTP",
                "does not go with AEAD_AES_128_GCM", weak);
  check_refused("1 AEAD_AES_128_GCM inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA== UNENCRYPTED_SRTP",
                "UNENCRYPTED_SRTP does not go with AEAD_AES_128_GCM", accepting({"UNENCRYPTED_SRTP"}));
}

// RFC 4568 §6.1.
BOOST_AUTO_TEST_CASE(several_keys_need_different_identifiers_of_one_length) {
  const auto several = [](std::string_view one, std::string_view two) {
    return start + key_a + std::string(one) + ";inline:" + key_b + std::string(two);
  };
  const auto good = context_of(line(several("|2^20|1:4", "|1000|2:4")));
  BOOST_REQUIRE(good);
  BOOST_REQUIRE(good->keys.size() == 2u);
  BOOST_TEST(to_hex(good->keys[1].mki) == "00000002");
  BOOST_TEST(*good->keys[0].lifetime_packets == 1u << 20);
  BOOST_TEST(*good->keys[1].lifetime_packets == 1000u);
  check_refused(several("", ""), "needs an MKI for each");
  check_refused(several("|1:4", ""), "needs an MKI for each");
  check_refused(several("|1:4", "|2:3"), "differ in length");
  check_refused(several("|1:4", "|1:4"), "the same MKI");
}

BOOST_AUTO_TEST_CASE(lines_come_back_from_their_context) {
  const std::string digits(40, '7');
  for (const std::string& value :
       {start + key_a, start + key_a + "|2^20|1:4;inline:" + key_b + "|999|65535:4",
        start + key_a + "|" + digits + ":128", start + key_a + "|0:1"}) {
    sdp::Crypto read = line(value);
    read.keys = inline_keys(*context_of(read));
    BOOST_TEST(to_string(read) == value);
  }
}

BOOST_AUTO_TEST_CASE(lines_in_a_style) {
  SeededRandom random(1);
  SdesStyle style;
  style.keys = 3;
  style.mki_octets = 128;
  style.lifetime = sdp::Lifetime{1u << 31, true};
  const sdp::Crypto made = make_line(0, SrtpSuite::aead_aes_256_gcm, style, random);
  const auto context = context_of(line(to_string(made)));
  BOOST_REQUIRE(context);
  BOOST_REQUIRE(context->keys.size() == 3u);
  BOOST_TEST(to_hex(context->keys[2].mki) == std::string(254, '0') + "03");
  BOOST_TEST(to_string(made).find("|2^31|1:128;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(remarks) {
  BOOST_TEST(remarks_on(line(start + key_a)).empty());
  const auto odd = remarks_on(line("1 AES_CM_256_HMAC_SHA1_80 inline:" + std::string(62, 'A')));
  BOOST_REQUIRE(odd.size() == 2u);
  BOOST_TEST(odd[0].find("=") != std::string::npos);
  BOOST_TEST(odd[1].find("AES_256_CM_HMAC_SHA1_80") != std::string::npos);
  const auto zeroes = remarks_on(line(start + key_a + "|0:4 KDR=0"));
  BOOST_REQUIRE(zeroes.size() == 2u);
  BOOST_TEST(zeroes[0] == "its MKI is 0, expected a positive number (RFC 4568 §6.1)");
  BOOST_TEST(zeroes[1].starts_with("its KDR is 0, expected 1 to 24 (RFC 4568 §6.3.1)"));
  BOOST_TEST(remarks_on(line(start + key_a + "|1:4 KDR=1")).empty());
}

// Each deviation of what is taken, with a line that shows it and without it.
BOOST_AUTO_TEST_CASE(deviations_of_what_is_taken) {
  struct Row {
    bool SdesDeviations::*field;
    std::string value;
    bool taken_honestly;
  };
  const std::string unpadded = "1 AES_256_CM_HMAC_SHA1_80 inline:" + std::string(62, 'A');
  const Row rows[] = {
      {&SdesDeviations::mki_refused, start + key_a + "|1:1", true},
      {&SdesDeviations::lifetime_refused, start + key_a + "|2^31", true},
      {&SdesDeviations::tag_zero_refused, "0 AES_CM_128_HMAC_SHA1_80 inline:" + key_a, true},
      {&SdesDeviations::padding_required, unpadded, true},
      {&SdesDeviations::registered_names_required,
       "1 AES_CM_256_HMAC_SHA1_80 inline:" + std::string(61, 'A') + "Q==", true},
      {&SdesDeviations::optional_parameters_refused, start + key_a + " -X=1", true},
      {&SdesDeviations::unknown_parameters_accepted, start + key_a + " X=1", false},
      {&SdesDeviations::wrong_key_length_accepted, start + key_a.substr(4), false},
      {&SdesDeviations::wrong_mki_accepted, start + key_a + ";inline:" + key_b, false},
  };
  for (const Row& row : rows) {
    SdesSettings deviant;
    deviant.deviations.*row.field = true;
    BOOST_TEST_CONTEXT(row.value) {
      const auto read = sdp::parse_crypto(row.value);
      BOOST_REQUIRE(read);
      BOOST_TEST(context_of(*read).has_value() == row.taken_honestly);
      BOOST_TEST(context_of(*read, deviant).has_value() != row.taken_honestly);
    }
  }
}

BOOST_AUTO_TEST_CASE(names_of_deviations) {
  SdesDeviations deviations;
  BOOST_TEST(set_sdes_deviation(deviations, "mki_refused", {"true"}).has_value());
  BOOST_TEST(deviations.mki_refused);
  BOOST_TEST(!(deviations == SdesDeviations{}));
  BOOST_TEST(set_sdes_deviation(deviations, "mki_refused", {"false"}).has_value());
  BOOST_TEST((deviations == SdesDeviations{}));
  BOOST_TEST(set_sdes_deviation(deviations, "mki_refuse", {"true"}).error().what.find("mki_refused") !=
             std::string::npos);
  BOOST_TEST(!set_sdes_deviation(deviations, "mki_refused", {"1"}));
  for (const SdesDeviationInfo& info : sdes_deviation_infos()) {
    BOOST_TEST(!(deviations.*info.field));
    BOOST_TEST(!info.text.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
