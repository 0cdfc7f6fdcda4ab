// For tests: two sides of every engine and version, and what they must be able to do.
#pragma once

#include "tls/engine_pair.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace sipvet::tls::testing {

struct Engines {
  EngineKind client = EngineKind::wire;
  EngineKind server = EngineKind::wire;
};
inline constexpr Engines all_pairs[] = {{EngineKind::wire, EngineKind::wire},
                                        {EngineKind::wire, EngineKind::openssl},
                                        {EngineKind::openssl, EngineKind::wire}};
inline constexpr Version all_versions[] = {Version::tls1_0, Version::tls1_1, Version::tls1_2,
                                           Version::tls1_3};

inline std::string describe(const Engines& engines) {
  return std::string(name(engines.client)) + " to " + std::string(name(engines.server));
}

struct Sides {
  Config client;
  Config server;
};

inline void use(Config& config, const crypto::Identity& identity) {
  config.certificate_pem = identity.certificate_pem;
  config.private_key_pem = identity.private_key_pem;
}

inline Sides sides_of(const Engines& engines, Version version) {
  Sides sides{client_config(), server_config()};
  sides.client.engine = engines.client;
  sides.server.engine = engines.server;
  for (Config* each : {&sides.client, &sides.server}) {
    each->min_version = each->max_version = version;
    each->security_level = 0;
  }
  return sides;
}

inline void ask_for_certificate(Sides& sides) {
  sides.server.verify = Verify::chain_required;
  sides.server.trusted_roots_pem = lab().ca.root_pem();
  use(sides.client, lab().phone);
}

inline void check_talk(Pair& pair) {
  BOOST_REQUIRE_MESSAGE(pair.client.first<HandshakeDone>().has_value(), pair.client.cause()
                                                                            << " / " << pair.server.cause());
  BOOST_REQUIRE_MESSAGE(pair.server.first<HandshakeDone>().has_value(), pair.server.cause());
  pair.client.engine->send(as_bytes("OPTIONS sip:gw.example.com SIP/2.0\r\n"));
  pair.server.engine->send(as_bytes("SIP/2.0 200 OK\r\n"));
  pair.run();
  BOOST_TEST(as_text(pair.server.received) == "OPTIONS sip:gw.example.com SIP/2.0\r\n");
  BOOST_TEST(as_text(pair.client.received) == "SIP/2.0 200 OK\r\n");
}

} // namespace sipvet::tls::testing
