#include "tls/engine_pair.hpp"

#include "base/hex.hpp"
#include "crypto/certificate.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::tls;
using namespace sipvet::tls::testing;

namespace {

struct Cell {
  Version version;
  const char* cipher;
};

void limit(Config& config, Version version, std::vector<std::string> ciphers = {}) {
  config.min_version = version;
  config.max_version = version;
  config.ciphers = std::move(ciphers);
  config.security_level = version < Version::tls1_2 ? 0 : 1;
}

Pair pair_of(Version version, std::vector<std::string> ciphers = {}, std::uint64_t seed = 1) {
  Config client = client_config();
  Config server = server_config();
  limit(client, version, ciphers);
  limit(server, version, ciphers);
  return Pair(client, server, seed);
}

constexpr Cell cells[] = {
    {Version::tls1_0, "TLS_RSA_WITH_AES_128_CBC_SHA"},
    {Version::tls1_0, "TLS_RSA_WITH_AES_256_CBC_SHA"},
    {Version::tls1_0, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"},
    {Version::tls1_0, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
    {Version::tls1_1, "TLS_RSA_WITH_AES_128_CBC_SHA"},
    {Version::tls1_1, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"},
    {Version::tls1_2, "TLS_RSA_WITH_AES_128_CBC_SHA"},
    {Version::tls1_2, "TLS_RSA_WITH_AES_256_CBC_SHA256"},
    {Version::tls1_2, "TLS_RSA_WITH_AES_128_GCM_SHA256"},
    {Version::tls1_2, "TLS_RSA_WITH_AES_128_CCM"},
    {Version::tls1_2, "TLS_RSA_WITH_AES_128_CCM_8"},
    {Version::tls1_2, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"},
    {Version::tls1_2, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
    {Version::tls1_2, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
    {Version::tls1_2, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
    {Version::tls1_3, "TLS_AES_128_GCM_SHA256"},
    {Version::tls1_3, "TLS_AES_256_GCM_SHA384"},
    {Version::tls1_3, "TLS_CHACHA20_POLY1305_SHA256"},
    {Version::tls1_3, "TLS_AES_128_CCM_SHA256"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(openssl_engine)

BOOST_AUTO_TEST_CASE(every_version_and_suite_carries_data_both_ways) {
  for (const Cell& cell : cells) {
    BOOST_TEST_CONTEXT(name(cell.version) << " " << cell.cipher) {
      Pair pair = pair_of(cell.version, {cell.cipher});
      pair.client.engine->send(
          as_bytes("OPTIONS sip:gw.example.com SIP/2.0\r\n")); // kept until the handshake is done
      pair.start();
      pair.server.engine->send(as_bytes("SIP/2.0 200 OK\r\n"));
      pair.run();
      BOOST_TEST(pair.client.cause() == "");
      BOOST_TEST(pair.server.cause() == "");
      for (const Side* side : {&pair.client, &pair.server}) {
        const auto done = side->first<HandshakeDone>();
        BOOST_REQUIRE(done.has_value());
        BOOST_TEST((done->session.version == cell.version));
        BOOST_TEST(done->session.cipher == cell.cipher);
        BOOST_TEST(!done->session.resumed);
        BOOST_TEST(done->session.server_name == "gw.example.com");
      }
      BOOST_TEST(as_text(pair.server.received) == "OPTIONS sip:gw.example.com SIP/2.0\r\n");
      BOOST_TEST(as_text(pair.client.received) == "SIP/2.0 200 OK\r\n");
    }
  }
}

BOOST_AUTO_TEST_CASE(both_sides_log_the_same_keys) {
  Pair old = pair_of(Version::tls1_2);
  old.start();
  const auto line = old.server.first<KeylogLine>();
  BOOST_REQUIRE(line.has_value());
  BOOST_TEST(line->line.starts_with("CLIENT_RANDOM "));
  BOOST_TEST(line->line == old.client.first<KeylogLine>()->line);
  Pair current = pair_of(Version::tls1_3);
  current.start();
  BOOST_TEST(current.server.all<KeylogLine>().size() >= 4u);
}

BOOST_AUTO_TEST_CASE(one_octet_at_a_time) {
  for (const Version version : {Version::tls1_0, Version::tls1_2, Version::tls1_3}) {
    Pair pair = pair_of(version);
    pair.piece_octets = 1;
    pair.client.engine->send(as_bytes("drop by drop"));
    pair.start();
    BOOST_TEST(as_text(pair.server.received) == "drop by drop");
  }
}

BOOST_AUTO_TEST_CASE(large_data_arrives_whole) {
  Pair pair = pair_of(Version::tls1_3);
  pair.start();
  SeededRandom source(3);
  const Bytes data = source.bytes(3 << 20);
  pair.client.engine->send(data);
  pair.run();
  BOOST_TEST((pair.server.received == data));
}

BOOST_AUTO_TEST_CASE(close_notify_is_reported_once) {
  for (const Version version : {Version::tls1_2, Version::tls1_3}) {
    Pair pair = pair_of(version);
    pair.start();
    pair.client.engine->send(as_bytes("last words"));
    pair.client.engine->close();
    pair.client.engine->close();
    pair.run();
    BOOST_TEST(as_text(pair.server.received) == "last words");
    BOOST_TEST(pair.server.all<PeerClosed>().size() == 1u);
    BOOST_TEST((pair.server.all<AlertReceived>().size() == 1u));
    BOOST_TEST((pair.server.first<AlertReceived>()->alert == Alert{AlertLevel::warning, 0}));
    BOOST_TEST((pair.client.first<AlertSent>()->alert == Alert{AlertLevel::warning, 0}));
    pair.client.engine->send(as_bytes("too late"));
    pair.run();
    BOOST_TEST(as_text(pair.server.received) == "last words");
    BOOST_TEST(!pair.server.first<Failed>().has_value());
  }
}

BOOST_AUTO_TEST_CASE(closing_before_the_handshake_is_done_still_sends_what_was_given) {
  Pair pair = pair_of(Version::tls1_2);
  pair.client.engine->send(as_bytes("hello"));
  pair.client.engine->close();
  pair.start();
  BOOST_TEST(as_text(pair.server.received) == "hello");
  BOOST_TEST(pair.server.all<PeerClosed>().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_cut_stream_is_no_close) {
  Pair pair = pair_of(Version::tls1_2);
  pair.start();
  pair.client.engine->send(as_bytes("a message"));
  const Bytes record = pair.client.engine->take_output();
  pair.server.engine->receive(ByteView(record).first(record.size() - 1));
  pair.run();
  BOOST_TEST(pair.server.received.empty());
  BOOST_TEST(!pair.server.first<PeerClosed>().has_value());
  BOOST_TEST(!pair.server.first<Failed>().has_value());
}

BOOST_AUTO_TEST_CASE(a_changed_record_is_noticed) {
  Pair pair = pair_of(Version::tls1_2);
  pair.start();
  pair.client.engine->send(as_bytes("a message"));
  Bytes record = pair.client.engine->take_output();
  record.back() ^= 1;
  pair.server.engine->receive(record);
  pair.run();
  BOOST_TEST(pair.server.cause() == "a record from the peer does not decrypt: bad record MAC");
  BOOST_TEST((pair.server.first<Failed>()->alert == Alert{AlertLevel::fatal, 20}));
  BOOST_TEST((pair.client.first<AlertReceived>()->alert == Alert{AlertLevel::fatal, 20}));
  BOOST_TEST(pair.client.cause() == "the peer ended the connection with the alert bad_record_mac");
}

BOOST_AUTO_TEST_CASE(the_servers_order_decides) {
  Config client = client_config();
  Config server = server_config();
  limit(client, Version::tls1_2, {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"});
  limit(server, Version::tls1_2, {"TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"});
  Pair pair(client, server);
  pair.start();
  BOOST_TEST(pair.client.first<HandshakeDone>()->session.cipher == "TLS_RSA_WITH_AES_256_CBC_SHA");
}

BOOST_AUTO_TEST_CASE(a_list_without_tls13_suites_leaves_that_version_out) {
  Config server = server_config();
  server.ciphers = {"TLS_RSA_WITH_AES_128_CBC_SHA"};
  Pair pair(client_config(), server);
  pair.start();
  BOOST_TEST((pair.client.first<HandshakeDone>()->session.version == Version::tls1_2));
  Config client = client_config();
  client.ciphers = {"TLS_RSA_WITH_AES_128_CBC_SHA"};
  Pair other(client, server_config());
  other.start();
  BOOST_TEST((other.client.first<HandshakeDone>()->session.version == Version::tls1_2));
}

BOOST_AUTO_TEST_CASE(no_common_suite_or_version) {
  Config client = client_config();
  Config server = server_config();
  limit(client, Version::tls1_2, {"TLS_RSA_WITH_AES_128_CBC_SHA"});
  limit(server, Version::tls1_2, {"TLS_RSA_WITH_AES_256_CBC_SHA"});
  Pair suites(client, server);
  suites.start();
  BOOST_TEST(
      suites.server.cause() ==
      "no common cipher suite: the peer offers TLSv1.2 with TLS_RSA_WITH_AES_128_CBC_SHA only; this side "
      "allows TLSv1.2 with TLS_RSA_WITH_AES_256_CBC_SHA only (sent nothing, received ClientHello last, "
      "sent the alert fatal handshake_failure(40))");
  BOOST_TEST((suites.server.first<AlertSent>()->alert == Alert{AlertLevel::fatal, 40}));
  BOOST_TEST((suites.client.first<Failed>()->alert == Alert{AlertLevel::fatal, 40}));
  BOOST_TEST(suites.client.cause() ==
             "the peer ended the handshake with the alert handshake_failure: this side offers TLSv1.2 with "
             "TLS_RSA_WITH_AES_128_CBC_SHA only (sent ClientHello last, received nothing, received the alert "
             "fatal handshake_failure(40))");

  limit(client, Version::tls1_0);
  limit(server, Version::tls1_2);
  Pair versions(client, server);
  versions.start();
  BOOST_TEST(
      versions.server.cause() ==
      "no common TLS version: the peer offers TLSv1.0; this side allows TLSv1.2 (sent nothing, received "
      "ClientHello last, sent the alert fatal protocol_version(70))");
  BOOST_TEST((versions.server.first<Failed>()->alert == Alert{AlertLevel::fatal, 70}));
}

BOOST_AUTO_TEST_CASE(resumption_only_when_allowed) {
  for (const bool allowed : {false, true}) {
    for (const Version version : {Version::tls1_2, Version::tls1_3}) {
      Config client = client_config();
      Config server = server_config();
      limit(client, version);
      limit(server, version);
      client.allow_resumption = server.allow_resumption = allowed;
      const auto client_context = make_context(client).value();
      const auto server_context = make_context(server).value();
      for (const bool second : {false, true}) {
        Pair pair(client, server);
        pair.client.engine = client_context->make_engine(pair.clock, pair.random, {});
        pair.server.engine = server_context->make_engine(pair.clock, pair.random, {});
        pair.start();
        BOOST_REQUIRE(pair.server.first<HandshakeDone>().has_value());
        BOOST_TEST(pair.server.first<HandshakeDone>()->session.resumed == (allowed && second));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_name_given_to_one_engine_is_sent) {
  const auto context = make_context(client_config()).value();
  Pair pair(client_config(), server_config());
  pair.client.engine = context->make_engine(pair.clock, pair.random, {"other.example.com", {}});
  pair.start();
  BOOST_TEST(pair.server.first<HandshakeDone>()->session.server_name == "other.example.com");
  pair.client.engine =
      context->make_engine(pair.clock, pair.random, {"192.0.2.1", {}}); // RFC 6066 §3: not an address
  Pair again(client_config(), server_config());
  again.client.engine = std::move(pair.client.engine);
  again.start();
  BOOST_TEST(again.server.first<HandshakeDone>()->session.server_name == "");
}

BOOST_AUTO_TEST_CASE(a_seeded_run_repeats_to_the_octet) {
  const std::vector<Cell> seeded{{Version::tls1_2, "TLS_RSA_WITH_AES_128_CBC_SHA"},
                                 {Version::tls1_2, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
                                 {Version::tls1_2, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"},
                                 {Version::tls1_0, "TLS_RSA_WITH_AES_128_CBC_SHA"},
                                 {Version::tls1_3, "TLS_AES_128_GCM_SHA256"}};
  for (const Cell& cell : seeded) {
    BOOST_TEST_CONTEXT(name(cell.version) << " " << cell.cipher) {
      Pair one = pair_of(cell.version, {cell.cipher}, 42);
      Pair two = pair_of(cell.version, {cell.cipher}, 42);
      Pair other_seed = pair_of(cell.version, {cell.cipher}, 43);
      for (Pair* pair : {&one, &two, &other_seed}) {
        pair->client.engine->send(as_bytes("the same"));
        pair->start();
        pair->server.engine->close();
        pair->run();
        BOOST_TEST(as_text(pair->server.received) == "the same");
      }
      BOOST_TEST((one.client.sent_octets == two.client.sent_octets));
      BOOST_TEST((one.server.sent_octets == two.server.sent_octets));
      BOOST_TEST((one.client.sent_octets != other_seed.client.sent_octets));
    }
  }
}

BOOST_AUTO_TEST_CASE(engines_of_one_context_repeat_as_well) {
  Config client = client_config();
  Config server = server_config();
  limit(client, Version::tls1_2, {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
  limit(server, Version::tls1_2, {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
  const auto server_context = make_context(server).value();
  std::vector<Bytes> runs;
  for (int i = 0; i < 3; ++i) {
    Pair pair(client, server, 5);
    pair.random = SeededRandom(5);
    pair.client.engine = make_engine(client, pair.clock, pair.random).value();
    pair.server.engine = server_context->make_engine(pair.clock, pair.random, {});
    pair.start();
    runs.push_back(pair.server.sent_octets);
  }
  BOOST_TEST((runs[0] == runs[1]));
  BOOST_TEST((runs[1] == runs[2]));
}

BOOST_AUTO_TEST_SUITE_END()
