// The shorter handshake messages and alerts.
#include "tlswire/alert.hpp"
#include "tlswire/certificate_message.hpp"
#include "tlswire/client_key_exchange.hpp"
#include "tlswire/key_update.hpp"
#include "tlswire/new_session_ticket.hpp"
#include "tlswire/rfc8448_trace.hpp"
#include "tlswire/version.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::tlswire;

namespace {
Bytes body(const Bytes& message) { return to_bytes(ByteView(message).subspan(4)); }
} // namespace

BOOST_AUTO_TEST_SUITE(messages)

BOOST_AUTO_TEST_CASE(certificate_of_tls13) {
  const Bytes wire = body(rfc8448::certificate);
  const auto parsed = parse_certificate_message(wire, tls1_3).value();
  BOOST_REQUIRE(parsed.chain_der.size() == 1u);
  BOOST_TEST(parsed.chain_der[0].size() == 0x1b0u);
  BOOST_TEST((write_certificate_message(parsed, tls1_3) == wire));
  for (std::size_t size = 0; size < wire.size(); ++size)
    BOOST_TEST(!parse_certificate_message(ByteView(wire).first(size), tls1_3));
  // In answer to a request that came after the handshake.
  const Bytes answer{2, 7, 8, 0, 0, 0};
  const auto nobody = parse_certificate_message(answer, tls1_3).value();
  BOOST_TEST((nobody.request_context == Bytes{7, 8}));
  BOOST_TEST(nobody.chain_der.empty());
  BOOST_TEST((write_certificate_message(nobody, tls1_3) == answer));
}

BOOST_AUTO_TEST_CASE(certificate_of_tls12) {
  const Bytes wire{0, 0, 9, 0, 0, 2, 0xaa, 0xbb, 0, 0, 1, 0xcc};
  const auto parsed = parse_certificate_message(wire, tls1_2).value();
  BOOST_TEST((parsed.chain_der == std::vector<Bytes>{{0xaa, 0xbb}, {0xcc}}));
  BOOST_TEST((write_certificate_message(parsed, tls1_2) == wire));
  BOOST_TEST(parse_certificate_message(Bytes{0, 0, 0}, tls1_2).value().chain_der.empty());
  Bytes many{0, 1, 4};
  for (int i = 0; i < 65; ++i) append(many, Bytes{0, 0, 1, 7});
  BOOST_TEST(parse_certificate_message(many, tls1_2).error().what == "expected at most 64 certificates");
  BOOST_TEST(parse_certificate_message(Bytes{0, 0, 3, 0, 0, 0}, tls1_2).error().what ==
             "expected a certificate of 1 octet or more");
}

BOOST_AUTO_TEST_CASE(rsa_client_key_exchange) {
  const Bytes with_length{0, 3, 7, 8, 9};
  BOOST_TEST((to_bytes(parse_rsa_client_key_exchange(with_length, tls1_0).value()) == Bytes{7, 8, 9}));
  BOOST_TEST((to_bytes(parse_rsa_client_key_exchange(with_length, ssl3).value()) == with_length));
  const Bytes bare{7, 8, 9};
  BOOST_TEST((to_bytes(parse_rsa_client_key_exchange(bare, tls1_0).value()) == bare));
  BOOST_TEST(!parse_rsa_client_key_exchange({}, tls1_2));
  BOOST_TEST((write_rsa_client_key_exchange(bare, tls1_2) == with_length));
}

BOOST_AUTO_TEST_CASE(tickets) {
  const Bytes wire = body(rfc8448::new_session_ticket);
  const auto parsed = parse_new_session_ticket(wire, tls1_3).value();
  BOOST_TEST(parsed.lifetime_s == 30u);
  BOOST_TEST(parsed.age_add == 0xfad6aac5u);
  BOOST_TEST((parsed.nonce == Bytes{0, 0}));
  BOOST_TEST(parsed.ticket.size() == 178u);
  BOOST_TEST(parsed.extensions.has(extension::early_data));
  BOOST_TEST((write_new_session_ticket(parsed, tls1_3) == wire));
  const Bytes old{0, 0, 1, 0x2c, 0, 2, 5, 6};
  const auto ticket = parse_new_session_ticket(old, tls1_2).value();
  BOOST_TEST(ticket.lifetime_s == 300u);
  BOOST_TEST((ticket.ticket == Bytes{5, 6}));
  BOOST_TEST((write_new_session_ticket(ticket, tls1_2) == old));
  BOOST_TEST(!parse_new_session_ticket(ByteView(old).first(7), tls1_2));
  BOOST_TEST(parse_new_session_ticket(Bytes{0, 0, 0, 0, 0, 0}, tls1_2).value().ticket.empty());
  Bytes empty{0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0};
  BOOST_TEST(parse_new_session_ticket(empty, tls1_3).error().what == "expected a ticket of 1 octet or more");
  for (std::size_t size = 0; size < wire.size(); ++size)
    BOOST_TEST(!parse_new_session_ticket(ByteView(wire).first(size), tls1_3));
}

BOOST_AUTO_TEST_CASE(alerts) {
  BOOST_TEST(to_string(parse_alert(Bytes{2, 48}).value()) == "fatal unknown_ca(48)");
  BOOST_TEST(parse_alert(Bytes{1, 0}).value().is_close_notify());
  BOOST_TEST(!parse_alert(Bytes{2}));
  BOOST_TEST(!parse_alert(Bytes{3, 0}));
  BOOST_TEST((write_alert({1, 0}) == Bytes{1, 0}));
}

BOOST_AUTO_TEST_CASE(key_updates) {
  BOOST_TEST(parse_key_update(Bytes{1}).value().update_requested);
  BOOST_TEST(!parse_key_update(Bytes{0}).value().update_requested);
  BOOST_TEST(!parse_key_update(Bytes{2}));
  BOOST_TEST(!parse_key_update(Bytes{0, 0}));
  BOOST_TEST((write_key_update({true}) == Bytes{1}));
}

BOOST_AUTO_TEST_CASE(version_names) {
  BOOST_TEST(version_name(0x0301) == "TLSv1.0");
  BOOST_TEST(version_name(0x7f1c) == "0x7f1c");
}

BOOST_AUTO_TEST_SUITE_END()
