// The wire engine against OpenSSL's and against itself: every version, suite and kind of session that both
// know, whole and one octet at a time.
#include "tls/engine_pair.hpp"

#include "tls/wire_context.hpp"
#include "tlswire/suites.hpp"

#include <boost/test/unit_test.hpp>

#include <tuple>

using namespace sipvet;
using namespace sipvet::tls;
using namespace sipvet::tls::testing;

namespace {

struct Engines {
  EngineKind client;
  EngineKind server;
};
constexpr Engines all_pairs[] = {{EngineKind::wire, EngineKind::wire},
                                 {EngineKind::wire, EngineKind::openssl},
                                 {EngineKind::openssl, EngineKind::wire}};

constexpr Version all_versions[] = {Version::tls1_0, Version::tls1_1, Version::tls1_2, Version::tls1_3};

void limit(Config& config, Version version) {
  config.min_version = config.max_version = version;
  config.security_level = 0;
}

// Both sides with the suite at the version; nothing when one of the engines has not got it.
std::optional<std::pair<Config, Config>> configs_for(const Engines& engines, Version version,
                                                     const std::string& suite) {
  Config client = client_config();
  Config server = server_config();
  for (Config* each : {&client, &server}) {
    limit(*each, version);
    each->ciphers = {suite};
  }
  client.engine = engines.client;
  server.engine = engines.server;
  if (!check_config(client) || !check_config(server)) return std::nullopt;
  return std::pair(client, server);
}

void check_talk(Pair& pair) {
  BOOST_REQUIRE_MESSAGE(pair.client.first<HandshakeDone>().has_value(), pair.client.cause()
                                                                            << " / " << pair.server.cause());
  BOOST_REQUIRE_MESSAGE(pair.server.first<HandshakeDone>().has_value(), pair.server.cause());
  pair.client.engine->send(as_bytes("OPTIONS sip:gw.example.com SIP/2.0\r\n"));
  pair.server.engine->send(as_bytes("SIP/2.0 200 OK\r\n"));
  pair.run();
  BOOST_TEST(as_text(pair.server.received) == "OPTIONS sip:gw.example.com SIP/2.0\r\n");
  BOOST_TEST(as_text(pair.client.received) == "SIP/2.0 200 OK\r\n");
}

bool is_rsa_suite(const tlswire::Suite& suite) { return suite.exchange != tlswire::KeyExchange::ecdhe_ecdsa; }

} // namespace

BOOST_AUTO_TEST_SUITE(wire_engine)

BOOST_AUTO_TEST_CASE(every_version_and_suite_with_every_engine) {
  int combinations = 0;
  for (const Engines& engines : all_pairs) {
    for (const Version version : all_versions) {
      for (const tlswire::Suite& suite : tlswire::all_suites()) {
        if (!wire_has_suite(suite.name) || !is_rsa_suite(suite)) continue;
        const auto configs = configs_for(engines, version, std::string(suite.name));
        if (!configs) continue;
        BOOST_TEST_CONTEXT(name(engines.client)
                           << " to " << name(engines.server) << " " << name(version) << " " << suite.name) {
          Pair pair(configs->first, configs->second);
          pair.start();
          check_talk(pair);
          BOOST_TEST(pair.server.first<HandshakeDone>()->session.cipher == suite.name);
          BOOST_TEST((pair.client.first<HandshakeDone>()->session.version == version));
          ++combinations;
        }
      }
    }
  }
  BOOST_TEST(combinations > 80);
}

BOOST_AUTO_TEST_SUITE_END()
