// What the engine makes of the peer's certificate.
#include "tls/engine_pair.hpp"

#include "crypto/certificate.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::tls;
using namespace sipvet::tls::testing;

namespace {

Config asking_server(Verify verify) {
  Config server = server_config();
  server.verify = verify;
  server.trusted_roots_pem = lab().ca.root_pem();
  return server;
}

Config client_as(const crypto::Identity& identity) {
  Config client = client_config();
  client.certificate_pem = identity.certificate_pem;
  client.private_key_pem = identity.private_key_pem;
  return client;
}

Config up_to(Config config, Version version) {
  config.max_version = version;
  return config;
}

} // namespace

BOOST_AUTO_TEST_SUITE(peer_certificates)

BOOST_AUTO_TEST_CASE(both_sides_see_the_others_chain) {
  for (const Version version : {Version::tls1_2, Version::tls1_3}) {
    Pair pair(up_to(client_as(lab().phone), version), asking_server(Verify::chain_required));
    pair.start();
    const auto at_server = pair.server.first<HandshakeDone>();
    const auto at_client = pair.client.first<HandshakeDone>();
    BOOST_REQUIRE(at_server.has_value());
    BOOST_REQUIRE(at_client.has_value());
    BOOST_TEST(at_server->session.peer_chain_der.size() == 1u);
    BOOST_REQUIRE(at_client->session.peer_chain_der.size() == 1u);
    BOOST_TEST(crypto::parse_certificate(at_server->session.peer_chain_der[0]).value().common_name ==
               "phone.example.com");
    BOOST_TEST(crypto::parse_certificate(at_client->session.peer_chain_der[0]).value().common_name ==
               "gw.example.com");
  }
}

BOOST_AUTO_TEST_CASE(a_chain_is_sent_whole) {
  Config server = server_config();
  server.certificate_pem =
      "the gateway's\n" + server.certificate_pem + "and its CA's\n" + lab().ca.root_pem();
  Pair pair(client_config(), server);
  pair.start();
  BOOST_TEST(pair.client.first<HandshakeDone>()->session.peer_chain_der.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_missing_client_certificate) {
  Pair required(up_to(client_config(), Version::tls1_2), asking_server(Verify::chain_required));
  required.start();
  BOOST_TEST(
      required.server.cause() ==
      "the peer presented no certificate (sent ServerHelloDone last, received Certificate last, sent the "
      "alert fatal handshake_failure(40))");
  BOOST_TEST(required.client.first<Failed>().has_value());
  Pair optional(client_config(), asking_server(Verify::chain_if_given));
  optional.start();
  BOOST_REQUIRE(optional.server.first<HandshakeDone>().has_value());
  BOOST_TEST(optional.server.first<HandshakeDone>()->session.peer_chain_der.empty());
}

BOOST_AUTO_TEST_CASE(a_chain_to_an_unknown_root_is_refused) {
  Config client = client_config();
  client.trusted_roots_pem = lab().other_ca.root_pem();
  Pair pair(client, server_config());
  pair.start();
  BOOST_TEST(pair.client.cause().starts_with("the peer's certificate is refused: the certificate of "
                                             "\"CN=gw.example.com\" is issued by \"CN=sipvet lab "
                                             "CA\", which is not trusted"));
  BOOST_TEST((pair.client.first<Failed>()->alert == Alert{AlertLevel::fatal, 48})); // unknown_ca
  BOOST_TEST(
      pair.server.cause().starts_with("the peer ended the handshake with the alert unknown_ca (sent "));

  Pair given(client_as(lab().stranger), asking_server(Verify::chain_if_given));
  given.start();
  BOOST_TEST(given.server.cause().starts_with(
      "the peer's certificate is refused: the certificate of \"CN=stranger.example.com\" is issued by"));

  client.verify = Verify::none;
  Pair unchecked(client, server_config());
  unchecked.start();
  BOOST_TEST(unchecked.client.first<HandshakeDone>().has_value());
}

BOOST_AUTO_TEST_CASE(dates_are_checked_against_the_clock_passed_in) {
  Pair later(client_config(), server_config());
  later.clock.when += std::chrono::hours(24 * 366);
  later.start();
  BOOST_TEST(later.client.cause().starts_with(
      "the peer's certificate is refused: the certificate of \"CN=gw.example.com\" expired after"));
  BOOST_TEST((later.client.first<Failed>()->alert == Alert{AlertLevel::fatal, 45}));
  Pair earlier(client_config(), server_config());
  earlier.clock.when -= std::chrono::hours(48);
  earlier.start();
  BOOST_TEST(earlier.client.cause().find(" is not valid before ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
