#include "mikey/srtp_policy.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(srtp_policy_parameters)

using namespace sipvet;
using namespace sipvet::mikey;

namespace {

SrtpPolicy read(std::vector<PolicyParameter> parameters) {
  return srtp_policy(SecurityPolicy{0, srtp_protocol, std::move(parameters)}).value();
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_left_out_is_srtps_default) {
  const SrtpPolicy policy = read({});
  BOOST_TEST((policy.encryption == SrtpEncryption::aes_cm));
  BOOST_TEST(policy.encryption_key_octets == 16u);
  BOOST_TEST(policy.authentication_key_octets == 20u);
  BOOST_TEST(policy.salt_octets == 14u);
  BOOST_TEST(policy.tag_octets == 10u);
  BOOST_TEST(policy.srtp_encryption);
  BOOST_TEST(policy.srtp_authentication);
}

BOOST_AUTO_TEST_CASE(every_number_of_the_table) {
  const SrtpPolicy policy = read({{0, hex("02")},
                                  {1, hex("18")},
                                  {2, hex("00")},
                                  {3, hex("0a")},
                                  {4, hex("0c")},
                                  {5, hex("01")},
                                  {6, hex("0400")},
                                  {7, hex("00")},
                                  {8, hex("00")},
                                  {9, hex("01")},
                                  {10, hex("00")},
                                  {11, hex("04")},
                                  {12, hex("03")},
                                  {20, hex("10")},
                                  {99, hex("77")}});
  BOOST_TEST((policy.encryption == SrtpEncryption::aes_f8));
  BOOST_TEST(policy.encryption_key_octets == 24u);
  BOOST_TEST((policy.authentication == SrtpAuthentication::null));
  BOOST_TEST(policy.authentication_key_octets == 10u);
  BOOST_TEST(policy.salt_octets == 12u);
  BOOST_TEST(policy.prf == 1u);
  BOOST_TEST(policy.key_derivation_rate == 1024u);
  BOOST_TEST(!policy.srtp_encryption);
  BOOST_TEST(!policy.srtcp_encryption);
  BOOST_TEST(policy.fec_order == 1u);
  BOOST_TEST(!policy.srtp_authentication);
  BOOST_TEST(policy.tag_octets == 4u);
  BOOST_TEST(policy.prefix_octets == 3u);
  BOOST_TEST((policy.aead_tag_octets == 16u));
}

BOOST_AUTO_TEST_CASE(there_and_back) {
  SrtpPolicy policy;
  policy.key_derivation_rate = 65536;
  policy.srtcp_encryption = false;
  policy.aead_tag_octets = 16;
  BOOST_TEST((srtp_policy(to_payload(policy, 7)).value() == policy));
  BOOST_TEST(to_payload(policy, 7).policy_no == 7);
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
  BOOST_TEST(error_of(srtp_policy(SecurityPolicy{3, 1, {}})) ==
             "security policy 3 is for protocol type 1, expected 0 (SRTP)");
  BOOST_TEST(error_of(srtp_policy(SecurityPolicy{0, 0, {{11, {}}}})) ==
             "SRTP policy parameter 11 has 0 octets, expected 1 to 8");
  BOOST_TEST(error_of(srtp_policy(SecurityPolicy{0, 0, {{0, hex("0100")}}})) ==
             "SRTP policy parameter 0 names algorithm 256, expected at most 255");
}

BOOST_AUTO_TEST_CASE(a_tag_length_where_the_key_length_belongs) {
  BOOST_TEST(oddities(read({})).empty());
  const auto found = oddities(read({{3, hex("0a")}}));
  BOOST_REQUIRE(found.size() == 1);
  BOOST_TEST(found[0] ==
             "the session authentication key length (parameter 3) is 10 octets, HMAC-SHA-1 in SRTP takes "
             "20; it looks like a tag length, which is parameter 11");
}

BOOST_AUTO_TEST_SUITE_END()
