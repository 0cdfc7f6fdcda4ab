// Each deviation against an honest side, which must end the connection with the right alert, and against one
// that does not check just that, which must let it pass.
#include "tls/wire_test_configs.hpp"

using namespace sipvet;
using namespace sipvet::tls;
using namespace sipvet::tls::testing;

namespace {

constexpr auto v10 = Version::tls1_0;
constexpr auto v12 = Version::tls1_2;
constexpr auto v13 = Version::tls1_3;
constexpr const char* cbc = "TLS_RSA_WITH_AES_128_CBC_SHA";
constexpr const char* gcm = "TLS_RSA_WITH_AES_128_GCM_SHA256";
constexpr const char* ephemeral = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
constexpr const char* any13 = "TLS_AES_128_GCM_SHA256";

enum class From { client, server };
constexpr From client = From::client;
constexpr From server = From::server;

struct Row {
  From from;
  Version version;
  const char* suite;
  const char* told; // "name=value"
  int alert;        // that the honest side sends; -1: none, and nothing is wrong
  const char* lax;  // the deviation that lets it pass; empty: there is none
};
constexpr Row rows[] = {
    {client, v12, cbc, "hello_version=SSLv3", 70, "accept_ssl3=true"},
    {client, v12, cbc, "hello_version=0x0305", -1, ""},
    {client, v12, cbc, "hello_version=TLSv1.1", 70, "accept_any_version=true"},
    {client, v12, cbc, "hello_record_version=SSLv3", -1, ""},
    {client, v12, cbc, "hello_record_version=TLSv1.3", -1, ""},
    {client, v12, cbc, "offered_versions=TLSv1.1", 70, "ignore_supported_versions=true"},
    {server, v12, cbc, "hello_version=TLSv1.1", 70, ""},
    {server, v12, cbc, "hello_version=SSLv3", 70, ""},
    {server, v12, cbc, "hello_version=TLSv1.3", 70, ""},
    {server, v13, any13, "offered_versions=TLSv1.2", 47, ""},
    {server, v12, cbc, "chosen_suite=TLS_RSA_WITH_AES_256_CBC_SHA", 47, ""},
    {server, v12, cbc, "chosen_suite=0x1a1a", 47, ""},
    {client, v12, cbc, "extra_suites=0x1a1a", -1, ""},
    {client, v12, cbc, "unknown_extensions=3", -1, ""},
    {client, v12, cbc, "compression_methods=1", 47, "accept_compression=true"},
    {server, v12, cbc, "compression_methods=1", 47, "accept_compression=true"},
    {client, v12, cbc, "duplicate_extension=true", 47, "ignore_duplicate_extensions=true"},
    {server, v12, cbc, "duplicate_extension=true", 47, "ignore_duplicate_extensions=true"},
    {server, v12, cbc, "unsolicited_extension=true", 110, "ignore_unsolicited_extensions=true"},
    {server, v13, any13, "unsolicited_extension=true", 110, "ignore_unsolicited_extensions=true"},
    {server, v12, gcm, "encrypt_then_mac_with_aead=true", -1, ""},
    {client, v12, cbc, "premaster=bad-type", 20, ""},
    {client, v12, cbc, "premaster=no-separator", 20, ""},
    {client, v12, cbc, "premaster=short", 20, ""},
    {client, v12, cbc, "premaster=long", 20, ""},
    {client, v12, cbc, "premaster=garbage", 20, ""},
    {client, v12, cbc, "premaster=wrong-version", 20, "ignore_premaster_version=true"},
    {server, v12, ephemeral, "bad_key_exchange_signature=true", 51, "ignore_key_exchange_signature=true"},
    {server, v10, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "bad_key_exchange_signature=true", 51,
     "ignore_key_exchange_signature=true"},
    {server, v13, any13, "bad_key_exchange_signature=true", 51, "ignore_key_exchange_signature=true"},
    {client, v10, cbc, "bad_certificate_verify=true", 51, "ignore_certificate_verify=true"},
    {client, v12, cbc, "bad_certificate_verify=true", 51, "ignore_certificate_verify=true"},
    {client, v13, any13, "bad_certificate_verify=true", 51, "ignore_certificate_verify=true"},
    {client, v12, cbc, "bad_finished=true", 51, "ignore_finished=true"},
    {server, v12, cbc, "bad_finished=true", 51, "ignore_finished=true"},
    {client, v13, any13, "bad_finished=true", 51, "ignore_finished=true"},
    {server, v13, any13, "bad_finished=true", 51, "ignore_finished=true"},
    {client, v12, cbc, "omit=ChangeCipherSpec", 10, "accept_missing_change_cipher_spec=true"},
    {server, v12, cbc, "omit=ChangeCipherSpec", 10, "accept_missing_change_cipher_spec=true"},
    {client, v12, cbc, "omit=Certificate", 10,
     "accept_missing_messages=true,ignore_missing_certificate=true"},
    {client, v12, cbc, "omit=CertificateVerify", 10, "accept_missing_messages=true"},
    {client, v12, cbc, "early_change_cipher_spec=true", 10, "accept_early_change_cipher_spec=true"},
    {server, v12, cbc, "early_change_cipher_spec=true", 10, "accept_early_change_cipher_spec=true"},
    {client, v12, cbc, "early_application_data=true", 10, "accept_early_application_data=true"},
    {server, v12, cbc, "early_application_data=true", 10, "accept_early_application_data=true"},
    {client, v12, cbc, "fragment_octets=1", -1, ""},
    {server, v12, cbc, "fragment_octets=1", -1, ""},
    {client, v12, cbc, "coalesce=true", -1, ""},
    {server, v12, cbc, "coalesce=true", -1, ""},
    {client, v12, cbc, "empty_records=3", -1, ""},
    {server, v12, cbc, "empty_records=3", -1, ""},
    {client, v12, cbc, "empty_handshake_record=true", 10, "accept_empty_handshake_records=true"},
    {client, v12, cbc, "oversized_plaintext=true", 22, "ignore_record_size=true"},
    {server, v12, gcm, "oversized_plaintext=true", 22, "ignore_record_size=true"},
    {client, v13, any13, "oversized_plaintext=true", 22, "ignore_record_size=true"},
    {client, v12, cbc, "oversized_ciphertext=true", 22, ""},
    {client, v13, any13, "oversized_ciphertext=true", 22, ""},
    {client, v12, cbc, "bad_mac=true", 20, ""},
    {server, v12, gcm, "bad_mac=true", 20, ""},
    {client, v13, any13, "bad_mac=true", 20, ""},
    {client, v10, cbc, "bad_padding=true", 20, ""},
    {client, v12, cbc, "first_sequence=1", 20, ""},
    {server, v12, gcm, "first_sequence=1", 20, ""},
    {client, v12, cbc, "unknown_record_type=true", 10, "ignore_unknown_records=true"},
    {client, v12, cbc, "warning_alerts=3", -1, ""},
    {client, v12, cbc, "hello_requests=5", -1, ""}, // a server's affair: nothing happens
    {server, v12, cbc, "hello_requests=5", -1, ""},
    {client, v12, cbc, "fallback_scsv=true", -1, ""},
    {client, v13, any13, "renegotiate=true", 10, "accept_late_hello=true"},
    {server, v13, any13, "renegotiate=true", 10, "accept_late_hello=true"},
    {client, v12, cbc, "renegotiation_info=missing", -1, ""},
    {client, v12, cbc, "renegotiation_info=wrong", 40, "ignore_renegotiation_info=true"},
    {server, v12, cbc, "renegotiation_info=wrong", 40, "ignore_renegotiation_info=true"},
};

void tell(Config& config, const std::string& told) {
  std::size_t at = 0;
  while (at < told.size()) {
    const std::size_t comma = std::min(told.find(',', at), told.size());
    const std::string one = told.substr(at, comma - at);
    const std::size_t equals = one.find('=');
    const auto set = set_deviation(config.deviations, one.substr(0, equals), {one.substr(equals + 1)});
    BOOST_REQUIRE_MESSAGE(set.has_value(), one);
    at = comma + 1;
  }
}

// A session of the row; `lax` is what the other side is told.
Pair session(const Row& row, EngineKind other, const std::string& lax) {
  const Engines engines{row.from == client ? EngineKind::wire : other,
                        row.from == server ? EngineKind::wire : other};
  Sides sides = sides_of(engines, row.version);
  sides.client.ciphers = sides.server.ciphers = {row.suite};
  const bool with_mac_first = std::string(row.told) == "bad_padding=true";
  if (with_mac_first) sides.client.encrypt_then_mac = false;
  ask_for_certificate(sides);
  tell(row.from == client ? sides.client : sides.server, row.told);
  tell(row.from == client ? sides.server : sides.client, lax);
  Pair pair(sides.client, sides.server);
  pair.client.engine->send(as_bytes("ping"));
  pair.server.engine->send(as_bytes("pong"));
  pair.start();
  return pair;
}

bool went_well(const Pair& pair) {
  return pair.established() && !pair.client.first<Failed>() && !pair.server.first<Failed>() &&
         as_text(pair.server.received).ends_with("ping") && as_text(pair.client.received).ends_with("pong");
}

} // namespace

BOOST_AUTO_TEST_SUITE(wire_deviations)

BOOST_AUTO_TEST_CASE(an_honest_side_notices_or_puts_up_with_each) {
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT((row.from == client ? "client " : "server ") << name(row.version) << " " << row.told) {
      const Pair pair = session(row, EngineKind::wire, "");
      if (row.alert < 0) {
        BOOST_TEST(went_well(pair), pair.client.cause() << " / " << pair.server.cause());
        continue;
      }
      const Side& honest = row.from == client ? pair.server : pair.client;
      const auto failed = honest.first<Failed>();
      BOOST_REQUIRE(failed.has_value());
      BOOST_REQUIRE(failed->alert.has_value());
      BOOST_TEST(int{failed->alert->description} == row.alert, failed->cause);
      BOOST_TEST(!went_well(pair));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_side_that_does_not_check_lets_it_pass) {
  for (const Row& row : rows) {
    if (*row.lax == 0) continue;
    BOOST_TEST_CONTEXT((row.from == client ? "client " : "server ")
                       << name(row.version) << " " << row.told << " " << row.lax) {
      const Pair pair = session(row, EngineKind::wire, row.lax);
      // Who was told a version does not always get on with what comes of it; the other has nothing against
      // it.
      const Side& lax = row.from == client ? pair.server : pair.client;
      for (const AlertSent& sent : lax.all<AlertSent>())
        BOOST_TEST((sent.alert.level == AlertLevel::warning), lax.cause());
      const bool version = std::string(row.told).find("version") != std::string::npos;
      if (!version) BOOST_TEST(pair.established(), pair.client.cause() << " / " << pair.server.cause());
    }
  }
}

// What OpenSSL says to it need not be the alert that we send, but it must be as strict.
BOOST_AUTO_TEST_CASE(openssl_agrees) {
  // RFC 5246 §6.2.1 forbids to send it and does not say what to do with it.
  const std::string put_up_with[] = {"empty_handshake_record=true"};
  for (const Row& row : rows) {
    if (std::ranges::find(put_up_with, row.told) != std::end(put_up_with)) continue;
    BOOST_TEST_CONTEXT((row.from == client ? "client " : "server ") << name(row.version) << " " << row.told) {
      const Pair pair = session(row, EngineKind::openssl, "");
      BOOST_TEST(went_well(pair) == (row.alert < 0), pair.client.cause() << " / " << pair.server.cause());
      const Side& library = row.from == client ? pair.server : pair.client;
      const auto failed = library.first<Failed>();
      if (row.alert >= 0 && failed && failed->alert && failed->alert->description != row.alert)
        BOOST_TEST_MESSAGE(row.told << ": " << to_string(*failed->alert) << " where we send " << row.alert);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_wrong_premaster_looks_the_same_from_outside) {
  std::vector<Bytes> answers;
  for (const char* told : {"bad-type", "no-separator", "short", "long", "garbage", "wrong-version"}) {
    const Pair pair = session({client, v12, cbc, "", 0, ""}, EngineKind::wire, "");
    Sides sides = sides_of({}, v12);
    sides.client.ciphers = sides.server.ciphers = {cbc};
    sides.client.deviations.premaster = told;
    Pair again(sides.client, sides.server);
    again.start();
    answers.push_back(again.server.sent_octets);
  }
  for (const Bytes& each : answers) BOOST_TEST(each.size() == answers.front().size());
}

BOOST_AUTO_TEST_CASE(fallback_and_downgrade) {
  Sides sides = sides_of({}, v12);
  sides.client.deviations.fallback_scsv = true;
  sides.server.max_version = v13;
  sides.server.ciphers = {};
  Pair fallback(sides.client, sides.server);
  fallback.start();
  BOOST_TEST(int{fallback.server.first<Failed>()->alert->description} == 86);
  sides.server.deviations.ignore_fallback_scsv = true;
  Pair ignored(sides.client, sides.server);
  ignored.start();
  BOOST_TEST(ignored.established());

  Sides marked = sides_of({}, v12);
  marked.client.max_version = v13;
  marked.client.ciphers = {};
  marked.server.deviations.false_downgrade_mark = true;
  Pair noticed(marked.client, marked.server);
  noticed.start();
  BOOST_TEST(int{noticed.client.first<Failed>()->alert->description} == 47);
  marked.client.deviations.ignore_downgrade_mark = true;
  Pair unnoticed(marked.client, marked.server);
  unnoticed.start();
  BOOST_TEST(unnoticed.established());
}

BOOST_AUTO_TEST_CASE(a_retry_keeps_its_suite) {
  Sides sides = sides_of({}, v13);
  sides.client.ciphers = sides.server.ciphers = {"TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"};
  sides.client.groups = {"x25519", "secp384r1"};
  sides.server.groups = {"secp384r1"};
  sides.server.deviations.retry_changes_suite = true;
  Pair noticed(sides.client, sides.server);
  noticed.start();
  BOOST_REQUIRE(noticed.client.first<Failed>().has_value());
  BOOST_TEST(int{noticed.client.first<Failed>()->alert->description} == 47);
  sides.client.deviations.accept_retry_suite_change = true;
  Pair unnoticed(sides.client, sides.server);
  unnoticed.start();
  BOOST_TEST(unnoticed.established());
}

BOOST_AUTO_TEST_CASE(alerts_out_of_turn_and_in_other_words) {
  Sides sides = sides_of({}, v12);
  sides.client.deviations.alert_in_handshake = "user_canceled";
  Pair early(sides.client, sides.server);
  early.start();
  BOOST_TEST(early.server.cause().starts_with("the peer ended the handshake with the alert user_canceled"));
  Sides other = sides_of({}, v12);
  other.client.deviations.bad_finished = true;
  other.server.deviations.wrong_alert = "internal_error";
  Pair wrong(other.client, other.server);
  wrong.start();
  BOOST_TEST(int{wrong.client.first<Failed>()->alert->description} == 80);
  other.server.deviations.wrong_alert = "none";
  Pair none(other.client, other.server);
  none.start();
  BOOST_TEST(!none.client.first<AlertReceived>().has_value());
  Sides closing = sides_of({}, v12);
  closing.client.deviations.no_close_notify = true;
  Pair rude(closing.client, closing.server);
  rude.start();
  rude.client.engine->close();
  rude.run();
  BOOST_TEST(!rude.server.first<AlertReceived>().has_value());
}

BOOST_AUTO_TEST_CASE(warnings_come_in_front_of_the_first_data_alone) {
  Sides sides = sides_of({}, v12);
  sides.client.deviations.warning_alerts = 3;
  Pair pair(sides.client, sides.server);
  pair.start();
  for (int i = 0; i < 4; ++i) {
    pair.client.engine->send(as_bytes("x"));
    pair.run();
  }
  BOOST_TEST(pair.server.all<AlertReceived>().size() == 3u);
}

BOOST_AUTO_TEST_CASE(encrypt_then_mac_is_agreed_to_wrongly_with_aead_alone) {
  Sides sides = sides_of({}, v12);
  sides.client.ciphers = sides.server.ciphers = {cbc};
  sides.server.encrypt_then_mac = false;
  sides.server.deviations.encrypt_then_mac_with_aead = true;
  Pair pair(sides.client, sides.server);
  pair.start();
  check_talk(pair);
}

BOOST_AUTO_TEST_CASE(names_and_values_that_cannot_be) {
  Deviations told;
  BOOST_TEST(set_deviation(told, "bad_finish", {"true"}).error().what ==
             "unknown TLS deviation 'bad_finish': did you mean 'bad_finished'?");
  BOOST_TEST(set_deviation(told, "bad_finished", {"yes"}).error().what ==
             "expected true or false for bad_finished");
  BOOST_TEST(set_deviation(told, "omit", {"Finish"}).error().what ==
             "'Finish' is none of those that omit takes: did you mean 'Finished'?");
  BOOST_TEST(set_deviation(told, "hello_version", {"TLSv9"}).has_error());
  BOOST_TEST(set_deviation(told, "empty_records", {"-1"}).has_error());
  BOOST_TEST(set_deviation(told, "retype", {"Finished"}).has_error());
  BOOST_TEST((told == Deviations{}));
  BOOST_TEST(set_deviation(told, "chosen_suite", {"TLS_RSA_WITH_3DES_EDE_CBC_SHA"}).has_value());
  BOOST_TEST(told.chosen_suite.front() == 0x000a);
  BOOST_TEST(needs_wire(told));
  Deviations certificates;
  certificates.ignore_dates = true;
  BOOST_TEST(!needs_wire(certificates));
}

BOOST_AUTO_TEST_SUITE_END()
