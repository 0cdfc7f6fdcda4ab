#include "gateway/properties.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(mikey_properties)

using namespace sipvet;
using namespace sipvet::gateway;
using keying::KeyExchange;
using rtp::SrtpSuite;

namespace {

ReadConfig read(std::string_view yaml) {
  const script::Document document = script::load_yaml_text(yaml, "gw.yaml");
  BOOST_REQUIRE(document.errors.empty());
  return read_config(document.root);
}

std::string only_error(std::string_view yaml) {
  const ReadConfig result = read(yaml);
  BOOST_REQUIRE_EQUAL(result.errors.size(), 1u);
  return result.errors.front().message;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_names_of_the_guides) {
  const ReadConfig mikey =
      read("KeyManagementProtocol: MIKEY\nEncryption: \"NULL\"\nsipvet.mikey.presharedKey: a\n");
  BOOST_REQUIRE(mikey.errors.empty());
  BOOST_TEST((mikey.config.key_exchanges == std::vector{KeyExchange::mikey}));
  BOOST_TEST(
      (mikey.config.mikey.suites == std::vector{SrtpSuite::null_hmac_sha1_80, SrtpSuite::null_hmac_sha1_32}));
  const ReadConfig sdes = read("KeyManagementProtocol: SDES\nEncryption: AES_CM_128\n");
  BOOST_TEST((sdes.config.key_exchanges == std::vector{KeyExchange::sdes}));
  BOOST_TEST((sdes.config.mikey.suites.front() == SrtpSuite::aes_cm_128_hmac_sha1_80));
  const ReadConfig readable = read("KeyManagementProtocol: SDES\nEncryption: \"NULL\"\n");
  BOOST_TEST(readable.config.sdes.style.parameters.size() == 2u);
  BOOST_TEST(readable.config.sdes.style.parameters.at(0).name == "UNENCRYPTED_SRTP");
  BOOST_TEST(readable.config.sdes.accepted_parameters.back() == "UNENCRYPTED_SRTCP");
  BOOST_TEST(only_error("KeyManagementProtocol: SDPES\n") ==
             "KeyManagementProtocol: expected one of SDES, MIKEY, found 'SDPES': did you mean 'SDES'?");
  BOOST_TEST(
      only_error("Encryption: AES_CM_256\n").starts_with("Encryption: expected one of AES_CM_128, NULL"));
}

BOOST_AUTO_TEST_CASE(every_property_sets_its_field) {
  const ReadConfig got = read("sipvet.media.keyExchange: [sdes, mikey, dtls-srtp]\n"
                              "sipvet.media.wrongKeyManagementStatus: 406\n"
                              "sipvet.mikey.presharedKey: hex:0102\n"
                              "sipvet.mikey.mode: dh\n"
                              "sipvet.mikey.group: oakley-2\n"
                              "sipvet.mikey.verification: false\n"
                              "sipvet.mikey.protocolList: false\n"
                              "sipvet.mikey.errorMessages: false\n"
                              "sipvet.mikey.nullProtection: true\n"
                              "sipvet.mikey.identity: sip:a@example.test\n"
                              "sipvet.mikey.mki: 0a0b\n"
                              "sipvet.mikey.suites: [AEAD_AES_128_GCM]\n"
                              "sipvet.mikey.keyDerivationRate: 1024\n"
                              "sipvet.mikey.clockSkew: 10s\n"
                              "deviations: {mikey: {wrong_mac: true}}\n");
  BOOST_REQUIRE(got.errors.empty());
  const Config& config = got.config;
  BOOST_TEST(
      (config.key_exchanges == std::vector{KeyExchange::sdes, KeyExchange::mikey, KeyExchange::dtls_srtp}));
  BOOST_TEST(config.wrong_key_management_status == 406);
  const keying::MikeySettings& mikey = config.mikey;
  BOOST_TEST((mikey.psk == Bytes{1, 2}));
  BOOST_TEST((mikey.mode == keying::MikeyMode::diffie_hellman));
  BOOST_TEST((mikey.group == crypto::ModpGroup::oakley_2));
  BOOST_TEST(!mikey.verification_wanted);
  BOOST_TEST(!mikey.protocol_list);
  BOOST_TEST(!mikey.error_messages);
  BOOST_TEST(mikey.null_protection);
  BOOST_TEST(mikey.identity == "sip:a@example.test");
  BOOST_TEST((mikey.mki == Bytes{0x0a, 0x0b}));
  BOOST_TEST((mikey.suites == std::vector{SrtpSuite::aead_aes_128_gcm}));
  BOOST_TEST(mikey.options.key_derivation_rate == 1024u);
  BOOST_TEST((mikey.limits.skew == std::chrono::seconds(10)));
  BOOST_TEST(mikey_settings(config).deviations.wrong_mac);
}

BOOST_AUTO_TEST_CASE(values_that_are_none) {
  BOOST_TEST(only_error("sipvet.mikey.presharedKey: hex:0\n")
                 .starts_with("sipvet.mikey.presharedKey: MIKEY pre-shared"));
  BOOST_TEST(only_error("sipvet.mikey.presharedKey: ''\n") ==
             "sipvet.mikey.presharedKey: MIKEY pre-shared key: expected text or hex:HEX");
  BOOST_TEST(only_error("sipvet.mikey.mki: zz\n") ==
             "sipvet.mikey.mki: expected up to 255 octets in hexadecimal, found 'zz'");
  BOOST_TEST(only_error("sipvet.mikey.keyDerivationRate: 3\n") ==
             "sipvet.mikey.keyDerivationRate: expected 0 or a power of two, found 3");
  BOOST_TEST(only_error("sipvet.mikey.suites: ROT13\n") == "sipvet.mikey.suites: 'ROT13' is no SRTP suite");
  BOOST_TEST(only_error("sipvet.mikey.mode: rsa\n").starts_with("sipvet.mikey.mode: expected one of psk"));
  BOOST_TEST(only_error("sipvet.mikey.group: oakley-3\n")
                 .starts_with("sipvet.mikey.group: expected one of oakley-1"));
  BOOST_TEST(only_error("sipvet.mikey.peerCertificateFile: /nowhere.pem\n") ==
             "sipvet.mikey.peerCertificateFile: the file /nowhere.pem cannot be read");
  BOOST_TEST(only_error("deviations: {mikey: {wrong_mack: true}}\n") ==
             "mikey: unknown MIKEY deviation 'wrong_mack': did you mean 'wrong_mac'?");
  BOOST_TEST(only_error("deviations: {mikey: {wrong_mac: 3}}\n") ==
             "mikey: expected true or false for wrong_mac");
}

BOOST_AUTO_TEST_CASE(mikey_without_its_key_is_told_at_the_start) {
  BOOST_TEST(only_error("KeyManagementProtocol: MIKEY\n") ==
             "sipvet.mikey.presharedKey: MIKEY in mode psk needs a pre-shared key");
  BOOST_TEST(read("KeyManagementProtocol: MIKEY\nsipvet.mikey.mode: dh\n").errors.empty());
}

BOOST_AUTO_TEST_SUITE_END()
