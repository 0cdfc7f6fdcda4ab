// What connections of the wire engine keep for each other: resumption, new handshakes on open connections,
// and hellos in SSLv2 format.
#include "tls/wire_sessions.hpp"
#include "tls/wire_test_configs.hpp"

#include "tlswire/suites.hpp"

using namespace sipvet;
using namespace sipvet::tls;
using namespace sipvet::tls::testing;

namespace {

struct Contexts {
  std::shared_ptr<const Context> client, server;

  explicit Contexts(Sides sides) {
    sides.client.allow_resumption = sides.server.allow_resumption = true;
    client = make_context(sides.client).value();
    server = make_context(sides.server).value();
  }
  Pair connect(const PeerName& peer = {}) const {
    Pair pair(client, server, peer, seed++);
    pair.start();
    if (pair.established()) check_talk(pair);
    return pair;
  }
  mutable std::uint64_t seed = 1;
};

bool resumed(const Pair& pair) {
  const auto client = pair.client.first<HandshakeDone>();
  const auto server = pair.server.first<HandshakeDone>();
  BOOST_REQUIRE(client && server);
  BOOST_TEST(client->session.resumed == server->session.resumed);
  return client->session.resumed;
}

const Engines wire_only{EngineKind::wire, EngineKind::wire};

} // namespace

BOOST_AUTO_TEST_SUITE(wire_sessions)

BOOST_AUTO_TEST_CASE(every_version_resumes_with_every_engine) {
  for (const Engines& engines : all_pairs) {
    for (const Version version : all_versions) {
      BOOST_TEST_CONTEXT(describe(engines) << " " << name(version)) {
        Sides sides = sides_of(engines, version);
        ask_for_certificate(sides);
        const Contexts contexts(sides);
        BOOST_TEST(!resumed(contexts.connect()));
        const Pair again = contexts.connect();
        BOOST_TEST(resumed(again));
        BOOST_TEST(again.server.first<HandshakeDone>()->session.peer_chain_der.size() == 1u);
        BOOST_TEST(resumed(contexts.connect()));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(sessions_end_with_their_lifetime) {
  for (const Version version : {Version::tls1_2, Version::tls1_3}) {
    const Contexts contexts(sides_of(wire_only, version));
    (void)contexts.connect();
    Pair late(contexts.client, contexts.server);
    late.clock.when += std::chrono::seconds(session_lifetime_s);
    late.start();
    BOOST_TEST(!resumed(late));
  }
}

BOOST_AUTO_TEST_CASE(a_session_belongs_to_the_name_it_was_made_under) {
  for (const Version version : {Version::tls1_2, Version::tls1_3}) {
    Sides sides = sides_of(wire_only, version);
    sides.client.deviations.resume_with_server_name = "other.example.com";
    BOOST_TEST(!resumed([&] {
      const Contexts contexts(sides);
      (void)contexts.connect();
      return contexts.connect();
    }()));
    sides.server.deviations.resume_across_server_names = true;
    const Contexts lax(sides);
    (void)lax.connect();
    BOOST_TEST(resumed(lax.connect()));
  }
}

// RFC 5922 §7.4: whose certificate it was is known, and a session proves no other name.
BOOST_AUTO_TEST_CASE(a_session_proves_no_other_identity) {
  for (const Engines& engines : all_pairs) {
    for (const Version version : {Version::tls1_2, Version::tls1_3}) {
      BOOST_TEST_CONTEXT(describe(engines) << " " << name(version)) {
        Sides sides = sides_of(engines, version);
        sides.client.verify_identity = true;
        const Contexts contexts(sides);
        BOOST_TEST(!resumed(contexts.connect({{}, "gw.example.com"})));
        BOOST_TEST(resumed(contexts.connect({{}, "gw.example.com"})));
        const Pair other = contexts.connect({{}, "other.example.com"});
        BOOST_TEST(!other.established());
        BOOST_REQUIRE(other.client.first<Failed>().has_value());
        BOOST_TEST(other.client.first<Failed>()->rejection.has_value());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(sessions_are_limited_in_number_and_age) {
  WireSessions sessions;
  WireSession session;
  for (std::size_t i = 0; i <= max_sessions; ++i) {
    session.made = lab_time + std::chrono::seconds(i);
    sessions.keep_for("name " + std::to_string(i), session);
    sessions.keep(Bytes{static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}, session);
  }
  BOOST_TEST(!sessions.find_for("name 0").has_value());
  BOOST_TEST(sessions.find_for("name 1").has_value());
  BOOST_TEST(!sessions.find({0, 0}).has_value());
  BOOST_TEST(sessions.find({0, 1}).has_value());
  // RFC 8446 §4.6.1: seven days, whatever the ticket says.
  session.lifetime_s = 0xffffffff;
  BOOST_TEST(is_fresh(session, session.made + std::chrono::hours(24 * 7) - std::chrono::seconds(1)));
  BOOST_TEST(!is_fresh(session, session.made + std::chrono::hours(24 * 7)));
}

BOOST_AUTO_TEST_CASE(a_fatal_alert_ends_the_session) {
  for (const Version version : {Version::tls1_2, Version::tls1_3}) {
    for (const bool forgets : {true, false}) {
      Sides sides = sides_of(wire_only, version);
      sides.client.deviations.alert_after_handshake = "internal_error";
      sides.client.deviations.resume_after_fatal_alert = true; // the client offers it all the same
      sides.server.deviations.resume_after_fatal_alert = !forgets;
      sides.client.allow_resumption = sides.server.allow_resumption = true;
      const auto client = make_context(sides.client).value();
      const auto server = make_context(sides.server).value();
      Pair first(client, server);
      first.start();
      first.client.engine->send(as_bytes("x"));
      first.run();
      BOOST_TEST(first.server.first<Failed>().has_value());
      Pair second(client, server);
      second.start();
      BOOST_TEST(resumed(second) == !forgets);
    }
  }
}

BOOST_AUTO_TEST_CASE(extended_master_secret_must_match_on_resumption) {
  Sides sides = sides_of(wire_only, Version::tls1_2);
  sides.client.deviations.resume_without_extended_master_secret = true;
  const Contexts contexts(sides);
  (void)contexts.connect();
  const Pair refused = contexts.connect();
  BOOST_TEST(!refused.established());
  BOOST_TEST(int{refused.server.first<Failed>()->alert->description} == 40);

  Sides server_leaves_out = sides_of(wire_only, Version::tls1_2);
  server_leaves_out.server.deviations.resume_without_extended_master_secret = true;
  const Contexts others(server_leaves_out);
  (void)others.connect();
  const Pair noticed = others.connect();
  BOOST_TEST(!noticed.established());
  BOOST_TEST(int{noticed.client.first<Failed>()->alert->description} == 40);
}

BOOST_AUTO_TEST_CASE(who_does_not_compare_the_extended_master_secret_resumes) {
  Sides sides = sides_of(wire_only, Version::tls1_2);
  sides.client.deviations.resume_without_extended_master_secret = true;
  sides.server.deviations.ignore_resumed_extended_master_secret = true;
  const Contexts contexts(sides);
  (void)contexts.connect();
  const Pair again = contexts.connect();
  BOOST_TEST(again.established(), again.client.cause() << " / " << again.server.cause());
  if (again.established()) BOOST_TEST(resumed(again));
}

BOOST_AUTO_TEST_CASE(a_wrong_binder_and_an_index_never_offered) {
  Sides sides = sides_of(wire_only, Version::tls1_3);
  sides.client.deviations.bad_psk_binder = true;
  const Contexts binder(sides);
  (void)binder.connect();
  BOOST_TEST(int{binder.connect().server.first<Failed>()->alert->description} == 51);

  Sides index = sides_of(wire_only, Version::tls1_3);
  index.server.deviations.wrong_psk_index = true;
  const Contexts contexts(index);
  (void)contexts.connect();
  BOOST_TEST(int{contexts.connect().client.first<Failed>()->alert->description} == 47);
}

bool was_refused(const Side& side) {
  for (const auto& each : side.all<AlertReceived>()) {
    if (each.alert.description == 100) return true; // warning no_renegotiation
  }
  return false;
}

BOOST_AUTO_TEST_CASE(renegotiation_is_done_or_refused_as_configured) {
  for (const Engines& engines : all_pairs) {
    for (const bool from_client : {true, false}) {
      Sides sides = sides_of(engines, Version::tls1_2);
      Config& asking = from_client ? sides.client : sides.server;
      if (asking.engine != EngineKind::wire) continue; // OpenSSL's is never told to start one
      asking.deviations.renegotiate = true;
      sides.client.renegotiation = sides.server.renegotiation = Renegotiation::secure;
      BOOST_TEST_CONTEXT(describe(engines) << (from_client ? " from the client" : " from the server")) {
        Pair done(sides.client, sides.server);
        done.start();
        check_talk(done);
        BOOST_TEST(!was_refused(from_client ? done.client : done.server));
        Config& asked = from_client ? sides.server : sides.client;
        asked.renegotiation = Renegotiation::refuse;
        Pair refused(sides.client, sides.server);
        refused.start();
        BOOST_TEST(was_refused(from_client ? refused.client : refused.server));
      }
    }
  }
}

// RFC 5246 §7.2.2: who is refused a new handshake may go on with the one there was.
BOOST_AUTO_TEST_CASE(a_refused_renegotiation_leaves_the_connection_as_it_was) {
  for (const EngineKind server : {EngineKind::wire, EngineKind::openssl}) {
    Sides sides = sides_of({EngineKind::wire, server}, Version::tls1_2);
    sides.client.deviations.renegotiate = true;
    Pair pair(sides.client, sides.server);
    pair.client.engine->send(as_bytes("early "));
    pair.start();
    BOOST_TEST(as_text(pair.server.received) == "early ");
    pair.client.engine->send(as_bytes("late"));
    pair.server.engine->send(as_bytes("answer"));
    pair.run();
    BOOST_TEST(as_text(pair.server.received) == "early late");
    BOOST_TEST(as_text(pair.client.received) == "answer");
  }
}

BOOST_AUTO_TEST_CASE(wrong_renegotiation_info_ends_the_handshake) {
  for (const bool from_client : {true, false}) {
    Sides sides = sides_of(wire_only, Version::tls1_2);
    (from_client ? sides.client : sides.server).deviations.renegotiation_info = "wrong";
    Pair pair(sides.client, sides.server);
    pair.start();
    BOOST_TEST(!pair.established());
    const Side& noticing = from_client ? pair.server : pair.client;
    BOOST_TEST(int{noticing.first<Failed>()->alert->description} == 40);
  }
}

BOOST_AUTO_TEST_CASE(a_hello_in_sslv2_format_is_understood_by_every_server) {
  for (const EngineKind server : {EngineKind::wire, EngineKind::openssl}) {
    for (const Version version : {Version::tls1_0, Version::tls1_1, Version::tls1_2}) {
      for (const int challenge : {0, 16, 24}) {
        Sides sides = sides_of({EngineKind::wire, server}, version);
        sides.client.ciphers = sides.server.ciphers = {"TLS_RSA_WITH_AES_128_CBC_SHA"};
        sides.client.send_sslv2_hello = true;
        sides.client.deviations.sslv2_challenge_octets = challenge;
        sides.server.accept_sslv2_hello = true;
        BOOST_TEST_CONTEXT(name(server) << " " << name(version) << " " << challenge) {
          Pair pair(sides.client, sides.server);
          pair.start();
          check_talk(pair);
          BOOST_TEST(pair.client.sent_octets[0] == 0x80);
          if (server == EngineKind::wire) BOOST_TEST(pair.server.first<HandshakeDone>()->session.sslv2_hello);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(sslv2_hellos_that_break_their_rules) {
  for (const int challenge : {15, 33}) {
    Sides sides = sides_of(wire_only, Version::tls1_0);
    sides.client.send_sslv2_hello = true;
    sides.client.deviations.sslv2_challenge_octets = challenge;
    sides.server.accept_sslv2_hello = true;
    Pair pair(sides.client, sides.server);
    pair.start();
    BOOST_TEST(!pair.established());
    BOOST_TEST(pair.server.cause().find("16 to 32") != std::string::npos);
  }
  Sides odd = sides_of(wire_only, Version::tls1_0);
  odd.client.send_sslv2_hello = true;
  odd.client.deviations.sslv2_odd_cipher_specs = true;
  odd.server.accept_sslv2_hello = true;
  Pair pair(odd.client, odd.server);
  pair.start();
  BOOST_TEST(!pair.established());
  BOOST_TEST(pair.server.cause().find("multiple of 3") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_sslv2_format_hello_is_refused_by_default) {
  for (const EngineKind server : {EngineKind::wire, EngineKind::openssl}) {
    Sides sides = sides_of({EngineKind::wire, server}, Version::tls1_0);
    sides.client.send_sslv2_hello = true;
    Pair pair(sides.client, sides.server);
    pair.start();
    BOOST_TEST(!pair.established());
    BOOST_TEST(int{pair.client.first<Failed>()->alert->description} == 70);
    BOOST_TEST(pair.server.cause().starts_with("the peer sent a ClientHello in SSLv2 format"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
