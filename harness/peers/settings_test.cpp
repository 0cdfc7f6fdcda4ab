#include "peers/settings.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace sipvet;
using namespace sipvet::peers;

namespace {

ReadSettings read(const std::string& yaml) {
  const script::Document document = script::load_yaml_text(yaml, "peer.yaml");
  BOOST_TEST_REQUIRE(document.errors.empty());
  return read_settings(document.root);
}

std::vector<std::string> errors_of(const std::string& yaml) {
  std::vector<std::string> out;
  for (const verdict::Diagnostic& error : read(yaml).errors) out.push_back(to_string(error));
  return out;
}

void refuses(const std::string& yaml, const std::string& expected) {
  const std::vector<std::string> errors = errors_of(yaml);
  BOOST_TEST_CONTEXT(yaml) {
    BOOST_TEST_REQUIRE(errors.size() == 1u);
    BOOST_TEST(errors.front() == expected);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(every_key_is_read) {
  const ReadSettings got = read(R"(
transport: udp
port: 5070
user: mediation
user-agent: RTCC/3.5
codecs: [PCMA, pcmu]
tls.versions: [TLSv1.0, TLSv1.2]
tls.ciphers: [TLS_RSA_WITH_AES_256_CBC_SHA, TLS_RSA_WITH_AES_128_CBC_SHA]
tls.verify: chain-if-given
tls.certificate: false
srtp.suites: [AES_CM_128_HMAC_SHA1_32, aes_cm_128_hmac_sha1_80]
srtp.form: avp-with-crypto
)");
  BOOST_TEST(got.errors.empty());
  const Settings& settings = got.settings;
  BOOST_TEST((settings.transport == ua::Transport::udp));
  BOOST_TEST(settings.port == 5070);
  BOOST_TEST(settings.user == "mediation");
  BOOST_TEST(settings.user_agent == "RTCC/3.5");
  BOOST_TEST((settings.codecs == std::vector<std::uint8_t>{8, 0}));
  BOOST_TEST((settings.tls_versions == std::vector{tls::Version::tls1_0, tls::Version::tls1_2}));
  BOOST_TEST((settings.tls_ciphers ==
              std::vector<std::string>{"TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"}));
  BOOST_TEST((settings.tls_verify == tls::Verify::chain_if_given));
  BOOST_TEST(!settings.tls_present_certificate);
  BOOST_TEST((settings.suites ==
              std::vector{rtp::SrtpSuite::aes_cm_128_hmac_sha1_32, rtp::SrtpSuite::aes_cm_128_hmac_sha1_80}));
  BOOST_TEST((settings.form == keying::Form::avp_with_crypto));
}

BOOST_AUTO_TEST_CASE(dotted_keys_may_be_nested_maps) {
  const ReadSettings got = read("tls: {versions: TLSv1.3, verify: none}\nsrtp:\n  form: two-sections\n");
  BOOST_TEST(got.errors.empty());
  BOOST_TEST((got.settings.tls_versions == std::vector{tls::Version::tls1_3}));
  BOOST_TEST((got.settings.tls_verify == tls::Verify::none));
  BOOST_TEST((got.settings.form == keying::Form::two_sections));
}

BOOST_AUTO_TEST_CASE(nothing_given_leaves_the_defaults) {
  const ReadSettings got = read_settings({});
  BOOST_TEST(got.errors.empty());
  BOOST_TEST((got.settings.transport == ua::Transport::tls));
  BOOST_TEST(got.settings.port == 5061); // RFC 3261 §19.1.2
  BOOST_TEST(got.settings.user == "peer");
  BOOST_TEST((got.settings.suites == std::vector{rtp::SrtpSuite::aes_cm_128_hmac_sha1_80}));
  BOOST_TEST(got.settings.tls_present_certificate);
}

BOOST_AUTO_TEST_CASE(values_of_the_wrong_kind_are_refused_where_they_stand) {
  refuses("transport: sctp",
          "peer.yaml:1:12: error: 'transport' needs udp, tcp or tls, found the text 'sctp'");
  refuses("transport: [udp]", "peer.yaml:1:12: error: 'transport' needs udp, tcp or tls, found a list");
  for (const char* port : {"0", "65536", "-1", "sip", "5060.5"})
    refuses("port: " + std::string(port),
            "peer.yaml:1:7: error: 'port' needs a port from 1 to 65535, found the text '" +
                std::string(port) + "'");
  refuses("user: {a: b}", "peer.yaml:1:7: error: 'user' needs a text, found a map");
  refuses("user-agent: [a]", "peer.yaml:1:13: error: 'user-agent' needs a text, found a list");
  refuses("tls: {certificate: maybe}",
          "peer.yaml:1:20: error: 'tls.certificate' needs true or false, found the text 'maybe'");
  refuses("tls: {verify: all}",
          "peer.yaml:1:15: error: 'tls.verify' needs none, chain-if-given or chain-required, found the text "
          "'all'");
  refuses("srtp: {form: savp}", // a form of offers, but not of SRTP and RTP in one
          "peer.yaml:1:14: error: 'srtp.form' needs two-sections or avp-with-crypto, found the text 'savp'");
  refuses("tls: TLSv1.2", "peer.yaml:1:6: error: 'tls' needs a map, found the text 'TLSv1.2'");
}

BOOST_AUTO_TEST_CASE(lists_name_the_entry_that_is_unknown) {
  refuses("tls: {versions: [TLSv1.2, SSLv3]}",
          "peer.yaml:1:17: error: 'tls.versions' 'SSLv3' is none of TLSv1.0, TLSv1.1, TLSv1.2, TLSv1.3");
  refuses(
      "srtp: {suites: [F8_128_HMAC_SHA1_80]}",
      "peer.yaml:1:16: error: 'srtp.suites' 'F8_128_HMAC_SHA1_80' is none of the SRTP crypto suites of RFC "
      "4568, 6188 and 7714");
  refuses("codecs: [PCMU, G722]", "peer.yaml:1:9: error: 'codecs' 'G722' is none of PCMU, PCMA");
  BOOST_TEST(errors_of("codecs: []").size() == 1u);
  BOOST_TEST(errors_of("codecs: {a: b}").size() == 1u);
}

// A name that only fails when the cell runs would be an error of the harness instead of the file's.
BOOST_AUTO_TEST_CASE(cipher_suites_must_be_names_that_exist) {
  const std::vector<std::string> errors = errors_of("tls: {ciphers: [TLS_RSA_WITH_AES_128_CBC_SHAH]}");
  BOOST_TEST_REQUIRE(errors.size() == 1u);
  BOOST_TEST(errors.front() == "peer.yaml:1:16: error: 'tls.ciphers' expected an IANA cipher suite name, got "
                               "TLS_RSA_WITH_AES_128_CBC_SHAH");
  BOOST_TEST(errors_of("tls: {ciphers: AES128-SHA}").size() == 1u); // OpenSSL's name for one
}

BOOST_AUTO_TEST_CASE(unknown_keys_get_the_nearest_known_one) {
  refuses("\ntransprot: tls",
          "peer.yaml:2:1: error: unknown peer setting 'transprot'; did you mean 'transport'?");
  refuses("tls: {version: TLSv1.2}",
          "peer.yaml:1:7: error: unknown peer setting 'tls.version'; did you mean 'tls.versions'?");
  refuses("colour: red", "peer.yaml:1:1: error: unknown peer setting 'colour'");
}

BOOST_AUTO_TEST_CASE(all_errors_at_once_and_the_rest_is_read) {
  const ReadSettings got = read("port: none\nfoo: 1\ntls:\n  verify: often\nuser: alice\n");
  BOOST_TEST_REQUIRE(got.errors.size() == 3u);
  BOOST_TEST(got.errors[0].at.line == 1u);
  BOOST_TEST(got.errors[1].at.line == 2u);
  BOOST_TEST(got.errors[2].at.line == 4u);
  BOOST_TEST(got.settings.user == "alice");
}

BOOST_AUTO_TEST_CASE(the_table_for_the_documentation_has_every_key_once) {
  std::set<std::string_view> names;
  for (const SettingInfo& info : setting_infos()) {
    BOOST_TEST(names.insert(info.name).second);
    BOOST_TEST(info.text.size() > 10u);
  }
  const std::set<std::string_view> expected = {"transport",       "port",         "user",        "user-agent",
                                               "codecs",          "tls.versions", "tls.ciphers", "tls.verify",
                                               "tls.certificate", "srtp.suites",  "srtp.form"};
  BOOST_TEST((names == expected));
}

BOOST_AUTO_TEST_SUITE_END()
