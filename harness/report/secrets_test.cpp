#include "report/clean.hpp"
#include "report/secrets.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::report;

BOOST_AUTO_TEST_SUITE(secrets)

// The attribute of RFC 4568 §4, with lifetime and MKI.
BOOST_AUTO_TEST_CASE(sdes_keys_go_and_their_parameters_stay) {
  BOOST_TEST(
      redact(
          "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^20|1:32") ==
      "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:[redacted]|2^20|1:32");
  BOOST_TEST(redact("inline:AAAA|2^20|1:4;inline:BBBB==|2^20|2:4 KDR=1") ==
             "inline:[redacted]|2^20|1:4;inline:[redacted]|2^20|2:4 KDR=1");
  BOOST_TEST(redact("INLINE:AAAA") == "INLINE:[redacted]");
}

BOOST_AUTO_TEST_CASE(mikey_payloads_go) {
  BOOST_TEST(redact("a=key-mgmt:mikey AQAFgM0XflABAAAAAAAAAAAAAAsAyO==\r\nm=audio") ==
             "a=key-mgmt:mikey [redacted]\r\nm=audio");
}

// The credentials of RFC 7616 §3.9.1.
BOOST_AUTO_TEST_CASE(digest_responses_go_and_the_rest_stays) {
  BOOST_TEST(
      redact("Authorization: Digest username=\"Mufasa\", "
             "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
             "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", "
             "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\", opaque=\"x\"") ==
      "Authorization: Digest username=\"Mufasa\", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
      "cnonce=\"[redacted]\", response=\"[redacted]\", opaque=\"x\"");
  BOOST_TEST(redact("response=0123abcd, qop=auth") == "response=[redacted], qop=auth");
  BOOST_TEST(redact("Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==") ==
             "Authorization: Basic [redacted]");
}

BOOST_AUTO_TEST_CASE(private_keys_go_whole) {
  BOOST_TEST(
      redact("key:\n-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIC\nAAAA\n-----END ENCRYPTED PRIVATE "
             "KEY-----\nafter") ==
      "key:\n-----BEGIN ENCRYPTED PRIVATE KEY-----[redacted]-----END ENCRYPTED PRIVATE KEY-----\nafter");
  BOOST_TEST(redact("-----BEGIN PRIVATE KEY-----\nMIIC cut off") == "-----BEGIN PRIVATE KEY-----[redacted]");
}

BOOST_AUTO_TEST_CASE(certificates_stay) {
  const std::string text = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n";
  BOOST_TEST(redact(text) == text);
  BOOST_TEST(redact(text + "-----BEGIN RSA PRIVATE KEY-----\nM\n-----END RSA PRIVATE KEY-----") ==
             text + "-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY-----");
}

BOOST_AUTO_TEST_CASE(key_log_lines_lose_their_secret) {
  const std::string random(64, 'a');
  BOOST_TEST(redact("CLIENT_RANDOM " + random + " " + std::string(96, 'b') + "\nx") ==
             "CLIENT_RANDOM " + random + " [redacted]\nx");
  BOOST_TEST(redact("SERVER_TRAFFIC_SECRET_0 " + random + " 0123") ==
             "SERVER_TRAFFIC_SECRET_0 " + random + " [redacted]");
}

BOOST_AUTO_TEST_CASE(passwords_in_settings_go) {
  BOOST_TEST(redact("netborder.sip.tls.password=abc\nport=5067") ==
             "netborder.sip.tls.password=[redacted]\nport=5067");
  BOOST_TEST(redact("passphrase: 's3 cret' rest") == "passphrase: '[redacted]' rest");
}

BOOST_AUTO_TEST_CASE(ordinary_text_stays_to_the_octet) {
  for (const char* text :
       {"", "The response came after 12 ms", "TLS_RSA_WITH_AES_128_CBC_SHA", "RSA key of 2048 bits",
        "inline: nothing", "INVITE sip:a@b;transport=tls SIP/2.0\r\nCall-ID: x\r\n", "a - b -- c -----",
        "response=", "key-mgmt:mikey "})
    BOOST_TEST(redact(text) == text);
}

BOOST_AUTO_TEST_CASE(a_key_spread_over_context_lines_goes) {
  BOOST_TEST((
      redact_lines({"before", "-----BEGIN PRIVATE KEY-----", "MIIC", "-----END PRIVATE KEY-----", "after"}) ==
      std::vector<std::string>{"before", "-----BEGIN PRIVATE KEY-----[redacted]-----END PRIVATE KEY-----",
                               "after"}));
}

BOOST_AUTO_TEST_SUITE_END()
