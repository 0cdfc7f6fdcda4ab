// A second handshake within a connection: agreed to, refused, with and without the SYN captured.
#include "analysis/test_tls_session.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::analysis;
using tlswire::Side;

namespace {

std::string sha256(std::string_view text) {
  return to_hex(crypto::digest(crypto::Hash::sha256, as_bytes(text)));
}

void expect(const TestCapture& capture, std::string_view from_client, std::string_view from_server,
            std::size_t renegotiations) {
  const auto report = inspect(capture.octets(), rsa_key()).value();
  BOOST_TEST_REQUIRE(report.tls.size() == 1);
  const auto& seen = report.tls[0];
  BOOST_TEST(seen.reason.value_or("") == "");
  BOOST_TEST(seen.client_sha256 == sha256(from_client));
  BOOST_TEST(seen.server_sha256 == sha256(from_server));
  BOOST_TEST(seen.renegotiations == renegotiations);
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_renegotiation)

BOOST_AUTO_TEST_CASE(the_keys_change_at_the_second_change_cipher_spec) {
  for (const std::uint16_t version : {std::uint16_t{0x0301}, std::uint16_t{0x0303}}) {
    TestTls tls({.version = version});
    TestCapture capture;
    capture.connect(client, server);
    flights(capture, tls);
    capture.tcp(client, server, tls.data(Side::client, "one "));
    capture.tcp(server, client, tls.data(Side::server, "eins "));
    tls.begin_again();
    capture.tcp(client, server, tls.client_hello());
    capture.tcp(server, client, tls.data(Side::server, "zwei ")); // was on its way
    capture.tcp(server, client, tls.server_flight());
    capture.tcp(client, server, tls.client_flight());
    capture.tcp(server, client, tls.server_finish());
    capture.tcp(client, server, tls.data(Side::client, "two"));
    capture.tcp(server, client, tls.data(Side::server, "drei"));
    expect(capture, "one two", "eins zwei drei", 1);
  }
}

BOOST_AUTO_TEST_CASE(refused_it_leaves_everything_as_it_was) {
  TestTls tls({});
  TestCapture capture;
  capture.connect(client, server);
  flights(capture, tls);
  tls.begin_again();
  capture.tcp(client, server, tls.client_hello());
  capture.tcp(server, client, tls.alert(Side::server, 1, 100)); // RFC 5246 §7.2.2: no_renegotiation
  capture.tcp(client, server, tls.data(Side::client, "still here"));
  capture.tcp(server, client, tls.data(Side::server, "so am I"));
  expect(capture, "still here", "so am I", 0);
}

BOOST_AUTO_TEST_CASE(a_session_that_began_in_a_renegotiation_can_be_resumed) {
  TestTls tls({});
  TestCapture capture;
  capture.connect(client, server);
  flights(capture, tls);
  tls.begin_again();
  tls.answer.session_id = Bytes(32, 8);
  flights(capture, tls);
  capture.finish(client, server);
  capture.finish(server, client);
  TestTls second({.session_id = Bytes(32, 8), .resumed_master = tls.master});
  capture.connect(client, server);
  capture.tcp(client, server, second.client_hello());
  capture.tcp(server, client, second.server_flight());
  capture.tcp(client, server, second.client_flight());
  capture.tcp(client, server, second.data(Side::client, "again"));
  const auto report = inspect(capture.octets(), rsa_key()).value();
  BOOST_TEST_REQUIRE(report.tls.size() == 2);
  BOOST_TEST(report.tls[1].reason.value_or("") == "");
  BOOST_TEST(report.tls[1].key_source == "resumed");
  BOOST_TEST(report.tls[1].client_sha256 == sha256("again"));
}

BOOST_AUTO_TEST_CASE(a_key_log_of_other_connections_is_named_before_a_key_of_the_right_server) {
  TestTls tls({.resumed_master = Bytes(48, 9)});
  TestCapture capture;
  capture.connect(client, server);
  capture.tcp(client, server, tls.client_hello());
  capture.tcp(server, client, tls.server_flight());
  capture.tcp(client, server, tls.client_flight());
  auto keys = rsa_key();
  keys.keylog.add_line("CLIENT_RANDOM " + std::string(64, '0') + " " + std::string(96, '0')).value();
  const auto report = inspect(capture.octets(), keys).value();
  BOOST_TEST(report.tls.at(0).reason.value_or("") == "the keylog has no secret for this connection");
}

BOOST_AUTO_TEST_CASE(the_hello_tells_the_sides_apart_where_ports_do_not) {
  const Endpoint low = at(1, 1'025); // below the server's: taken for the server's by itself
  TestTls tls({});
  TestCapture capture; // without SYN
  capture.tcp(low, server, tls.client_hello());
  capture.tcp(server, low, tls.server_flight());
  capture.tcp(low, server, tls.client_flight());
  capture.tcp(server, low, tls.server_finish());
  capture.tcp(low, server, tls.data(Side::client, "from the client"));
  const auto report = inspect(capture.octets(), rsa_key()).value();
  BOOST_TEST_REQUIRE(report.tls.size() == 1);
  BOOST_TEST((report.tls[0].client == low));
  BOOST_TEST((report.tls[0].server == server));
  BOOST_TEST(report.tls[0].client_sha256 == sha256("from the client"));
}

BOOST_AUTO_TEST_SUITE_END()
