// The wire engine against OpenSSL's and against itself: every version, suite and kind of key that both know,
// whole and one octet at a time.
#include "tls/wire_test_configs.hpp"

#include "tls/wire_context.hpp"
#include "tlswire/suites.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::tls;
using namespace sipvet::tls::testing;

namespace {

// Both sides with the suite at the version; nothing when one of the engines has not got it.
std::optional<Sides> sides_for(const Engines& engines, Version version, const tlswire::Suite& suite) {
  Sides sides = sides_of(engines, version);
  sides.client.ciphers = sides.server.ciphers = {std::string(suite.name)};
  if (suite.exchange == tlswire::KeyExchange::ecdhe_ecdsa) use(sides.server, lab().elliptic);
  if (!check_config(sides.client) || !check_config(sides.server)) return std::nullopt;
  return sides;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wire_engine)

BOOST_AUTO_TEST_CASE(every_version_and_suite_with_every_engine) {
  int combinations = 0;
  for (const Engines& engines : all_pairs) {
    for (const Version version : all_versions) {
      for (const tlswire::Suite& suite : tlswire::all_suites()) {
        if (!wire_has_suite(suite.name)) continue;
        const auto sides = sides_for(engines, version, suite);
        if (!sides) continue;
        BOOST_TEST_CONTEXT(describe(engines) << " " << name(version) << " " << suite.name) {
          Pair pair(sides->client, sides->server);
          pair.start();
          check_talk(pair);
          BOOST_TEST(pair.server.first<HandshakeDone>()->session.cipher == suite.name);
          BOOST_TEST((pair.client.first<HandshakeDone>()->session.version == version));
          ++combinations;
        }
      }
    }
  }
  BOOST_TEST(combinations > 150);
}

BOOST_AUTO_TEST_CASE(one_octet_at_a_time) {
  for (const Engines& engines : all_pairs) {
    for (const Version version : all_versions) {
      for (const bool certificates : {false, true}) {
        BOOST_TEST_CONTEXT(describe(engines) << " " << name(version)) {
          Sides sides = sides_of(engines, version);
          if (certificates) ask_for_certificate(sides);
          Pair pair(sides.client, sides.server);
          pair.piece_octets = 1;
          pair.start();
          check_talk(pair);
          BOOST_TEST(pair.server.first<HandshakeDone>()->session.peer_chain_der.size() ==
                     (certificates ? 1u : 0u));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(handshake_in_records_of_three_octets) {
  for (const Engines& engines :
       {Engines{EngineKind::wire, EngineKind::openssl}, Engines{EngineKind::openssl, EngineKind::wire}}) {
    for (const Version version : all_versions) {
      BOOST_TEST_CONTEXT(describe(engines) << " " << name(version)) {
        Sides sides = sides_of(engines, version);
        Config& wire = engines.client == EngineKind::wire ? sides.client : sides.server;
        // OpenSSL takes no more than 32 records in a row that carry nothing but parts of one message's
        // header.
        wire.deviations.fragment_octets = 3;
        Pair pair(sides.client, sides.server);
        pair.start();
        check_talk(pair);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(client_certificates_of_every_kind) {
  for (const Engines& engines : all_pairs) {
    for (const Version version : all_versions) {
      for (const bool elliptic : {false, true}) {
        BOOST_TEST_CONTEXT(describe(engines) << " " << name(version) << (elliptic ? " EC" : " RSA")) {
          Sides sides = sides_of(engines, version);
          ask_for_certificate(sides);
          use(sides.client, elliptic ? lab().elliptic : lab().phone);
          Pair pair(sides.client, sides.server);
          pair.start();
          check_talk(pair);
          BOOST_TEST(pair.server.first<HandshakeDone>()->session.peer_chain_der.size() == 1u);
          BOOST_TEST(pair.client.first<HandshakeDone>()->session.peer_chain_der.size() == 1u);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_missing_client_certificate_is_refused_with_the_alert_of_the_version) {
  for (const Engines& engines : all_pairs) {
    for (const Version version : {Version::tls1_2, Version::tls1_3}) {
      BOOST_TEST_CONTEXT(describe(engines) << " " << name(version)) {
        Sides sides = sides_of(engines, version);
        ask_for_certificate(sides);
        sides.client.certificate_pem.clear();
        sides.client.private_key_pem.clear();
        Pair pair(sides.client, sides.server);
        pair.start();
        BOOST_REQUIRE(pair.server.first<Failed>().has_value());
        const int expected = version == Version::tls1_3 ? 116 : 40;
        BOOST_TEST(int{pair.server.first<Failed>()->alert->description} == expected);
        BOOST_TEST(int{pair.client.first<Failed>()->alert->description} == expected);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_group_that_came_without_a_share_is_asked_for) {
  for (const Engines& engines : all_pairs) {
    BOOST_TEST_CONTEXT(describe(engines)) {
      Sides sides = sides_of(engines, Version::tls1_3);
      sides.client.groups = {"x25519", "secp384r1"};
      sides.server.groups = {"secp384r1"};
      Pair pair(sides.client, sides.server);
      pair.start();
      check_talk(pair);
    }
  }
}

BOOST_AUTO_TEST_CASE(both_extensions_of_the_cbc_suites_can_be_left_out) {
  for (const Engines& engines : all_pairs) {
    for (const bool etm : {false, true}) {
      for (const bool ems : {false, true}) {
        BOOST_TEST_CONTEXT(describe(engines) << " " << etm << ems) {
          Sides sides = sides_of(engines, Version::tls1_2);
          sides.client.ciphers = sides.server.ciphers = {"TLS_RSA_WITH_AES_128_CBC_SHA"};
          sides.client.encrypt_then_mac = etm;
          sides.server.extended_master_secret = ems;
          Pair pair(sides.client, sides.server);
          pair.start();
          check_talk(pair);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(large_data_is_cut_into_records) {
  for (const Engines& engines : all_pairs) {
    for (const Version version : {Version::tls1_0, Version::tls1_3}) {
      BOOST_TEST_CONTEXT(describe(engines) << " " << name(version)) {
        Sides sides = sides_of(engines, version);
        Pair pair(sides.client, sides.server);
        pair.start();
        SeededRandom source(3);
        const Bytes data = source.bytes(100'000);
        pair.client.engine->send(data);
        pair.run();
        BOOST_TEST((pair.server.received == data));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(close_notify_is_answered) {
  for (const Engines& engines : all_pairs) {
    Sides sides = sides_of(engines, Version::tls1_2);
    Pair pair(sides.client, sides.server);
    pair.start();
    pair.client.engine->close();
    pair.run();
    BOOST_TEST_CONTEXT(describe(engines)) {
      BOOST_TEST(pair.server.first<PeerClosed>().has_value());
      BOOST_REQUIRE(pair.server.first<AlertReceived>().has_value());
      BOOST_TEST(int{pair.server.first<AlertReceived>()->alert.description} == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_seed_gives_the_same_octets) {
  for (const Version version : all_versions) {
    std::vector<Bytes> runs;
    for (int i = 0; i < 2; ++i) {
      Sides sides = sides_of({EngineKind::wire, EngineKind::wire}, version);
      ask_for_certificate(sides);
      Pair pair(sides.client, sides.server, 9);
      pair.start();
      check_talk(pair);
      runs.push_back(pair.client.sent_octets);
    }
    BOOST_TEST((runs[0] == runs[1]), name(version));
  }
}

BOOST_AUTO_TEST_SUITE_END()
