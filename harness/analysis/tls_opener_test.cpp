// TLS 1.3 as a key log opens it: phases, KeyUpdate, HelloRetryRequest, early data, missing secrets.
#include "analysis/test_call.hpp"
#include "analysis/test_tls.hpp"
#include "tlswire/key_update.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

using namespace sipvet;
using namespace sipvet::analysis;
using tlswire::ContentType;
using tlswire::HandshakeType;

namespace {

namespace label = tlswire::keylog_label;
const Endpoint client = at(1, 40'000), server = at(2, 5061);

// Both sides' writing half; the secrets are arbitrary, as a key exchange would make them.
struct Tls13 {
  Tls13() {
    hello.random.fill(0x44);
    hello.suites = {suite.code};
    answer.random.fill(0x55);
    answer.suite = suite.code;
    answer.extensions.list.push_back({tlswire::extension::supported_versions, {3, 4}});
  }

  Bytes plain(HandshakeType type, ByteView body) const {
    Bytes message, out;
    tlswire::append_handshake(message, type, body);
    tlswire::append_record(out, ContentType::handshake, 0x0303, message);
    return out;
  }
  Bytes client_hello() const { return plain(HandshakeType::client_hello, write_client_hello(hello)); }
  Bytes server_hello() const { return plain(HandshakeType::server_hello, write_server_hello(answer)); }
  Bytes retry_request() const {
    auto retry = answer;
    // RFC 8446 §4.1.3: the SHA-256 of "HelloRetryRequest".
    const auto marker = crypto::digest(crypto::Hash::sha256, as_bytes("HelloRetryRequest"));
    std::ranges::copy(marker, retry.random.begin());
    return plain(HandshakeType::server_hello, write_server_hello(retry));
  }

  void use(std::optional<tlswire::RecordEncrypter>& writer, ByteView secret) {
    const tlswire::ProtectionParameters parameters{0x0304, &suite, tlswire::traffic_keys(suite, secret),
                                                   false};
    writer.emplace(tlswire::RecordEncrypter::make(parameters, random).value());
  }
  static Bytes sealed(std::optional<tlswire::RecordEncrypter>& writer, ContentType type, ByteView octets) {
    Bytes out;
    writer->seal(type, octets, out);
    return out;
  }
  static Bytes message(HandshakeType type, ByteView body) {
    Bytes out;
    tlswire::append_handshake(out, type, body);
    return out;
  }

  Bytes server_flight() {
    use(to_client, server_handshake);
    auto out = server_hello();
    append(out, sealed(to_client, ContentType::handshake,
                       message(HandshakeType::encrypted_extensions, Bytes{0, 0})));
    append(out, sealed(to_client, ContentType::handshake, message(HandshakeType::finished, Bytes(32))));
    use(to_client, server_traffic);
    return out;
  }
  Bytes client_finish() {
    use(to_server, client_handshake);
    Bytes out;
    tlswire::append_record(out, ContentType::change_cipher_spec, 0x0303, Bytes{1}); // RFC 8446 appendix D.4
    append(out, sealed(to_server, ContentType::handshake, message(HandshakeType::finished, Bytes(32))));
    use(to_server, client_traffic);
    return out;
  }
  Bytes client_says(std::string_view text) {
    return sealed(to_server, ContentType::application_data, as_bytes(text));
  }
  Bytes server_says(std::string_view text) {
    return sealed(to_client, ContentType::application_data, as_bytes(text));
  }

  Keys keys(bool handshake = true, bool traffic = true) const {
    Keys out;
    const auto add = [&](std::string_view name, const Bytes& secret) {
      out.keylog.add_line(fmt::format("{} {} {}", name, to_hex(hello.random), to_hex(secret))).value();
    };
    if (handshake)
      add(label::client_handshake, client_handshake), add(label::server_handshake, server_handshake);
    if (traffic) add(label::client_traffic, client_traffic), add(label::server_traffic, server_traffic);
    add(label::client_early, early);
    return out;
  }

  const tlswire::Suite& suite = *tlswire::find_suite("TLS_AES_128_GCM_SHA256");
  tlswire::ClientHello hello;
  tlswire::ServerHello answer;
  Bytes early = Bytes(32, 1), client_handshake = Bytes(32, 2), server_handshake = Bytes(32, 3),
        client_traffic = Bytes(32, 4), server_traffic = Bytes(32, 5);
  SeededRandom random{5};
  std::optional<tlswire::RecordEncrypter> to_server, to_client;
};

TestCapture handshake(Tls13& tls) {
  TestCapture capture;
  capture.connect(client, server);
  capture.tcp(client, server, tls.client_hello());
  capture.tcp(server, client, tls.server_flight());
  capture.tcp(client, server, tls.client_finish());
  return capture;
}

TlsConnection only(const TestCapture& capture, const Keys& keys) {
  auto report = inspect(capture.octets(), keys).value();
  BOOST_TEST_REQUIRE(report.tls.size() == 1);
  return report.tls[0];
}

std::string sha256(std::string_view text) {
  return to_hex(crypto::digest(crypto::Hash::sha256, as_bytes(text)));
}

void word(Bytes& to, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void block(Bytes& to, std::uint32_t type, Bytes body) {
  while (body.size() % 4 != 0) body.push_back(0);
  const auto octets = static_cast<std::uint32_t>(12 + body.size());
  word(to, type), word(to, octets);
  append(to, body);
  word(to, octets);
}

// The same frames as pcapng, with a Decryption Secrets Block behind them.
Bytes with_secrets_behind(const Bytes& pcap, std::string_view secrets) {
  Bytes out, section, interface, keylog;
  word(section, 0x1a2b3c4d), word(section, 1), word(section, ~0U), word(section, ~0U);
  block(out, 0x0a0d0d0a, section);
  word(interface, 101), word(interface, 0);
  block(out, 1, interface);
  for (std::size_t at = 24; at < pcap.size();) {
    const std::size_t octets = pcap[at + 8] | static_cast<std::size_t>(pcap[at + 9]) << 8;
    Bytes packet;
    for (int i = 0; i < 3; ++i) word(packet, 0); // interface and time
    word(packet, static_cast<std::uint32_t>(octets)), word(packet, static_cast<std::uint32_t>(octets));
    append(packet, ByteView(pcap).subspan(at + 16, octets));
    block(out, 6, packet);
    at += 16 + octets;
  }
  word(keylog, 0x544c534b), word(keylog, static_cast<std::uint32_t>(secrets.size()));
  append(keylog, as_bytes(secrets));
  block(out, 10, keylog);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_opener)

BOOST_AUTO_TEST_CASE(both_directions_open) {
  Tls13 tls;
  auto capture = handshake(tls);
  capture.tcp(client, server, tls.client_says("ping"));
  capture.tcp(server, client, tls.server_says("pong!"));
  const auto seen = only(capture, tls.keys());
  BOOST_TEST(seen.version == "TLSv1.3");
  BOOST_TEST(seen.cipher == "TLS_AES_128_GCM_SHA256");
  BOOST_TEST(seen.key_source == "keylog");
  BOOST_TEST(seen.handshake_completed);
  BOOST_TEST(!seen.reason.has_value());
  BOOST_TEST(seen.client_sha256 == sha256("ping"));
  BOOST_TEST(seen.server_sha256 == sha256("pong!"));
}

BOOST_AUTO_TEST_CASE(without_handshake_secrets_the_application_data_opens_still) {
  Tls13 tls;
  auto capture = handshake(tls);
  capture.tcp(client, server, tls.client_says("ping"));
  capture.tcp(server, client, tls.server_says("pong!"));
  const auto seen = only(capture, tls.keys(false));
  BOOST_TEST(seen.client_sha256 == sha256("ping"));
  BOOST_TEST(seen.server_sha256 == sha256("pong!"));
}

BOOST_AUTO_TEST_CASE(a_key_update_changes_one_direction) {
  Tls13 tls;
  auto capture = handshake(tls);
  capture.tcp(client, server, tls.client_says("one "));
  capture.tcp(client, server,
              Tls13::sealed(tls.to_server, ContentType::handshake,
                            Tls13::message(HandshakeType::key_update, Bytes{0})));
  tls.use(tls.to_server, tlswire::next_traffic_secret(tls.suite, tls.client_traffic));
  capture.tcp(client, server, tls.client_says("two"));
  capture.tcp(server, client, tls.server_says("still the first"));
  const auto seen = only(capture, tls.keys());
  BOOST_TEST(!seen.reason.has_value());
  BOOST_TEST(seen.client_sha256 == sha256("one two"));
  BOOST_TEST(seen.server_sha256 == sha256("still the first"));
}

BOOST_AUTO_TEST_CASE(a_hello_retry_request_starts_the_hello_over) {
  Tls13 tls;
  TestCapture capture;
  capture.connect(client, server);
  capture.tcp(client, server, tls.client_hello());
  capture.tcp(server, client, tls.retry_request());
  capture.tcp(client, server, tls.client_hello());
  capture.tcp(server, client, tls.server_flight());
  capture.tcp(client, server, tls.client_finish());
  capture.tcp(client, server, tls.client_says("ping"));
  const auto seen = only(capture, tls.keys());
  BOOST_TEST(!seen.reason.has_value());
  BOOST_TEST(seen.client_sha256 == sha256("ping"));
}

BOOST_AUTO_TEST_CASE(early_data_is_read_with_its_own_secret) {
  Tls13 tls;
  tls.hello.extensions.list.push_back({tlswire::extension::early_data, {}});
  TestCapture capture;
  capture.connect(client, server);
  capture.tcp(client, server, tls.client_hello());
  tls.use(tls.to_server, tls.early);
  capture.tcp(client, server, tls.client_says("early "));
  capture.tcp(server, client, tls.server_flight());
  capture.tcp(client, server,
              Tls13::sealed(tls.to_server, ContentType::handshake,
                            Tls13::message(HandshakeType::end_of_early_data, {})));
  capture.tcp(client, server, tls.client_finish());
  capture.tcp(client, server, tls.client_says("late"));
  const auto seen = only(capture, tls.keys());
  BOOST_TEST(!seen.reason.has_value());
  BOOST_TEST(seen.client_sha256 == sha256("early late"));
}

BOOST_AUTO_TEST_CASE(no_keylog_and_the_wrong_one_are_told_apart) {
  Tls13 tls;
  auto capture = handshake(tls);
  capture.tcp(client, server, tls.client_says("ping"));
  const auto none = only(capture, {});
  BOOST_TEST(!none.decrypted);
  BOOST_TEST(none.reason.value_or("") == "ephemeral key exchange needs a keylog");
  Tls13 other;
  other.hello.random.fill(0x66);
  BOOST_TEST(only(capture, other.keys()).reason.value_or("") ==
             "the keylog has no secret for this connection");
  Tls13 stale;
  stale.client_handshake = stale.server_handshake = stale.client_traffic = stale.server_traffic =
      Bytes(32, 9);
  BOOST_TEST(only(capture, stale.keys()).reason.value_or("") == "the secret does not open the records");
}

BOOST_AUTO_TEST_CASE(a_wrong_traffic_secret_alone_is_named) {
  Tls13 tls;
  auto capture = handshake(tls);
  capture.tcp(client, server, tls.client_says("ping"));
  capture.tcp(server, client, tls.server_says("pong"));
  Tls13 stale;
  stale.client_traffic = stale.server_traffic = Bytes(32, 9);
  BOOST_TEST(only(capture, stale.keys(false, true)).reason.value_or("") ==
             "the secret does not open the records");
}

BOOST_AUTO_TEST_CASE(secrets_of_one_side_open_that_side_to_its_end) {
  Tls13 tls;
  auto capture = handshake(tls);
  Keys keys;
  keys.keylog
      .add_line(fmt::format("{} {} {}", label::client_traffic, to_hex(tls.hello.random),
                            to_hex(tls.client_traffic)))
      .value();
  std::string said;
  // More than is held for a direction whose secret does not come.
  for (int i = 0; i < 40; ++i) {
    capture.tcp(client, server, tls.client_says("ping"));
    capture.tcp(server, client, tls.server_says(std::string(10'000, 'x')));
    said += "ping";
  }
  const auto seen = only(capture, keys);
  BOOST_TEST(seen.decrypted);
  BOOST_TEST(seen.client_sha256 == sha256(said));
  BOOST_TEST(seen.server_bytes == 0);
  BOOST_TEST(seen.reason.value_or("") == "the keylog has no secret for this connection");
}

BOOST_AUTO_TEST_CASE(a_second_retry_request_is_no_handshake) {
  Tls13 tls;
  TestCapture capture;
  capture.connect(client, server);
  for (int i = 0; i < 2; ++i) {
    capture.tcp(client, server, tls.client_hello());
    capture.tcp(server, client, tls.retry_request());
  }
  BOOST_TEST(only(capture, tls.keys()).reason.value_or("").starts_with("damaged handshake"));
}

BOOST_AUTO_TEST_CASE(secrets_behind_the_packets_open_connections_that_ended_before) {
  Tls13 tls;
  auto capture = handshake(tls);
  capture.tcp(client, server, tls.client_says("ping"));
  capture.tcp(server, client, tls.server_says("pong"));
  capture.finish(client, server);
  capture.finish(server, client);
  std::string lines;
  const auto random = to_hex(tls.hello.random);
  lines += fmt::format("{} {} {}\n", label::client_handshake, random, to_hex(tls.client_handshake));
  lines += fmt::format("{} {} {}\n", label::server_handshake, random, to_hex(tls.server_handshake));
  lines += fmt::format("{} {} {}\n", label::client_traffic, random, to_hex(tls.client_traffic));
  lines += fmt::format("{} {} {}\n", label::server_traffic, random, to_hex(tls.server_traffic));
  const auto report = inspect(with_secrets_behind(capture.octets(), lines), {}).value();
  BOOST_TEST_REQUIRE(report.tls.size() == 1);
  BOOST_TEST(report.packets == capture.frames());
  BOOST_TEST(report.tls[0].reason.value_or("") == "");
  BOOST_TEST(report.tls[0].key_source == "dsb");
  BOOST_TEST(report.tls[0].client_sha256 == sha256("ping"));
  BOOST_TEST(report.tls[0].server_sha256 == sha256("pong"));
}

BOOST_AUTO_TEST_CASE(lost_records_and_a_lost_key_update_are_searched_for) {
  for (const bool key_update : {false, true}) {
    Tls13 tls;
    auto capture = handshake(tls);
    capture.tcp(client, server, tls.client_says("one "));
    capture.lose(client, server, tls.client_says("lost").size());
    if (key_update) {
      capture.lose(client, server,
                   Tls13::sealed(tls.to_server, ContentType::handshake,
                                 Tls13::message(HandshakeType::key_update, Bytes{0}))
                       .size());
      tls.use(tls.to_server, tlswire::next_traffic_secret(tls.suite, tls.client_traffic));
      capture.lose(client, server, tls.client_says("lost as well").size());
    }
    for (const auto text : {"two ", "three"}) capture.tcp(client, server, tls.client_says(text));
    const auto seen = only(capture, tls.keys());
    BOOST_TEST(seen.client_sha256 == sha256("one two three"));
    BOOST_TEST_REQUIRE(seen.losses.size() == 1);
    BOOST_TEST(seen.losses[0].records == 1);
    BOOST_TEST(seen.reason.value_or("").starts_with("bytes lost at offset"));
  }
}

BOOST_AUTO_TEST_CASE(a_loss_within_the_protected_handshake_is_got_over) {
  Tls13 tls;
  TestCapture capture;
  capture.connect(client, server);
  capture.tcp(client, server, tls.client_hello());
  const auto flight = tls.server_flight();
  const auto hello_octets = tls.server_hello().size();
  capture.tcp(server, client, ByteView(flight).first(hello_octets + 3));
  capture.lose(server, client, flight.size() - hello_octets - 3);
  capture.tcp(client, server, tls.client_finish());
  capture.tcp(server, client, tls.server_says("pong "));
  capture.tcp(client, server, tls.client_says("ping"));
  capture.tcp(server, client, tls.server_says("pong"));
  const auto seen = only(capture, tls.keys());
  BOOST_TEST(seen.client_sha256 == sha256("ping"));
  BOOST_TEST(seen.server_sha256 == sha256("pong pong"));
  BOOST_TEST(seen.loss_count == 1);
}

BOOST_AUTO_TEST_CASE(losses_wait_for_secrets_behind_the_packets) {
  Tls13 tls;
  auto capture = handshake(tls);
  capture.tcp(client, server, tls.client_says("one "));
  capture.lose(client, server, tls.client_says("lost").size());
  for (const auto text : {"two ", "three"}) capture.tcp(client, server, tls.client_says(text));
  std::string lines;
  const auto random = to_hex(tls.hello.random);
  lines += fmt::format("{} {} {}\n", label::client_handshake, random, to_hex(tls.client_handshake));
  lines += fmt::format("{} {} {}\n", label::client_traffic, random, to_hex(tls.client_traffic));
  const auto report = inspect(with_secrets_behind(capture.octets(), lines), {}).value();
  BOOST_TEST_REQUIRE(report.tls.size() == 1);
  BOOST_TEST(report.tls[0].client_sha256 == sha256("one two three"));
  BOOST_TEST(report.tls[0].loss_count == 1);
}

BOOST_AUTO_TEST_SUITE_END()
