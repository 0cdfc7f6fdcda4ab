#include "keying/mikey_suite.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(mikey_suite)

using namespace sipvet;
using namespace sipvet::keying;
using mikey::SrtpEncryption;
using mikey::SrtpPolicy;
using rtp::SrtpSuite;

namespace {

std::string error_of(const SrtpPolicy& policy) {
  const auto transform = transform_of(policy);
  return transform ? std::string(rtp::name(transform->suite)) : to_string(transform.error());
}

} // namespace

BOOST_AUTO_TEST_CASE(every_suite_has_a_policy) {
  for (const rtp::SrtpSuiteInfo& info : rtp::srtp_suites()) {
    const auto suite = transform_of(policy_of({info.suite, {}}));
    BOOST_REQUIRE_MESSAGE(suite.has_value(), info.name << ": " << to_string(suite.error()));
    BOOST_TEST((suite->suite == info.suite), info.name);
    BOOST_TEST(policy_of({info.suite, {}}).salt_octets == info.salt_octets, info.name);
  }
}

BOOST_AUTO_TEST_CASE(the_policy_chooses_the_suite) {
  BOOST_TEST((transform_of(SrtpPolicy{}).value().suite == SrtpSuite::aes_cm_128_hmac_sha1_80));
  SrtpPolicy policy;
  policy.tag_octets = 4;
  BOOST_TEST((transform_of(policy).value().suite == SrtpSuite::aes_cm_128_hmac_sha1_32));
  policy.encryption_key_octets = 32;
  BOOST_TEST((transform_of(policy).value().suite == SrtpSuite::aes_256_cm_hmac_sha1_32));
  policy.srtp_encryption = policy.srtcp_encryption = false;
  BOOST_TEST((transform_of(policy).value().suite == SrtpSuite::null_hmac_sha1_32));
  policy = {};
  policy.encryption = SrtpEncryption::aes_gcm;
  policy.encryption_key_octets = 32;
  policy.srtp_authentication = false;
  BOOST_TEST((transform_of(policy).value().suite == SrtpSuite::aead_aes_256_gcm));
}

BOOST_AUTO_TEST_CASE(a_wrong_authentication_key_length_does_not_change_the_suite) {
  SrtpPolicy policy;
  policy.authentication_key_octets = 10;
  BOOST_TEST((transform_of(policy).value().suite == SrtpSuite::aes_cm_128_hmac_sha1_80));
}

BOOST_AUTO_TEST_CASE(what_is_switched_off_becomes_options_and_comes_back) {
  SrtpPolicy policy;
  policy.srtcp_encryption = false;
  policy.srtp_authentication = false;
  policy.key_derivation_rate = 1U << 24;
  const MikeyTransform transform = transform_of(policy).value();
  BOOST_TEST((transform.suite == SrtpSuite::aes_cm_128_hmac_sha1_80));
  BOOST_TEST(transform.options.encrypt_rtp);
  BOOST_TEST(!transform.options.encrypt_rtcp);
  BOOST_TEST(!transform.options.authenticate_rtp);
  BOOST_TEST(transform.options.key_derivation_rate == 1U << 24);
  BOOST_TEST((policy_of(transform) == policy));
}

BOOST_AUTO_TEST_CASE(what_no_suite_does) {
  SrtpPolicy policy;
  policy.prf = 1;
  BOOST_TEST(error_of(policy) == "SRTP PRF (parameter 5) is 1, expected 0 (AES-CM)");
  policy = {};
  policy.prefix_octets = 2;
  BOOST_TEST(error_of(policy) == "SRTP prefix length (parameter 12) is 2, expected 0");
  policy = {};
  policy.key_derivation_rate = 17;
  BOOST_TEST(error_of(policy) ==
             "key derivation rate (parameter 6) is 17, expected 0 or a power of two up to 2^24 "
             "(RFC 3711 §4.3.1)");
  policy.key_derivation_rate = 1U << 25;
  BOOST_TEST(error_of(policy).starts_with("key derivation rate (parameter 6) is 33554432"));
  policy = {};
  policy.authentication = mikey::SrtpAuthentication::null;
  BOOST_TEST(error_of(policy) == "authentication algorithm (parameter 2) is 0, expected 1 (HMAC-SHA-1)");
  policy = {};
  policy.encryption = SrtpEncryption::aes_f8;
  BOOST_TEST(error_of(policy) ==
             "no SRTP suite has encryption algorithm 2 (parameter 0) with a key of 16 octets "
             "(parameter 1) and a tag of 10 octets (parameter 11)");
}

BOOST_AUTO_TEST_SUITE_END()
