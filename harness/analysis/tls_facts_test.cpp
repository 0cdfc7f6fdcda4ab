// What a report says of the handshakes: hellos, the client's certificate, the premaster secret, alerts.
#include "analysis/test_tls_session.hpp"
#include "tlswire/downgrade.hpp"
#include "tlswire/sslv2_client_hello.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::analysis;
using tlswire::Side;

namespace {

namespace extension = tlswire::extension;
TlsConnection only(const TestCapture& capture, const Keys& keys = {}) {
  const Report report = inspect(capture.octets(), keys).value();
  BOOST_TEST_REQUIRE(report.tls.size() == 1u);
  return report.tls[0];
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_facts)

BOOST_AUTO_TEST_CASE(both_hellos_as_they_were_sent) {
  TestTls tls({});
  tls.hello.suites = {tls.suite.code, 0x000a, 0x00ff, 0x1234};
  tls.hello.extensions.list = {tlswire::make_server_name("gw.example"),
                               tlswire::make_supported_versions(std::vector<std::uint16_t>{0x0304, 0x0303}),
                               {0xfafa, {}}};
  tlswire::mark_downgrade(tls.answer.random, 0x0303);
  TestCapture capture;
  handshake(capture, tls);
  const TlsConnection facts = only(capture);
  BOOST_TEST_REQUIRE(facts.client_hello.has_value());
  BOOST_TEST(!facts.client_hello->sslv2);
  BOOST_TEST(facts.client_hello->version == 0x0303);
  BOOST_TEST((facts.client_hello->versions == std::vector<std::uint16_t>{0x0304, 0x0303}));
  BOOST_TEST(
      (facts.client_hello->suites == std::vector<std::uint16_t>{tls.suite.code, 0x000a, 0x00ff, 0x1234}));
  BOOST_TEST((facts.client_hello->extensions ==
              std::vector<std::uint16_t>{extension::server_name, extension::supported_versions, 0xfafa}));
  BOOST_TEST_REQUIRE(facts.server_hello.has_value());
  BOOST_TEST(facts.server_hello->downgrade_mark == "TLSv1.2");
  BOOST_TEST(facts.server_hello->compression == 0);
  BOOST_TEST((facts.server_hello->extensions ==
              std::vector<std::uint16_t>{extension::extended_master_secret, extension::encrypt_then_mac}));
  BOOST_TEST(facts.server_name == "gw.example");
}

BOOST_AUTO_TEST_CASE(marks_of_a_downgrade) {
  for (const auto& [version, mark] :
       {std::pair{std::uint16_t{0x0302}, "TLSv1.1"}, {std::uint16_t{0x0301}, "TLSv1.1"}}) {
    TestTls tls({.version = version});
    tlswire::mark_downgrade(tls.answer.random, version);
    TestCapture capture;
    handshake(capture, tls);
    BOOST_TEST(only(capture).server_hello.value().downgrade_mark == mark);
  }
  TestTls tls({});
  TestCapture capture;
  handshake(capture, tls);
  BOOST_TEST(only(capture).server_hello.value().downgrade_mark == "none");
}

// A hello alone, refused or lost, says what it says.
BOOST_AUTO_TEST_CASE(a_client_hello_without_an_answer) {
  TestTls tls({});
  TestCapture capture;
  capture.connect(client, server);
  capture.tcp(client, server, tls.client_hello());
  Bytes alert;
  tlswire::append_record(alert, tlswire::ContentType::alert, 0x0303, Bytes{2, 40});
  capture.tcp(server, client, alert);
  const TlsConnection facts = only(capture);
  BOOST_TEST((facts.client_hello.value().versions == std::vector<std::uint16_t>{0x0303}));
  BOOST_TEST(!facts.server_hello.has_value());
  BOOST_TEST(!facts.handshake_completed);
  BOOST_TEST_REQUIRE(facts.alerts.size() == 1u);
  BOOST_TEST(to_string(facts.alerts[0]) == "server: fatal handshake_failure(40)");
  BOOST_TEST(facts.reason.value() == "handshake not completed: server: fatal handshake_failure(40)");
}

BOOST_AUTO_TEST_CASE(a_client_hello_in_sslv2_format) {
  tlswire::Sslv2ClientHello hello;
  hello.version = 0x0301;
  hello.cipher_specs = {0x00002f, 0x010080, 0x00000a};
  hello.challenge = Bytes(16, 9);
  TestCapture capture;
  capture.connect(client, server);
  capture.tcp(client, server, write_sslv2_client_hello(hello));
  Bytes alert;
  tlswire::append_record(alert, tlswire::ContentType::alert, 0x0301, Bytes{2, 70});
  capture.tcp(server, client, alert);
  const TlsConnection facts = only(capture);
  BOOST_TEST_REQUIRE(facts.client_hello.has_value());
  BOOST_TEST(facts.client_hello->sslv2);
  BOOST_TEST(facts.client_hello->version == 0x0301);
  BOOST_TEST((facts.client_hello->versions == std::vector<std::uint16_t>{0x0301}));
  BOOST_TEST((facts.client_hello->suites == std::vector<std::uint16_t>{0x002f, 0x000a}));
  BOOST_TEST(facts.client_hello->extensions.empty());
}

BOOST_AUTO_TEST_CASE(a_clients_certificate_is_none_empty_or_given) {
  for (const auto& [sent, expected] : {std::pair{std::optional<bool>(), ClientCertificate::none},
                                       {std::optional(false), ClientCertificate::empty},
                                       {std::optional(true), ClientCertificate::given}}) {
    TestTls tls({.client_certificate = sent});
    TestCapture capture;
    handshake(capture, tls);
    const TlsConnection facts = only(capture, rsa_key());
    BOOST_TEST((facts.client_certificate == expected));
    BOOST_TEST(facts.handshake_completed);
    BOOST_TEST(!facts.reason.has_value());
  }
}

BOOST_AUTO_TEST_CASE(the_premasters_version_shows_to_who_has_the_key) {
  for (const std::uint16_t version : {std::uint16_t{0x0303}, std::uint16_t{0x0301}}) {
    TestTls tls({.premaster_version = version});
    TestCapture capture;
    handshake(capture, tls);
    BOOST_TEST(only(capture, rsa_key()).premaster_version.value_or(0) == version);
    BOOST_TEST(!only(capture).premaster_version.has_value());
    Keys keylog;
    BOOST_TEST_REQUIRE(keylog.keylog.add_line(tls.keylog_line()).has_value());
    BOOST_TEST(!only(capture, keylog).premaster_version.has_value());
  }
}

BOOST_AUTO_TEST_CASE(alerts_say_who_sent_them) {
  TestTls tls({});
  TestCapture capture;
  handshake(capture, tls);
  capture.tcp(server, client, tls.alert(Side::server, 1, 90));
  capture.tcp(client, server, tls.alert(Side::client, 1, 0));
  const TlsConnection facts = only(capture, rsa_key());
  BOOST_TEST_REQUIRE(facts.alerts.size() == 2u);
  BOOST_TEST(!facts.alerts[0].from_client);
  BOOST_TEST(facts.alerts[0].description == 90);
  BOOST_TEST(facts.alerts[1].from_client);
  BOOST_TEST(to_string(facts.alerts[1]) == "client: warning close_notify(0)");
}

// Lists that do not end are cut.
BOOST_AUTO_TEST_CASE(a_hello_of_thousands_of_suites_is_kept_in_part) {
  TestTls tls({});
  tls.hello.suites.assign(5000, 0x1234);
  tls.hello.suites.push_back(tls.suite.code);
  TestCapture capture;
  handshake(capture, tls);
  BOOST_TEST(only(capture).client_hello.value().suites.size() == max_hello_codes);
}

BOOST_AUTO_TEST_SUITE_END()
