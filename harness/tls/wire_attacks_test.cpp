// What no honest peer sends, and somebody between two peers may: records and messages out of place, on
// connections of the wire engine.
#include "tls/wire_test_configs.hpp"

#include "base/hex.hpp"
#include "crypto/key_exchange.hpp"
#include "tlswire/client_hello.hpp"
#include "tlswire/handshake_reader.hpp"
#include "tlswire/hello_retry_request.hpp"
#include "tlswire/key_schedule.hpp"
#include "tlswire/key_share.hpp"
#include "tlswire/named_groups.hpp"
#include "tlswire/record.hpp"
#include "tlswire/record_protection.hpp"
#include "tlswire/server_hello.hpp"
#include "tlswire/suites.hpp"

#include <functional>

using namespace sipvet;
using namespace sipvet::tls;
using namespace sipvet::tls::testing;
using tlswire::ContentType;
using tlswire::HandshakeType;
namespace extension = tlswire::extension;

namespace {

constexpr const char* suite_13 = "TLS_AES_128_GCM_SHA256";

Pair open_pair(Version version, const std::string& server_told = {}) {
  Sides sides = sides_of({}, version);
  if (version == Version::tls1_3) sides.client.ciphers = {suite_13};
  if (!server_told.empty())
    BOOST_REQUIRE(set_deviation(sides.server.deviations, server_told, {"true"}).has_value());
  Pair pair(sides.client, sides.server);
  pair.start();
  BOOST_REQUIRE(pair.established());
  return pair;
}

tlswire::DirectionKeys keys_13(const Pair& pair, const tlswire::Suite& suite) {
  tlswire::DirectionKeys keys;
  for (const KeylogLine& each : pair.client.all<KeylogLine>()) {
    if (each.line.starts_with("CLIENT_TRAFFIC_SECRET_0 "))
      keys = tlswire::traffic_keys(suite, from_hex(each.line.substr(each.line.rfind(' ') + 1)).value());
  }
  return keys;
}

// What protects the client's records, read from what the connection gave away.
tlswire::ProtectionParameters parameters_13(const Pair& pair) {
  tlswire::ProtectionParameters parameters;
  parameters.version = 0x0304;
  parameters.suite = tlswire::find_suite(suite_13);
  parameters.keys = keys_13(pair, *parameters.suite);
  return parameters;
}

tlswire::ProtectionParameters parameters_12(const Pair& pair, const char* suite) {
  constexpr std::size_t random_at =
      tlswire::record_header_octets + tlswire::handshake_header_octets + sizeof(std::uint16_t);
  tlswire::ProtectionParameters parameters;
  parameters.version = 0x0303;
  parameters.suite = tlswire::find_suite(suite);
  const std::string line = pair.client.first<KeylogLine>()->line; // CLIENT_RANDOM random master
  const std::size_t first = line.find(' ');
  const std::size_t second = line.rfind(' ');
  parameters.keys =
      tlswire::connection_keys(parameters.version, *parameters.suite, *from_hex(line.substr(second + 1)),
                               *from_hex(line.substr(first + 1, second - first - 1)),
                               ByteView(pair.server.sent_octets).subspan(random_at, 32))
          .client;
  return parameters;
}

// Seals as the client of an established connection.
struct ClientSealer {
  SeededRandom random{5};
  tlswire::RecordEncrypter encrypter;

  explicit ClientSealer(const tlswire::ProtectionParameters& parameters, std::uint64_t sequence = 0)
      : encrypter(std::move(tlswire::RecordEncrypter::make(parameters, random).value())) {
    encrypter.set_sequence(sequence);
  }
  Bytes seal(ContentType type, ByteView content) {
    Bytes out;
    encrypter.seal(type, content, out);
    return out;
  }
};

int alert_of(const Side& side) {
  const auto failed = side.first<Failed>();
  return failed && failed->alert ? failed->alert->description : -1;
}

Bytes in_a_record(HandshakeType type, ByteView body) {
  Bytes message;
  Bytes record;
  tlswire::append_handshake(message, type, body);
  tlswire::append_record(record, ContentType::handshake, 0x0303, message);
  return record;
}

// What the client said that it is.
tlswire::ClientHello hello_of(ByteView first_flight) {
  constexpr std::size_t headers = tlswire::record_header_octets + tlswire::handshake_header_octets;
  return tlswire::parse_client_hello(first_flight.subspan(headers)).value();
}

// A TLS 1.3 client that is told this in answer to its hello.
template <typename Change>
int alert_for_server_hello(Change change) {
  Pair pair(sides_of({}, Version::tls1_3).client, sides_of({}, Version::tls1_3).server);
  pair.client.engine->start();
  tlswire::ServerHello hello;
  const tlswire::ClientHello asked = hello_of(pair.client.engine->take_output());
  hello.suite = 0x1301;
  hello.session_id = asked.session_id;
  hello.extensions.list = {
      tlswire::make_selected_version(0x0304),
      tlswire::make_server_key_share(
          {tlswire::group::x25519,
           crypto::EphemeralKey::make(crypto::Group::x25519, pair.random).public_value()})};
  change(hello);
  pair.client.engine->receive(in_a_record(HandshakeType::server_hello, tlswire::write_server_hello(hello)));
  (void)pair.client.engine->take_output();
  pair.run();
  return alert_of(pair.client);
}

const Bytes close_notify{21, 3, 3, 0, 2, 1, 0};

} // namespace

BOOST_AUTO_TEST_SUITE(wire_attacks)

// Without a ServerHello there is neither version nor suite.
BOOST_AUTO_TEST_CASE(a_hello_is_never_passed_over) {
  for (const Version version : all_versions) {
    for (const bool certificates : {false, true}) {
      BOOST_TEST_CONTEXT(name(version)) {
        Sides sides = sides_of({}, version);
        if (certificates) ask_for_certificate(sides);
        sides.client.deviations.accept_missing_messages = true;
        sides.client.deviations.accept_missing_change_cipher_spec = true;
        sides.server.deviations.omit = "ServerHello";
        Pair pair(sides.client, sides.server);
        pair.start();
        BOOST_TEST(!pair.client.first<HandshakeDone>().has_value());
        BOOST_TEST(alert_of(pair.client) == 10);
      }
    }
  }
}

// RFC 8446 §5: it stands outside the protection, and a type that is not known is refused inside it as well.
BOOST_AUTO_TEST_CASE(a_protected_record_holds_one_of_three_types) {
  for (const int type : {20, 24, 99}) {
    Pair pair = open_pair(Version::tls1_3);
    ClientSealer peer(parameters_13(pair));
    pair.server.engine->receive(peer.seal(static_cast<ContentType>(type), Bytes{1}));
    pair.run();
    BOOST_TEST(alert_of(pair.server) == 10, type);
    BOOST_TEST(pair.server.received.empty(), type);
  }
  Pair lax = open_pair(Version::tls1_3, "ignore_unknown_records");
  ClientSealer peer(parameters_13(lax));
  lax.server.engine->receive(peer.seal(static_cast<ContentType>(99), Bytes{1}));
  lax.server.engine->receive(peer.seal(ContentType::application_data, as_bytes("ping")));
  lax.run();
  BOOST_TEST(as_text(lax.server.received) == "ping");
}

BOOST_AUTO_TEST_CASE(change_cipher_spec_is_not_taken_under_protection) {
  Sides sides = sides_of({}, Version::tls1_3);
  sides.server.deviations.early_change_cipher_spec = true;
  Pair pair(sides.client, sides.server);
  pair.start();
  BOOST_TEST(alert_of(pair.client) == 10);
}

BOOST_AUTO_TEST_CASE(nobody_else_can_close_an_established_connection) {
  for (const bool to_client : {true, false}) {
    Pair pair = open_pair(Version::tls1_3);
    Side& side = to_client ? pair.client : pair.server;
    side.engine->receive(close_notify);
    pair.run();
    BOOST_TEST(!side.first<PeerClosed>().has_value());
    BOOST_TEST(alert_of(side) == 10);
  }
}

// RFC 8446 §6: but for two, the level of an alert says nothing.
BOOST_AUTO_TEST_CASE(an_alert_of_tls_1_3_ends_the_handshake_whatever_its_level) {
  Sides sides = sides_of({}, Version::tls1_3);
  Pair pair(sides.client, sides.server);
  pair.client.engine->start();
  pair.server.engine->receive(pair.client.engine->take_output());
  pair.server.engine->receive(Bytes{21, 3, 3, 0, 2, 1, 40});
  pair.run();
  BOOST_TEST(alert_of(pair.server) == 40);
}

BOOST_AUTO_TEST_CASE(many_small_records_in_one_piece) {
  Sides sides = sides_of({}, Version::tls1_3);
  sides.client.deviations.fragment_octets = 1;
  Pair small(sides.client, sides.server);
  small.piece_octets = std::size_t{1} << 24;
  small.start();
  const Bytes data(30'000, 'x');
  small.client.engine->send(data);
  small.run();
  BOOST_TEST((small.server.received == data));
}

BOOST_AUTO_TEST_CASE(records_wrong_on_purpose_keep_to_the_size_of_a_record) {
  for (auto field : {&Deviations::bad_mac, &Deviations::bad_padding, &Deviations::unknown_record_type}) {
    Sides sides = sides_of({}, Version::tls1_2);
    sides.client.ciphers = {"TLS_RSA_WITH_AES_128_CBC_SHA"};
    sides.client.deviations.*field = true;
    Pair pair(sides.client, sides.server);
    pair.start();
    const std::size_t before = pair.client.sent_octets.size();
    pair.client.engine->send(Bytes(200'000, 'x'));
    pair.run();
    std::size_t octets = 0;
    const bool unknown = field == &Deviations::unknown_record_type;
    Bytes rest = pair.client.sent_octets;
    for (std::size_t at = before; at + 5 <= rest.size();) {
      const std::size_t length = static_cast<std::size_t>(rest[at + 3]) << 8 | rest[at + 4];
      BOOST_REQUIRE(length <= tlswire::max_ciphertext_octets);
      BOOST_REQUIRE(((rest[at] >= 20 && rest[at] <= 23) || (unknown && rest[at] == 99)));
      octets += length;
      at += 5 + length;
    }
    BOOST_TEST(octets > 200'000u);
  }
}

// RFC 8446 §4.2.1: nobody selects TLS 1.3 by the version field.
BOOST_AUTO_TEST_CASE(tls_1_3_is_selected_by_its_extension_alone) {
  BOOST_TEST(alert_for_server_hello([](tlswire::ServerHello& hello) {
               hello.version = 0x0304;
               hello.extensions.list.erase(hello.extensions.list.begin());
             }) == 70);
}

// RFC 8446 §4.2: each extension has its messages.
BOOST_AUTO_TEST_CASE(an_extension_of_another_message_is_refused) {
  const std::pair<std::uint16_t, int> rows[] = {{extension::server_name, 47},
                                                {extension::extended_master_secret, 47},
                                                {extension::supported_groups, 47},
                                                {extension::renegotiation_info, 47},
                                                {extension::cookie, 110}};
  for (const auto& [type, alert] : rows) {
    const int sent = alert_for_server_hello([&](tlswire::ServerHello& hello) {
      hello.extensions.list.push_back({type, {0, 1, 0}});
    });
    BOOST_TEST(sent == alert, tlswire::extension_name(type));
  }
}

// RFC 8446 §4.1.3 and §4.1.4.
BOOST_AUTO_TEST_CASE(a_retry_repeats_the_session_id_and_compresses_nothing) {
  const auto retry = [](tlswire::ServerHello& hello) {
    hello.random = tlswire::hello_retry_random;
    hello.extensions.list[1] = tlswire::make_retry_group(tlswire::group::secp384r1);
  };
  BOOST_TEST(alert_for_server_hello(retry) == -1);
  BOOST_TEST(alert_for_server_hello([&](tlswire::ServerHello& hello) {
               retry(hello);
               hello.session_id = Bytes(32, 7);
             }) == 47);
  BOOST_TEST(alert_for_server_hello([&](tlswire::ServerHello& hello) {
               retry(hello);
               hello.compression = 1;
             }) == 47);
}

// RFC 8446 §4.1.2: what may differ is listed there.
BOOST_AUTO_TEST_CASE(the_hello_after_a_retry_is_the_same_but_for_what_was_asked) {
  struct Row {
    const char* what;
    std::function<void(tlswire::ClientHello&)> change;
    int alert;
  };
  const std::uint16_t other_groups[] = {tlswire::group::secp384r1};
  const Row rows[] = {
      {"nothing", [](auto&) {}, -1},
      {"padding",
       [](auto& hello) {
         hello.extensions.list.push_back({extension::padding, Bytes(9)});
       },
       -1},
      {"name", [](auto& hello) { hello.extensions.list[0] = tlswire::make_server_name("b.example.com"); },
       47},
      {"groups",
       [&](auto& hello) { hello.extensions.list[1] = tlswire::make_supported_groups(other_groups); }, 47},
      {"version",
       [](auto& hello) {
         std::erase_if(hello.extensions.list,
                       [](const auto& each) { return each.type == extension::supported_versions; });
       },
       47},
      {"twice", [](auto& hello) { hello.extensions.list.push_back(hello.extensions.list.back()); }, 47},
  };
  for (const Row& row : rows) {
    Sides sides = sides_of({}, Version::tls1_3);
    sides.server.groups = {"secp384r1"};
    Pair pair(sides.client, sides.server);
    const std::uint16_t groups[] = {tlswire::group::x25519, tlswire::group::secp384r1};
    const std::uint16_t schemes[] = {0x0804};
    const std::uint16_t versions[] = {0x0304};
    const auto share = [&](std::uint16_t code, crypto::Group group) {
      const tlswire::KeyShareEntry entry{code, crypto::EphemeralKey::make(group, pair.random).public_value()};
      return tlswire::make_client_key_shares(std::span(&entry, 1));
    };
    tlswire::ClientHello hello;
    hello.suites = {0x1301};
    hello.extensions.list = {
        tlswire::make_server_name("gw.example.com"), tlswire::make_supported_groups(groups),
        tlswire::make_signature_algorithms(schemes), tlswire::make_supported_versions(versions),
        share(tlswire::group::x25519, crypto::Group::x25519)};
    const auto tell = [&] {
      pair.server.engine->receive(
          in_a_record(HandshakeType::client_hello, tlswire::write_client_hello(hello)));
    };
    tell();
    hello.extensions.list.back() = share(tlswire::group::secp384r1, crypto::Group::secp384r1);
    row.change(hello);
    tell();
    (void)pair.server.engine->take_output();
    pair.run();
    BOOST_TEST(alert_of(pair.server) == row.alert, row.what << ": " << pair.server.cause());
  }
}

// RFC 8446 §4.1.2: a new handshake keeps the version of the connection, whatever the hello offers.
BOOST_AUTO_TEST_CASE(renegotiation_keeps_its_version) {
  constexpr const char* suite_12 = "TLS_RSA_WITH_AES_128_GCM_SHA256";
  Sides sides = sides_of({}, Version::tls1_2);
  sides.client.ciphers = {suite_12};
  sides.server.ciphers = {suite_12, suite_13};
  sides.server.max_version = Version::tls1_3;
  sides.server.renegotiation = Renegotiation::secure;
  sides.server.deviations.ignore_renegotiation_info = true;
  Pair pair(sides.client, sides.server);
  pair.start();
  BOOST_REQUIRE(pair.established());
  SeededRandom random(5);
  ClientSealer peer(parameters_12(pair, suite_12), 1); // its Finished was the first
  const std::uint16_t versions[] = {0x0304, 0x0303};
  const std::uint16_t groups[] = {tlswire::group::x25519};
  const std::uint16_t schemes[] = {0x0804};
  const tlswire::KeyShareEntry entry{
      tlswire::group::x25519, crypto::EphemeralKey::make(crypto::Group::x25519, random).public_value()};
  tlswire::ClientHello hello;
  hello.suites = {0x1301, tlswire::find_suite(suite_12)->code};
  hello.extensions.list = {
      tlswire::make_supported_groups(groups), tlswire::make_signature_algorithms(schemes),
      tlswire::make_supported_versions(versions), tlswire::make_client_key_shares(std::span(&entry, 1))};
  Bytes message;
  tlswire::append_handshake(message, HandshakeType::client_hello, tlswire::write_client_hello(hello));
  pair.server.engine->receive(peer.seal(ContentType::handshake, message));
  BOOST_TEST(pair.server.engine->progress() == "sent ServerHelloDone last, received ClientHello last");
}

// RFC 8446 §6.1: close_notify is the last that is sent.
BOOST_AUTO_TEST_CASE(nothing_is_sent_after_close_notify) {
  Pair pair = open_pair(Version::tls1_3);
  ClientSealer peer(parameters_13(pair));
  pair.server.engine->close();
  BOOST_TEST(!pair.server.engine->take_output().empty());
  pair.server.engine->receive(peer.seal(ContentType::handshake, Bytes{24, 0, 0, 1, 1})); // KeyUpdate
  BOOST_TEST(pair.server.engine->take_output().empty());
  pair.server.engine->receive(Bytes{99, 3, 3, 0, 1, 0});
  BOOST_TEST(pair.server.engine->take_output().empty());
  pair.run();
  BOOST_TEST(pair.server.first<Failed>().has_value());
  BOOST_TEST(alert_of(pair.server) == -1);
}

BOOST_AUTO_TEST_SUITE_END()
