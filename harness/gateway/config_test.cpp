#include "gateway/config.hpp"
#include "gateway/properties.hpp"
#include "gateway/test_phone.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <stdlib.h>

using namespace sipvet;
using namespace sipvet::gateway;
using namespace sipvet::gateway::test;

namespace {

ReadConfig read(std::string_view yaml) {
  const script::Document document = script::load_yaml_text(yaml, "gw.yaml");
  BOOST_REQUIRE(document.errors.empty());
  return read_config(document.root);
}

std::string only_error(std::string_view yaml) {
  const ReadConfig result = read(yaml);
  BOOST_REQUIRE_EQUAL(result.errors.size(), 1u);
  return to_string(result.errors.front());
}

struct Folder {
  std::string path = "/tmp/sipvet-gateway-XXXXXX";
  Folder() { BOOST_TEST_REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path + "/" + name) << text;
    return path + "/" + name;
  }
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(gateway_config)

BOOST_AUTO_TEST_CASE(defaults_are_the_guides) {
  const Config config = read("{}").config;
  BOOST_TEST(config.user_agents.size() == 2u);
  BOOST_TEST(to_string(config.user_agents[0]) == "INADDR_ANY:5066/udp");
  BOOST_TEST(to_string(config.user_agents[1]) == "INADDR_ANY:5066/tcp");
  BOOST_TEST((config.srtp_mode == SrtpMode::as_needed));
  BOOST_TEST(config.srtp_suites.size() == 2u);
  BOOST_TEST((config.srtp_suites[0] == rtp::SrtpSuite::aes_cm_128_hmac_sha1_80));
  BOOST_TEST(config.tls.suites.front() == "TLS_RSA_WITH_AES_128_CBC_SHA");
  BOOST_TEST(!config.lock_on_sdp);
}

BOOST_AUTO_TEST_CASE(how_srtp_keys_are_made) {
  BOOST_TEST((read("{}").config.key_exchanges == std::vector{keying::KeyExchange::sdes}));
  const Config config = read("sipvet.media.keyExchange: [dtls-srtp, sdes]\n"
                             "sipvet.media.dtls.versions: DTLSv1.0,DTLSv1.2\n"
                             "sipvet.media.dtls.offerSetup: passive\n"
                             "sipvet.media.dtls.answerSetup: passive\n"
                             "sipvet.media.dtls.fingerprints: [sha-256, sha-512]\n"
                             "sipvet.media.dtls.timeout: 2s\n"
                             "sipvet.media.dtls.rtcpMux: true\n"
                             "AllowUnsecureT38WithSecureRtp: true\n"
                             "deviations: {dtls: {wrong_fingerprint: true}}\n")
                            .config;
  BOOST_TEST(
      (config.key_exchanges == std::vector{keying::KeyExchange::dtls_srtp, keying::KeyExchange::sdes}));
  BOOST_TEST((config.dtls.versions == std::vector{tls::DtlsVersion::dtls1_0, tls::DtlsVersion::dtls1_2}));
  BOOST_TEST((config.dtls.offer_setup == keying::Setup::passive));
  BOOST_TEST((config.dtls.answer_setup == keying::Setup::passive));
  BOOST_TEST((config.dtls.hashes == std::vector<std::string>{"sha-256", "sha-512"}));
  BOOST_TEST((config.dtls.timeout == std::chrono::seconds(2) && config.dtls.rtcp_mux));
  BOOST_TEST((config.unsecure_t38_with_srtp && config.deviations.dtls.wrong_fingerprint));
}

BOOST_AUTO_TEST_CASE(what_dtls_srtp_cannot_be_told) {
  BOOST_TEST(has(only_error("sipvet.media.keyExchange: zrtp"), "sdes"));
  BOOST_TEST(has(only_error("sipvet.media.dtls.versions: DTLSv1.3"), "DTLSv1.2"));
  BOOST_TEST(has(only_error("sipvet.media.dtls.offerSetup: holdconn"), "actpass"));
  BOOST_TEST(has(only_error("sipvet.media.dtls.answerSetup: actpass"), "active"));
  BOOST_TEST(has(only_error("sipvet.media.dtls.fingerprints: md5"), "sha-256"));
  BOOST_TEST(has(only_error("sipvet.media.dtls.timeout: 0s"), "above 0"));
  BOOST_TEST(has(only_error("deviations: {dtls: {wrong_fingerprnt: true}}"), "wrong_fingerprint"));
  BOOST_TEST(has(only_error("deviations: {dtls: {wrong_fingerprint: often}}"), "true or false"));
}

BOOST_AUTO_TEST_CASE(the_guides_example_of_user_agents) {
  const ReadConfig result =
      read("netborder.sip.userAgent.IPAddress: INADDR_ANY:5066/tcp,INADDR_ANY:5067/tls");
  BOOST_TEST(result.errors.empty());
  BOOST_TEST(result.config.user_agents.size() == 2u);
  BOOST_TEST((result.config.user_agents[1].transport == ua::Transport::tls));
  BOOST_TEST(result.config.user_agents[1].port == 5067);
  // NBE-UA-3
  BOOST_TEST(result.warnings.size() == 1u);
  BOOST_TEST(has(result.warnings.front().message, "INADDR_ANY:5066/tcp"));
}

BOOST_AUTO_TEST_CASE(one_port_for_tcp_and_tls_is_refused_with_both_entries) {
  const std::string error =
      only_error("netborder.sip.userAgent.IPAddress: [INADDR_ANY:5066/tcp, '10.0.0.1:5066/tls']");
  BOOST_TEST(has(error, "gw.yaml:1:36: error:"));
  BOOST_TEST(has(error, "INADDR_ANY:5066/tcp"));
  BOOST_TEST(has(error, "10.0.0.1:5066/tls"));
}

BOOST_AUTO_TEST_CASE(udp_and_tcp_share_a_port) {
  BOOST_TEST(
      read("netborder.sip.userAgent.IPAddress: INADDR_ANY:5066/tcp,INADDR_ANY:5066/udp").errors.empty());
}

BOOST_AUTO_TEST_CASE(ipv4_and_ipv6_share_a_port) {
  const ReadConfig result = read("netborder.sip.userAgent.IPAddress: [INADDR_ANY:5066/tcp, '[::]:5066/tcp']");
  BOOST_TEST(result.errors.empty());
  BOOST_TEST(to_string(result.config.user_agents[1]) == "[::]:5066/tcp"); // INADDR_ANY is IPv4's
}

BOOST_AUTO_TEST_CASE(feedback_profile) {
  BOOST_TEST(!read("{}").config.feedback_profile);
  BOOST_TEST(read("sipvet.media.feedbackProfile: true").config.feedback_profile);
  BOOST_TEST(has(only_error("sipvet.media.feedbackProfile: sometimes"), "true or false"));
}

BOOST_AUTO_TEST_CASE(user_agent_entries_that_are_none) {
  for (const char* entry : {"INADDR_ANY:5066", "INADDR_ANY/tls", "10.0.0.256:5060/udp",
                            "INADDR_ANY:99999/udp", "host:5060/udp", "10.0.0.1:5060/sctp"}) {
    BOOST_TEST(has(only_error(std::string("netborder.sip.userAgent.IPAddress: ") + entry), entry));
  }
}

BOOST_AUTO_TEST_CASE(unknown_names_come_with_the_nearest) {
  const std::string error = only_error("a: 1\n");
  BOOST_TEST(has(error, "gw.yaml:1:1: error: unknown property 'a'"));
  BOOST_TEST(
      has(only_error("netborder.media.srtp.mod: always"), "did you mean 'netborder.media.srtp.mode'?"));
  BOOST_TEST(has(only_error("netborder.media.srtp.mode: alway"), "did you mean 'always'?"));
}

BOOST_AUTO_TEST_CASE(all_errors_at_once_in_file_order) {
  const ReadConfig result = read("sipvet.media.pace: fast\nwhat: 1\nnetborder.media.srtp.mode: "
                                 "3\ndeviations: {no_akc: true, no_ack: maybe}\n");
  BOOST_TEST(result.errors.size() == 5u);
  BOOST_TEST(std::is_sorted(result.errors.begin(), result.errors.end(), [](const auto& a, const auto& b) {
    return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
  }));
  BOOST_TEST(has(result.errors[3].message, "did you mean 'no_ack'?"));
}

BOOST_AUTO_TEST_CASE(both_spellings_of_the_crypto_suites) {
  const std::string guide = "netborder.mdedia.srtp.cryptoSuite: ",
                    evident = "\nnetborder.media.srtp.cryptoSuite: ";
  const std::string s80 = "AES_CM_128_HMAC_SHA1_80", s32 = "AES_CM_128_HMAC_SHA1_32";
  for (const std::string& yaml : {guide + s32, evident + s32, guide + s32 + evident + s32}) {
    const Config config = read(yaml).config;
    BOOST_TEST(config.srtp_suites.size() == 1u);
    BOOST_TEST((config.srtp_suites[0] == rtp::SrtpSuite::aes_cm_128_hmac_sha1_32));
  }
  BOOST_TEST(has(only_error(guide + s32 + evident + s80), "two spellings"));
  BOOST_TEST(
      (read(guide + s32 + "," + s80).config.srtp_suites[1] == rtp::SrtpSuite::aes_cm_128_hmac_sha1_80));
  BOOST_TEST(has(only_error(guide + "AES_CM_128_HMAC_SHA1_81"), "did you mean 'AES_CM_128_HMAC_SHA1_80'?"));
  BOOST_TEST(has(only_error(guide + s80 + "," + s80), "twice"));
}

// NBE-TLS-4.
BOOST_AUTO_TEST_CASE(tls_suites_real_and_invented) {
  const ReadConfig result = read("netborder.sip.tls.cypherSuites: TLS_RSA_WITH_3DES_EDE_CBC_SHA");
  BOOST_TEST(result.errors.empty());
  BOOST_TEST(result.config.tls.suites.size() == 1u);
  const std::string error =
      only_error("# a comment\nnetborder.sip.tls.cypherSuites: [TLS_RSA_WITH_AES_128_CBC_SAH]");
  BOOST_TEST(has(error, "gw.yaml:2:33: error: netborder.sip.tls.cypherSuites: expected IANA names"));
  BOOST_TEST(has(error, "did you mean 'TLS_RSA_WITH_AES_128_CBC_SHA'?"));
  BOOST_TEST(has(error, "known are TLS_"));
  BOOST_TEST(!has(error, "RC4"));
}

BOOST_AUTO_TEST_CASE(tls_suites_that_nobody_should_use) {
  const std::pair<const char*, const char*> cases[] = {
      {"TLS_RSA_WITH_RC4_128_SHA", "(RFC 7465)"},
      {"TLS_ECDHE_RSA_WITH_RC4_128_SHA", "(RFC 7465)"},
      {"TLS_RSA_WITH_NULL_SHA", "does not encrypt"},
      {"TLS_DH_anon_WITH_AES_128_CBC_SHA", "does not authenticate"},
      {"TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", "short on purpose"},
  };
  for (const auto& [suite, why] : cases) {
    const std::string error = only_error("netborder.sip.tls.cypherSuites: [TLS_RSA_WITH_AES_128_CBC_SHA, " +
                                         std::string(suite) + "]");
    BOOST_TEST(has(error, std::string("'") + suite + "' is refused: "), error);
    BOOST_TEST(has(error, why), error);
  }
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read_name_property_and_file) {
  const std::string error = only_error("netborder.Installation.Directory: /nowhere\n"
                                       "netborder.sip.tls.trustedRootCertificatesStore: "
                                       "'${netborder.Installation.Directory}/config/roots.pem'\n");
  BOOST_TEST(has(error, "gw.yaml:2:"));
  BOOST_TEST(has(error, "netborder.sip.tls.trustedRootCertificatesStore"));
  BOOST_TEST(has(error, "/nowhere/config/roots.pem"));
}

BOOST_AUTO_TEST_CASE(every_tls_property_is_read) {
  const ReadConfig result = read(R"(
netborder.sip.tls.supportSSLv2ClientHello: true
sipvet.sip.tls.engine: wire
sipvet.sip.tls.groups: secp256r1, x25519
sipvet.sip.tls.resumption: true
sipvet.sip.tls.renegotiation: secure
sipvet.sip.tls.verifyPeer: if-given
sipvet.sip.tls.verifyIdentity: true
sipvet.sip.tls.clientCertificate: false
sipvet.sip.tls.identityMismatchStatus: 502
sipvet.sip.tls.certificate: expired
sipvet.sip.tls.trust: other
sipvet.sip.domain: pbx.example.com
sipvet.clock.offset: -24h
)");
  BOOST_TEST_REQUIRE(result.errors.empty());
  const TlsSettings& tls = result.config.tls;
  BOOST_TEST(tls.sslv2_hello);
  BOOST_TEST((tls.engine == tls::EngineKind::wire));
  BOOST_TEST((tls.groups == std::vector<std::string>{"secp256r1", "x25519"}));
  BOOST_TEST(tls.resumption);
  BOOST_TEST((tls.renegotiation == tls::Renegotiation::secure));
  BOOST_TEST((tls.verify_clients == tls::Verify::chain_if_given));
  BOOST_TEST((tls.verify_servers == tls::Verify::chain_required));
  BOOST_TEST(tls.verify_identity);
  BOOST_TEST(!tls.present_as_client);
  BOOST_TEST(tls.identity_mismatch_status == 502);
  BOOST_TEST(tls.lab_certificate == "expired");
  BOOST_TEST(tls.lab_trust == "other");
  BOOST_TEST(result.config.domain == "pbx.example.com");
  BOOST_TEST((result.config.clock_offset == -std::chrono::hours(24)));
  BOOST_TEST((read("sipvet.clock.offset: 90s").config.clock_offset == std::chrono::seconds(90)));
}

BOOST_AUTO_TEST_CASE(what_the_engines_are_given) {
  Config config =
      read("netborder.sip.tls.supportSSLv2ClientHello: true\nsipvet.sip.tls.verifyIdentity: true\n"
           "sipvet.sip.tls.clientCertificate: false\nsipvet.sip.tls.verifyPeer: if-given\n"
           "deviations: {tls: {bad_finished: true}}")
          .config;
  config.tls.certificate_pem = "a certificate";
  config.tls.trusted_roots_pem = "roots";
  const tls::Config server = tls_config(config.tls, tls::Role::server, config.deviations.tls);
  BOOST_TEST(server.accept_sslv2_hello);
  BOOST_TEST(!server.send_sslv2_hello);
  BOOST_TEST(!server.verify_identity);
  BOOST_TEST((server.verify == tls::Verify::chain_if_given));
  BOOST_TEST(server.certificate_pem == "a certificate");
  BOOST_TEST(server.deviations.bad_finished);
  const tls::Config client = tls_config(config.tls, tls::Role::client, config.deviations.tls);
  BOOST_TEST(!client.accept_sslv2_hello);
  BOOST_TEST(client.send_sslv2_hello);
  BOOST_TEST(client.verify_identity);
  BOOST_TEST((client.verify == tls::Verify::chain_required));
  BOOST_TEST(client.certificate_pem == "");
  BOOST_TEST(client.deviations.bad_finished);
  config.tls.trusted_roots_pem.clear(); // nothing to check against
  BOOST_TEST((tls_config(config.tls, tls::Role::client, {}).verify == tls::Verify::none));
}

BOOST_AUTO_TEST_CASE(validation_of_servers_by_the_mediatrix_word) {
  struct Row {
    const char* word;
    tls::Verify servers;
    bool identity;
  };
  for (const Row& row : {Row{"NoValidation", tls::Verify::none, false},
                         Row{"TrustedCertificate", tls::Verify::chain_required, false},
                         Row{"HostName", tls::Verify::chain_required, true}}) {
    const ReadConfig result =
        read("TlsCertificateValidation: " + std::string(row.word) + "\nsipvet.sip.tls.verifyPeer: none");
    BOOST_TEST(result.errors.empty());
    BOOST_TEST((result.config.tls.verify_servers == row.servers));
    BOOST_TEST((result.config.tls.verify_clients == tls::Verify::none));
    BOOST_TEST(result.config.tls.verify_identity == row.identity);
  }
  BOOST_TEST(has(only_error("TlsCertificateValidation: DnsSrvResponse"), "gw.yaml:1:27: error: "));
  BOOST_TEST(has(only_error("TlsCertificateValidation: DnsSrvResponse"), "needs a DNS resolver"));
  BOOST_TEST(has(only_error("TlsCertificateValidation: Hostname"), "did you mean 'HostName'?"));
}

BOOST_AUTO_TEST_CASE(values_that_tls_properties_do_not_take) {
  const std::pair<const char*, const char*> cases[] = {
      {"netborder.sip.tls.supportSSLv2ClientHello: perhaps", "true or false"},
      {"sipvet.sip.tls.engine: openssl3", "did you mean 'openssl'?"},
      {"sipvet.sip.tls.groups: []", "at least one"},
      {"sipvet.sip.tls.groups: secp256k1",
       "gw.yaml:1:24: error: sipvet.sip.tls.groups: expected a named group"},
      {"sipvet.sip.tls.renegotiation: always", "refuse, secure"},
      {"sipvet.sip.tls.certificate: expird", "did you mean 'expired'?"},
      {"sipvet.sip.tls.trust: all", "lab, other, none"},
      {"sipvet.sip.tls.identityMismatchStatus: 403", "from 500 to 599"},
      {"sipvet.sip.tls.resumption: 7", "true or false"},
      {"sipvet.clock.offset: yesterday", "such as 30s or -24h"},
      {"sipvet.clock.offset: --1s", "such as 30s or -24h"},
      {"deviations: {tls: {bad_finish: true}}",
       "gw.yaml:1:20: error: tls: unknown TLS deviation 'bad_finish'"},
      {"deviations: {tls: {omit: [Finished, Certificate]}}", "tls: "},
      {"deviations: {tls: true}", "tls: expected a map"},
  };
  for (const auto& [yaml, part] : cases) {
    const std::string error = only_error(yaml);
    BOOST_TEST(has(error, part), error);
  }
}

BOOST_AUTO_TEST_CASE(tls_properties_that_contradict_each_other) {
  const auto both = [](const std::string& yaml, const std::string& place, const std::string& one,
                       const std::string& other) {
    const std::string error = only_error(yaml);
    BOOST_TEST(error.starts_with("gw.yaml:" + place + ": error: "), error);
    BOOST_TEST(has(error, one), error);
    BOOST_TEST(has(error, other), error);
  };
  both("sipvet.sip.tls.versions: TLSv1.3\nnetborder.sip.tls.supportSSLv2ClientHello: true", "2:44",
       "netborder.sip.tls.supportSSLv2ClientHello", "sipvet.sip.tls.versions");
  both("sipvet.sip.tls.versions: TLSv1.3\nnetborder.sip.tls.cypherSuites: TLS_RSA_WITH_AES_128_CBC_SHA",
       "2:33", "netborder.sip.tls.cypherSuites", "sipvet.sip.tls.versions");
  both("sipvet.sip.tls.versions: TLSv1.3", "1:26", "netborder.sip.tls.cypherSuites",
       "sipvet.sip.tls.versions");
  both("sipvet.sip.tls.versions: [TLSv1.0, TLSv1.1]\n"
       "netborder.sip.tls.cypherSuites: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
       "2:33", "netborder.sip.tls.cypherSuites", "sipvet.sip.tls.versions");
  both("sipvet.sip.tls.engine: openssl\nnetborder.sip.tls.cypherSuites: TLS_RSA_WITH_3DES_EDE_CBC_SHA",
       "1:24", "sipvet.sip.tls.engine", "TLS_RSA_WITH_3DES_EDE_CBC_SHA");
  both("sipvet.sip.tls.verifyPeer: none\nsipvet.sip.tls.verifyIdentity: true", "2:32",
       "sipvet.sip.tls.verifyIdentity", "sipvet.sip.tls.verifyPeer none");
  both("TlsCertificateValidation: TrustedCertificate\nsipvet.sip.tls.verifyIdentity: true", "1:27",
       "TlsCertificateValidation TrustedCertificate", "sipvet.sip.tls.verifyIdentity true");
  both("sipvet.sip.tls.trust: none\nsipvet.sip.tls.verifyPeer: required", "2:28",
       "sipvet.sip.tls.verifyPeer required", "sipvet.sip.tls.trust is none");
}

// NBE-CERT-1.
BOOST_AUTO_TEST_CASE(certificates_and_keys_that_do_not_go_together) {
  Folder folder;
  const auto& made = certificates();
  const std::string encrypted =
      crypto::PrivateKey::from_pem(made.gateway.private_key_pem)->to_encrypted_pem("secret").value();
  const std::string certificate =
      "netborder.sip.tls.serverCertificateFile: " + folder.write("cert.pem", made.gateway.certificate_pem) +
      "\n";
  const std::string key_name = "netborder.sip.tls.serverCertificatePrivateKeyFile: ";
  const std::string password = "\nnetborder.sip.tls.serverCertificatePrivateKeyPassword: ";
  const std::string key = key_name + folder.write("key.pem", made.gateway.private_key_pem);
  const std::string locked = key_name + folder.write("locked.pem", encrypted);
  BOOST_TEST(read(certificate + key).errors.empty());
  BOOST_TEST(read(certificate + locked + password + "secret").errors.empty());

  struct Row {
    std::string yaml, place, file;
    std::vector<std::string> parts;
  };
  const std::string other = folder.write("other.pem", made.phone.private_key_pem);
  const std::string rubbish =
      folder.write("rubbish.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  const std::string roots = "netborder.sip.tls.trustedRootCertificatesStore: ";
  const std::string cert_property = "netborder.sip.tls.serverCertificateFile",
                    key_property = "netborder.sip.tls.serverCertificatePrivateKeyFile",
                    password_property = "netborder.sip.tls.serverCertificatePrivateKeyPassword";
  const Row rows[] = {
      {certificate, "1:42", "cert.pem", {cert_property, key_property, "needs"}},
      {key, "1:52", "key.pem", {cert_property, key_property, "needs"}},
      {certificate + key_name + other, "2:52", "other.pem", {cert_property, key_property, "is not the key"}},
      {certificate + locked, "2:52", "locked.pem", {key_property, "without " + password_property}},
      {certificate + locked + password + "wrong",
       "2:52",
       "locked.pem",
       {key_property, "with " + password_property}},
      {certificate + key_name + folder.path + "/cert.pem", "2:52", "cert.pem", {key_property}},
      {"netborder.sip.tls.serverCertificateFile: " + rubbish + "\n" + key,
       "1:42",
       "rubbish.pem",
       {cert_property}},
      {roots + rubbish, "1:49", "rubbish.pem", {"netborder.sip.tls.trustedRootCertificatesStore"}},
      {certificate + key + "\nsipvet.sip.tls.certificate: good",
       "3:29",
       "",
       {"sipvet.sip.tls.certificate", cert_property}},
      {roots + folder.write("roots.pem", made.ca.root_pem()) + "\nsipvet.sip.tls.trust: other",
       "2:23",
       "",
       {"sipvet.sip.tls.trust", "trustedRootCertificatesStore"}},
  };
  for (const Row& row : rows) {
    const std::string error = only_error(row.yaml);
    BOOST_TEST(error.starts_with("gw.yaml:" + row.place + ": error: "), error);
    BOOST_TEST(has(error, row.file), error);
    for (const std::string& part : row.parts) BOOST_TEST(has(error, part), error);
  }
}

BOOST_AUTO_TEST_CASE(deviations_are_fields_of_the_same_name) {
  const Config config =
      read("deviations:\n  srtp_answer: {mode: always, offer: rtp-only, treatment: rtp}\n"
           "  srtp_offer: {mode: never, offer: srtp-only}\n  no_ack: true\n  status_instead_of_488: 406\n")
          .config;
  BOOST_REQUIRE(config.deviations.srtp_answer);
  BOOST_TEST((config.deviations.srtp_answer->treatment == Treatment::rtp));
  BOOST_TEST(
      (policy_of(config.deviations).treat(SrtpMode::always, keying::OfferShape::rtp_only) == Treatment::rtp));
  BOOST_TEST((policy_of(config.deviations).treat(SrtpMode::never, keying::OfferShape::srtp_only) ==
              Treatment::reject_488));
  BOOST_TEST((policy_of(config.deviations).offer(SrtpMode::never) == keying::OfferShape::srtp_only));
  BOOST_TEST(config.deviations.no_ack);
  BOOST_TEST(read("deviations: {media: {lost: [2, 4-5]}}").config.deviations.media.lost.contains(5));
  BOOST_TEST(has(only_error("deviations: {media: {lost: x}}"), "media: lost: expected numbers of packets"));
  BOOST_TEST(has(only_error("deviations: {media: {loss: 3}}"), "media: unknown media deviation 'loss'"));
  BOOST_TEST(has(only_error("deviations: {media: 3}"), "media: expected a map"));
  BOOST_TEST(config.deviations.status_instead_of_488 == 406);
  BOOST_TEST(has(only_error("deviations: {srtp_answer: {mode: always, offer: rtp-only, treatment: 489}}"),
                 "treatment"));
  BOOST_TEST(has(only_error("deviations: {srtp_answer: {mode: always, offer: rtp-only}}"), "'treatment'"));
}

BOOST_AUTO_TEST_CASE(every_flag_in_the_table_is_settable) {
  for (const PropertyInfo& info : deviation_properties()) {
    if (info.type != "boolean") continue;
    BOOST_TEST(read("deviations: {" + std::string(info.name) + ": true}").errors.empty(), info.name);
  }
}

BOOST_AUTO_TEST_CASE(a_scenarios_section_may_name_its_profile) {
  BOOST_TEST(read("profile: x").errors.empty());
}

BOOST_AUTO_TEST_CASE(settings_that_are_no_map) { BOOST_TEST(has(only_error("[1]"), "expected a map")); }

BOOST_AUTO_TEST_SUITE_END()
