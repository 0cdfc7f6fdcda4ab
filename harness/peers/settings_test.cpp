#include "peers/settings.hpp"

#include "crypto/certificate_variants.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <set>
#include <sstream>

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

std::string document(const std::string& name) {
  std::ifstream in(std::string(SIPVET_SOURCE_DIR) + "/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string certificates_reference() {
  std::string out = "| certificate | what it is |\n|---|---|\n";
  for (const crypto::VariantInfo& info : crypto::certificate_variants())
    out += "| `" + std::string(info.name) + "` | " + std::string(info.text) + " |\n";
  return out;
}

std::string deviations_reference() {
  constexpr std::string_view values[] = {"true or false", "a number", "a word", "codes or names"};
  std::string out = "| deviation | value | what it does |\n|---|---|---|\n";
  for (const tls::DeviationInfo& info : tls::deviation_infos())
    out += "| `" + std::string(info.name) + "` | " +
           std::string(values[static_cast<std::size_t>(info.type)]) + " | " + std::string(info.text) + " |\n";
  return out;
}

std::string media_deviations_reference() {
  std::string out = "| deviation | value | what it does |\n|---|---|---|\n";
  for (const ua::MediaDeviationInfo& info : ua::media_deviation_infos())
    out += "| `" + std::string(info.name) + "` | " + std::string(info.value) + " | " +
           std::string(info.text) + " |\n";
  return out;
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
  BOOST_TEST((settings.tls.versions == std::vector{tls::Version::tls1_0, tls::Version::tls1_2}));
  BOOST_TEST((settings.tls.ciphers ==
              std::vector<std::string>{"TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"}));
  BOOST_TEST((settings.tls.verify == tls::Verify::chain_if_given));
  BOOST_TEST(!settings.tls.present_certificate);
  BOOST_TEST((settings.suites ==
              std::vector{rtp::SrtpSuite::aes_cm_128_hmac_sha1_32, rtp::SrtpSuite::aes_cm_128_hmac_sha1_80}));
  BOOST_TEST((settings.form == keying::Form::avp_with_crypto));
}

BOOST_AUTO_TEST_CASE(dotted_keys_may_be_nested_maps) {
  const ReadSettings got = read("tls: {versions: TLSv1.3, verify: none}\nsrtp:\n  form: two-sections\n");
  BOOST_TEST(got.errors.empty());
  BOOST_TEST((got.settings.tls.versions == std::vector{tls::Version::tls1_3}));
  BOOST_TEST((got.settings.tls.verify == tls::Verify::none));
  BOOST_TEST((got.settings.form == keying::Form::two_sections));
}

BOOST_AUTO_TEST_CASE(the_ways_to_make_keys_are_read) {
  const ReadSettings got =
      read("key-exchange: [dtls-srtp, sdes]\ndtls: {versions: [DTLSv1.0, DTLSv1.2], "
           "offer-setup: passive, answer-setup: passive, fingerprints: [sha-1, sha-512], "
           "rtcp-mux: true, deviations: {wrong_fingerprint: true}}\n");
  BOOST_TEST(got.errors.empty());
  const Settings& settings = got.settings;
  BOOST_TEST(
      (settings.key_exchanges == std::vector{keying::KeyExchange::dtls_srtp, keying::KeyExchange::sdes}));
  BOOST_TEST((settings.dtls.versions == std::vector{tls::DtlsVersion::dtls1_0, tls::DtlsVersion::dtls1_2}));
  BOOST_TEST((settings.dtls.offer_setup == keying::Setup::passive));
  BOOST_TEST((settings.dtls.answer_setup == keying::Setup::passive));
  BOOST_TEST((settings.dtls.hashes == std::vector<std::string>{"sha-1", "sha-512"}));
  BOOST_TEST((settings.dtls.rtcp_mux && settings.dtls.deviations.wrong_fingerprint));
  refuses("key-exchange: zrtp",
          "peer.yaml:1:15: error: 'key-exchange' 'zrtp' is none of sdes, mikey, dtls-srtp");
  refuses("dtls: {versions: DTLSv1.3}",
          "peer.yaml:1:18: error: 'dtls.versions' 'DTLSv1.3' is none of DTLSv1.0, DTLSv1.2");
  refuses("dtls: {answer-setup: actpass}", "peer.yaml:1:22: error: 'dtls.answer-setup' needs active or "
                                           "passive, found the text 'actpass'");
  refuses("dtls: {fingerprints: md5}",
          "peer.yaml:1:22: error: 'dtls.fingerprints' 'md5' is none of sha-1, sha-256, sha-384, sha-512");
  refuses("dtls: {rtcp-mux: 1}",
          "peer.yaml:1:18: error: 'dtls.rtcp-mux' needs true or false, found the text '1'");
  refuses("dtls: {deviations: {no_fingerprnt: true}}",
          "peer.yaml:1:21: error: 'dtls.deviations' unknown DTLS deviation 'no_fingerprnt'; did you mean "
          "'no_fingerprint'?");
}

BOOST_AUTO_TEST_CASE(nothing_given_leaves_the_defaults) {
  const ReadSettings got = read_settings({});
  BOOST_TEST(got.errors.empty());
  BOOST_TEST((got.settings.transport == ua::Transport::tls));
  BOOST_TEST(got.settings.port == 5061); // RFC 3261 §19.1.2
  BOOST_TEST(got.settings.user == "peer");
  BOOST_TEST((got.settings.suites == std::vector{rtp::SrtpSuite::aes_cm_128_hmac_sha1_80}));
  BOOST_TEST(got.settings.tls.present_certificate);
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
  refuses("tls: {verify: all}",
          "peer.yaml:1:15: error: 'tls.verify' needs none, chain-if-given or chain-required, found the text "
          "'all'");
  refuses("srtp: {form: savp}", // a form of offers, but not of SRTP and RTP in one
          "peer.yaml:1:14: error: 'srtp.form' needs two-sections, avp-with-crypto, capability-negotiation or "
          "avp-with-encryption, found the text 'savp'");
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
  BOOST_TEST(errors.front().starts_with("peer.yaml:1:16: error: 'tls.ciphers' expected an IANA cipher suite "
                                        "name, got TLS_RSA_WITH_AES_128_CBC_SHAH (did you mean "
                                        "TLS_RSA_WITH_AES_128_CBC_SHA?); known are TLS_"),
             errors.front());
  BOOST_TEST(errors_of("tls: {ciphers: AES128-SHA}").size() == 1u); // OpenSSL's name for one
  // What only the wire engine has is as good as any.
  BOOST_TEST(errors_of("tls: {ciphers: TLS_RSA_WITH_3DES_EDE_CBC_SHA}").empty());
}

BOOST_AUTO_TEST_CASE(every_tls_key_is_read) {
  const ReadSettings got = read(R"(
domain: pbx.example.com
tls:
  engine: wire
  hello: sslv2
  accept-sslv2-hello: true
  versions: [TLSv1.0, TLSv1.2]
  groups: [secp256r1, x25519]
  resumption: true
  renegotiation: secure
  encrypt-then-mac: false
  extended-master-secret: false
  server-name: other.example.com
  verify-identity: true
  security-level: 2
  trust: other
  certificate: good
  deviations: {bad_finished: true, warning_alerts: 3, premaster: short, extra_suites: [0x0005, TLS_AES_128_GCM_SHA256]}
)");
  BOOST_TEST(got.errors.empty());
  BOOST_TEST(got.settings.domain == "pbx.example.com");
  const TlsSettings& tls = got.settings.tls;
  BOOST_TEST((tls.engine == tls::EngineKind::wire));
  BOOST_TEST(tls.sslv2_hello);
  BOOST_TEST(tls.accept_sslv2_hello);
  BOOST_TEST((tls.groups == std::vector<std::string>{"secp256r1", "x25519"}));
  BOOST_TEST(tls.resumption);
  BOOST_TEST((tls.renegotiation == tls::Renegotiation::secure));
  BOOST_TEST(!tls.encrypt_then_mac);
  BOOST_TEST(!tls.extended_master_secret);
  BOOST_TEST(tls.server_name.value() == "other.example.com");
  BOOST_TEST(tls.verify_identity);
  BOOST_TEST(tls.security_level.value() == 2);
  BOOST_TEST((tls.trust == Trust::other));
  BOOST_TEST(tls.certificate == "good");
  BOOST_TEST(tls.present_certificate);
  BOOST_TEST(tls.deviations.bad_finished);
  BOOST_TEST(tls.deviations.warning_alerts == 3);
  BOOST_TEST(tls.deviations.premaster == "short");
  BOOST_TEST((tls.deviations.extra_suites == std::vector<std::uint16_t>{5, 0x1301}));
}

BOOST_AUTO_TEST_CASE(a_certificate_is_a_name_or_no_certificate) {
  for (const char* none : {"none", "false"})
    BOOST_TEST(!read("tls.certificate: " + std::string(none)).settings.tls.present_certificate);
  BOOST_TEST(read("tls.certificate: true").settings.tls.present_certificate);
  BOOST_TEST(read("tls.certificate: true").settings.tls.certificate == "good");
  for (const crypto::VariantInfo& info : crypto::certificate_variants())
    BOOST_TEST(read("tls.certificate: " + std::string(info.name)).settings.tls.certificate == info.name);
  const auto errors = errors_of("tls.certificate: expird");
  BOOST_TEST_REQUIRE(errors.size() == 1u);
  BOOST_TEST(
      errors[0].starts_with("peer.yaml:1:18: error: 'tls.certificate' 'expird' is no certificate of the "
                            "lab (did you mean expired?); known are good, "),
      errors[0]);
  refuses("tls.certificate: [good]",
          "peer.yaml:1:18: error: 'tls.certificate' needs the name of a certificate, "
          "none, true or false, found a list");
}

BOOST_AUTO_TEST_CASE(a_server_name_is_a_name_none_or_the_gateways) {
  BOOST_TEST(!read("{}").settings.tls.server_name.has_value());
  BOOST_TEST(read("tls.server-name: none").settings.tls.server_name.value() == "");
  refuses("tls.server-name: ''",
          "peer.yaml:1:18: error: 'tls.server-name' needs a name, or none, found the text ''");
}

BOOST_AUTO_TEST_CASE(words_that_a_tls_key_does_not_take) {
  refuses("tls.engine: boring", "peer.yaml:1:13: error: 'tls.engine' needs automatic, openssl or wire, found "
                                "the text 'boring'");
  refuses("tls.hello: SSLv2",
          "peer.yaml:1:12: error: 'tls.hello' needs tls or sslv2, found the text 'SSLv2'");
  refuses("tls.renegotiation: maybe",
          "peer.yaml:1:20: error: 'tls.renegotiation' needs refuse or secure, found the text 'maybe'");
  refuses("tls.trust: me",
          "peer.yaml:1:12: error: 'tls.trust' needs lab, other or none, found the text 'me'");
  refuses("tls.security-level: 6",
          "peer.yaml:1:21: error: 'tls.security-level' needs a level from 0 to 5, found the text '6'");
  refuses("tls.groups: [ffdhe1]",
          "peer.yaml:1:13: error: 'tls.groups' expected a named group such as secp256r1, got ffdhe1");
  refuses("domain: ''", "peer.yaml:1:9: error: 'domain' needs a domain, found the text ''");
}

BOOST_AUTO_TEST_CASE(deviations_are_told_apart_each_at_its_place) {
  refuses("tls:\n  deviations: {bad_finish: true}",
          "peer.yaml:2:16: error: 'tls.deviations' unknown TLS deviation 'bad_finish': did you mean "
          "'bad_finished'?");
  refuses("tls.deviations: wild",
          "peer.yaml:1:17: error: 'tls.deviations' needs a map of deviations, found the "
          "text 'wild'");
  refuses("tls.deviations: {omit: {a: b}}",
          "peer.yaml:1:24: error: 'tls.deviations' omit needs a text or a list "
          "of texts, found a map");
  BOOST_TEST(errors_of("tls.deviations: {bad_mac: often, omit: Everything, coalesce: true}").size() == 2u);
}

BOOST_AUTO_TEST_CASE(settings_that_contradict_each_other) {
  refuses(
      "tls: {versions: TLSv1.3, ciphers: TLS_RSA_WITH_AES_128_CBC_SHA}",
      "peer.yaml:1:35: error: 'tls.ciphers' the cipher suite TLS_RSA_WITH_AES_128_CBC_SHA goes with TLSv1.0 "
      "to TLSv1.2, and the versions are TLSv1.3");
  refuses("tls: {versions: TLSv1.3, hello: sslv2}",
          "peer.yaml:1:33: error: 'tls.hello' a ClientHello in SSLv2 format cannot offer TLSv1.3");
  refuses("tls: {engine: openssl, deviations: {bad_mac: true}}",
          "peer.yaml:1:15: error: 'tls.engine' the engine openssl cannot do deviations");
  refuses("tls: {verify: chain-required, trust: none}",
          "peer.yaml:1:15: error: 'tls.verify' needs an authority to check against, and 'tls.trust' is none");
  BOOST_TEST(errors_of("tls: {verify: none, trust: none}").empty());
}

BOOST_AUTO_TEST_CASE(what_the_engines_are_given) {
  Settings settings = read("tls: {versions: [TLSv1.1, TLSv1.0], hello: sslv2, accept-sslv2-hello: true, "
                           "verify-identity: true}")
                          .settings;
  const tls::Config client = tls_config(tls::Role::client, settings.tls);
  BOOST_TEST((client.min_version == tls::Version::tls1_0));
  BOOST_TEST((client.max_version == tls::Version::tls1_1));
  BOOST_TEST(client.security_level == 0);
  BOOST_TEST((client.verify == tls::Verify::chain_required));
  BOOST_TEST(client.send_sslv2_hello);
  BOOST_TEST(!client.accept_sslv2_hello);
  BOOST_TEST(client.verify_identity);
  const tls::Config server = tls_config(tls::Role::server, settings.tls);
  BOOST_TEST(!server.send_sslv2_hello);
  BOOST_TEST(server.accept_sslv2_hello);
  BOOST_TEST(!server.verify_identity);
  BOOST_TEST(tls_config(tls::Role::client, TlsSettings{}).security_level == 1);
  settings.tls.trust = Trust::none;
  BOOST_TEST((tls_config(tls::Role::server, settings.tls).verify == tls::Verify::none));
}

BOOST_AUTO_TEST_CASE(unknown_keys_get_the_nearest_known_one) {
  refuses("\ntransprot: tls",
          "peer.yaml:2:1: error: unknown peer setting 'transprot'; did you mean 'transport'?");
  refuses("tls: {version: TLSv1.2}",
          "peer.yaml:1:7: error: unknown peer setting 'tls.version'; did you mean 'tls.versions'?");
  refuses("colour: red", "peer.yaml:1:1: error: unknown peer setting 'colour'");
}

BOOST_AUTO_TEST_CASE(media_that_misbehaves) {
  const Settings settings =
      read("media.deviations: {replayed: [3, 7-9], stop_after: 20, srtcp_plain: true}").settings;
  BOOST_TEST(settings.media_deviations.replayed.contains(8));
  BOOST_TEST(!settings.media_deviations.replayed.contains(4));
  BOOST_TEST(*settings.media_deviations.stop_after == 20u);
  BOOST_TEST(settings.media_deviations.srtcp_plain);
  refuses("media: {deviations: {replaid: 3}}", "peer.yaml:1:22: error: 'media.deviations' unknown media "
                                               "deviation 'replaid': did you mean 'replayed'?");
  refuses(
      "media.deviations: {lost: 0}",
      "peer.yaml:1:20: error: 'media.deviations' lost: expected numbers of packets from 1 such as 3, 5-9 or "
      "20-, got '0'");
}

BOOST_AUTO_TEST_CASE(all_errors_at_once_and_the_rest_is_read) {
  const ReadSettings got = read("port: none\nfoo: 1\ntls:\n  verify: often\nuser: alice\n");
  BOOST_TEST_REQUIRE(got.errors.size() == 3u);
  BOOST_TEST(got.errors[0].at.line == 1u);
  BOOST_TEST(got.errors[1].at.line == 2u);
  BOOST_TEST(got.errors[2].at.line == 4u);
  BOOST_TEST(got.settings.user == "alice");
}

BOOST_AUTO_TEST_CASE(crypto_lines) {
  const ReadSettings got =
      read("srtp: {form: capability-negotiation, understands: [two-sections], first-tag: 0, keys: 2,\n"
           "  answer-order: offered, mki-octets: 128, lifetime: 2^20, parameters: [KDR=4, -new], "
           "accepted-parameters: kdr,\n"
           "  deviations: {tag_renumbered: true}}\n");
  BOOST_TEST_REQUIRE(got.errors.empty());
  const Settings& settings = got.settings;
  BOOST_TEST((settings.form == keying::Form::capability_negotiation));
  BOOST_TEST(settings.shape_rules.understands(keying::Form::two_sections));
  BOOST_TEST(!settings.shape_rules.understands(keying::Form::avp_with_crypto));
  BOOST_TEST(settings.sdes.style.first_tag == 0u);
  BOOST_TEST(settings.sdes.offerers_order);
  BOOST_TEST(settings.sdes.style.keys == 2u);
  BOOST_TEST(settings.sdes.style.mki_octets == 128u);
  BOOST_TEST(settings.sdes.style.lifetime->packets == 1048576u);
  BOOST_TEST(settings.sdes.style.parameters.at(1).name == "-new");
  BOOST_TEST(settings.sdes.accepted_parameters == std::vector<std::string>{"KDR"},
             boost::test_tools::per_element());
  BOOST_TEST(settings.sdes.deviations.tag_renumbered);
  BOOST_TEST(Settings{}.sdes.accepted_parameters.size() == 5u);
  for (const char* wrong : {"form: avp", "understands: savp", "answer-order: theirs", "first-tag: -1",
                            "keys: 17", "mki-octets: 129", "lifetime: 2^49", "parameters: KDR=25",
                            "accepted-parameters: NEW", "deviations: {tag: true}", "deviations: 1"})
    BOOST_TEST(read("srtp: {" + std::string(wrong) + "}").errors.size() == 1u, wrong);
}

BOOST_AUTO_TEST_CASE(the_table_for_the_documentation_has_every_key_once) {
  std::set<std::string_view> names;
  for (const SettingInfo& info : setting_infos()) {
    BOOST_TEST(names.insert(info.name).second);
    BOOST_TEST(info.text.size() > 10u);
  }
}

BOOST_AUTO_TEST_CASE(documentation_has_the_tables) {
  const std::string language = document("docs/scenario-language.md");
  BOOST_TEST(language.find(settings_reference()) != std::string::npos,
             "docs/scenario-language.md must contain:\n"
                 << settings_reference());
  BOOST_TEST(language.find(certificates_reference()) != std::string::npos,
             "docs/scenario-language.md must contain:\n"
                 << certificates_reference());
  const std::string deviations = document("docs/tls-deviations.md");
  BOOST_TEST(deviations.find(deviations_reference()) != std::string::npos,
             "docs/tls-deviations.md must contain:\n"
                 << deviations_reference());
  const std::string media = document("docs/media-deviations.md");
  BOOST_TEST(media.find(media_deviations_reference()) != std::string::npos,
             "docs/media-deviations.md must contain:\n"
                 << media_deviations_reference());
  const std::string dtls = document("docs/dtls-srtp.md");
  BOOST_TEST(dtls.find(dtls_deviations_reference()) != std::string::npos, "docs/dtls-srtp.md must contain:\n"
                                                                              << dtls_deviations_reference());
}

BOOST_AUTO_TEST_SUITE_END()
