#include "tls/first_octets.hpp"

#include "tls/engine_pair.hpp"
#include "tlswire/sslv2_client_hello.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::tls;
using namespace sipvet::tls::testing;

namespace {

Bytes old_hello() {
  tlswire::Sslv2ClientHello hello;
  hello.cipher_specs = {0x00002f, 0x000035};
  hello.challenge = Bytes(16, 0x5a);
  return tlswire::write_sslv2_client_hello(hello);
}

// What a server alone makes of some octets.
Side fed(const Config& config, ByteView octets, std::size_t piece = 4096) {
  FixedClock clock(lab_time);
  SeededRandom random(1);
  Side server;
  server.engine = make_engine(config, clock, random).value();
  for (std::size_t at = 0; at < octets.size(); at += piece)
    server.engine->receive(octets.subspan(at, std::min(piece, octets.size() - at)));
  server.sent_octets = server.engine->take_output();
  server.events = server.engine->take_events();
  server.engine.reset();
  return server;
}

} // namespace

BOOST_AUTO_TEST_SUITE(first_octets)

BOOST_AUTO_TEST_CASE(plain_text_on_a_tls_port_is_named) {
  const Side sip = fed(server_config(), as_bytes("INVITE sip:100@gw.example.com SIP/2.0\r\nVia: x\r\n"));
  BOOST_TEST(sip.cause() ==
             "expected TLS, got what looks like plain SIP: \"INVITE sip:100@gw.example.com SIP/2.0\"");
  BOOST_TEST(sip.sent_octets.empty());
  BOOST_TEST(sip.all<Failed>().size() == 1u);
  BOOST_TEST(fed(server_config(), as_bytes("GET / HTTP/1.1\r\n")).cause() ==
             "expected TLS, got what looks like plain HTTP: \"GET / HTTP/1.1\"");
  BOOST_TEST(fed(server_config(), as_bytes("INVITE"), 1).cause() ==
             "expected TLS, got what looks like plain text: \"I\"");
  BOOST_TEST(fed(server_config(), as_bytes("\r\n\r\n")).cause() ==
             "expected TLS, got what looks like plain text (an empty line)");
  const Bytes binary{0x00, 0x01, 0xff};
  BOOST_TEST(fed(server_config(), binary).cause() == "expected TLS, got the octets 0001ff");
}

BOOST_AUTO_TEST_CASE(a_client_notices_a_plain_text_server) {
  Pair pair(client_config(), server_config());
  pair.client.engine->start();
  pair.client.engine->receive(as_bytes("SIP/2.0 400 Bad Request\r\n"));
  pair.run();
  BOOST_TEST(pair.client.cause() ==
             "expected TLS, got what looks like plain SIP: \"SIP/2.0 400 Bad Request\" "
             "(sent ClientHello last, received nothing)");
}

BOOST_AUTO_TEST_CASE(an_sslv2_format_hello_is_refused_unless_accepted) {
  Config config = server_config();
  config.min_version = Version::tls1_0;
  config.max_version = Version::tls1_2;
  config.security_level = 0;
  for (const std::size_t piece : {std::size_t{1}, std::size_t{100}}) {
    const Side refused = fed(config, old_hello(), piece);
    BOOST_TEST(refused.cause() == "the peer sent a ClientHello in SSLv2 format, which is not accepted");
    BOOST_TEST((refused.first<Failed>()->alert == Alert{AlertLevel::fatal, 70}));
    BOOST_TEST((refused.sent_octets == Bytes{21, 3, 1, 0, 2, 2, 70}));
  }
  config.accept_sslv2_hello = true;
  const Side accepted = fed(config, old_hello());
  BOOST_TEST(accepted.cause() == "");
  BOOST_REQUIRE(accepted.sent_octets.size() > 10);
  BOOST_TEST(accepted.sent_octets[0] == 22);
  BOOST_TEST(accepted.sent_octets[5] == 2); // ServerHello
}

BOOST_AUTO_TEST_CASE(garbage_after_a_good_beginning_fails_at_once) {
  const Bytes garbage{22, 3, 1, 0, 5, 0xff, 0xff, 0xff, 0xff, 0xff};
  const Side side = fed(server_config(), garbage);
  BOOST_TEST(side.all<Failed>().size() == 1u);
  BOOST_TEST(side.first<AlertSent>().has_value());
}

BOOST_AUTO_TEST_CASE(octets_after_a_failure_change_nothing) {
  Pair pair(client_config(), server_config());
  pair.server.engine->receive(as_bytes("INVITE sip:x SIP/2.0\r\n"));
  pair.server.engine->receive(as_bytes("more"));
  pair.server.engine->send(as_bytes("x"));
  pair.server.engine->close();
  pair.run();
  BOOST_TEST(pair.server.all<Failed>().size() == 1u);
  BOOST_TEST(pair.server.sent_octets.empty());
}

BOOST_AUTO_TEST_SUITE_END()
