#include "gateway/config.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::gateway;

namespace {

ReadConfig read(const std::string& yaml) { return read_config(script::load_yaml_text(yaml, "gw.yaml").root); }

} // namespace

BOOST_AUTO_TEST_SUITE(sdes_properties)

BOOST_AUTO_TEST_CASE(every_property) {
  const ReadConfig result = read("sipvet.media.srtp.suites: [AEAD_AES_256_GCM, AES_192_CM_HMAC_SHA1_32]\n"
                                 "sipvet.media.srtp.offerForm: capability-negotiation\n"
                                 "sipvet.media.srtp.understoodForms: two-sections,avp-with-encryption\n"
                                 "sipvet.media.srtp.rekeyAfter: 1000\n"
                                 "sipvet.media.sdes.firstTag: 0\n"
                                 "sipvet.media.sdes.answerOrder: offered\n"
                                 "sipvet.media.sdes.keys: 2\n"
                                 "sipvet.media.sdes.mkiOctets: 128\n"
                                 "sipvet.media.sdes.lifetime: 2^31\n"
                                 "sipvet.media.sdes.parameters: [KDR=2, -new=1]\n"
                                 "sipvet.media.sdes.acceptedParameters: UNENCRYPTED_SRTCP\n"
                                 "deviations: {sdes: {tag_renumbered: true}}\n");
  BOOST_REQUIRE(result.errors.empty());
  const Config& config = result.config;
  BOOST_TEST((config.srtp_suites.front() == rtp::SrtpSuite::aead_aes_256_gcm));
  BOOST_TEST((config.srtp_and_rtp_form == keying::Form::capability_negotiation));
  BOOST_TEST(config.understood_forms.size() == 2u);
  BOOST_TEST(config.rekey_after_packets == 1000u);
  BOOST_TEST(config.sdes.style.first_tag == 0u);
  BOOST_TEST(config.sdes.offerers_order);
  BOOST_TEST(config.sdes.style.keys == 2u);
  BOOST_TEST(config.sdes.style.mki_octets == 128u);
  BOOST_TEST(config.sdes.style.lifetime->packets == 1u << 31);
  BOOST_TEST(config.sdes.style.parameters.size() == 2u);
  BOOST_TEST(config.sdes.accepted_parameters == std::vector<std::string>{"UNENCRYPTED_SRTCP"},
             boost::test_tools::per_element());
  BOOST_TEST(config.deviations.sdes.tag_renumbered);
}

BOOST_AUTO_TEST_CASE(defaults) {
  const Config config;
  BOOST_TEST(config.understood_forms.size() == 4u);
  BOOST_TEST(config.rekey_after_packets == 0u);
  BOOST_TEST(config.sdes.accepted_parameters.size() == 2u);
  BOOST_TEST((config.deviations.sdes == keying::SdesDeviations{}));
}

BOOST_AUTO_TEST_CASE(wrong_values) {
  for (const char* line :
       {"sipvet.media.srtp.suites: F8_128_HMAC_SHA1_80", "sipvet.media.srtp.suites: []",
        "sipvet.media.srtp.suites: [AEAD_AES_128_GCM, AEAD_AES_128_GCM]", "sipvet.media.srtp.offerForm: savp",
        "sipvet.media.srtp.understoodForms: [avp]", "sipvet.media.srtp.rekeyAfter: -1",
        "sipvet.media.sdes.firstTag: 1000000000", "sipvet.media.sdes.keys: 0",
        "sipvet.media.sdes.keys: 2", // without an MKI
        "sipvet.media.sdes.mkiOctets: 129", "sipvet.media.sdes.lifetime: 2^49",
        "sipvet.media.sdes.answerOrder: theirs", "sipvet.media.sdes.parameters: KDR=0",
        "sipvet.media.sdes.parameters: KDR=25", "sipvet.media.sdes.acceptedParameters: FEC_ORDER",
        "deviations: {sdes: {tag: true}}", "deviations: {sdes: {tag_renumbered: often}}",
        "deviations: {sdes: 1}"})
    BOOST_TEST(read(line).errors.size() == 1u, line);
}

BOOST_AUTO_TEST_SUITE_END()
