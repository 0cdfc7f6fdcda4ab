// What a peer expects of its connections, and the steps that work on one: `expect: {tls: …}`, connect,
// disconnect, send in pieces, octets, pings.
#include "base/hex.hpp"
#include "peers/expectation.hpp"
#include "peers/test_pair.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::peers;
using namespace sipvet::peers::test;

namespace {

constexpr std::string_view aes = "TLS_RSA_WITH_AES_128_CBC_SHA";

std::string expect(const std::string& tls) { return "{expect: {tls: {" + tls + "}}}"; }

void only(TlsSettings& settings, tls::Version version) { settings.versions = {version}; }

std::string options_text(const std::string& branch, std::size_t padding = 0) {
  return "OPTIONS sip:b@10.0.0.2 SIP/2.0\\nVia: SIP/2.0/TLS 10.0.0.1:5060;branch=z9hG4bK" + branch +
         "\\nMax-Forwards: 70\\nFrom: <sip:a@10.0.0.1>;tag=1\\nTo: <sip:b@10.0.0.2>\\nCall-ID: " + branch +
         "\\nCSeq: 1 OPTIONS\\nX-Padding: " + std::string(padding, 'x') + "\\nContent-Length: 0\\n\\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(peer_connection)

BOOST_AUTO_TEST_CASE(a_connection_is_judged_from_both_sides) {
  for (const tls::Version version : {tls::Version::tls1_2, tls::Version::tls1_3}) {
    Pair pair(ua::Transport::tls);
    only(pair.a_settings.tls, version);
    pair.a_settings.tls.server_name = "gateway.example";
    if (version == tls::Version::tls1_2) pair.a_settings.tls.ciphers = {std::string(aes)};
    pair.start();
    pair.good(*pair.a, "{connect: gateway}");
    const std::string name(tls::name(version));
    const std::string facts =
        "established: true, version: " + name +
        ", resumed: false, alert: none, sent_alert: none, server_name: gateway.example, "
        "certificate: true, closed: false, close_notify: false";
    for (Peer* side : {pair.a.get(), pair.b.get()}) {
      pair.good(*side, expect(facts));
      if (version == tls::Version::tls1_2) pair.good(*side, expect("cipher: " + std::string(aes)));
    }
    // Each fact can be told to be another. Who had the last word in the handshake waits for a refusal of it.
    Peer& first = version == tls::Version::tls1_2 ? *pair.a : *pair.b;
    Peer& last = version == tls::Version::tls1_2 ? *pair.b : *pair.a;
    BOOST_TEST(
        pair.run(last, expect("established: false"), 50ms).starts_with("waiting for the handshake to fail"));
    for (const auto& [wrong, id] : {std::pair{"established: false", "tls-established"},
                                    {"version: TLSv1.1", "tls-version"},
                                    {"cipher: TLS_RSA_WITH_AES_256_CBC_SHA", "tls-cipher"},
                                    {"resumed: true", "tls-resumed"},
                                    {"server_name: none", "tls-server-name"},
                                    {"certificate: false", "tls-certificate"}})
      BOOST_TEST(pair.run(first, expect(wrong)) == id);
    pair.good(*pair.a, "{options: gateway}"); // after which both know
    pair.good(*pair.a, "{expect: 200}");
    BOOST_TEST(pair.run(last, expect("established: false")) == "tls-established");
  }
}

// The last Finished of a full handshake before TLS 1.3 is the server's.
BOOST_AUTO_TEST_CASE(a_server_whose_finished_is_refused_was_not_established) {
  Pair pair(ua::Transport::tls);
  only(pair.b_settings.tls, tls::Version::tls1_2);
  pair.b_settings.tls.deviations.bad_finished = true;
  pair.start();
  pair.good(*pair.a, "{connect: gateway}");
  pair.good(*pair.b, expect("established: false, alert: decrypt_error"));
  pair.good(*pair.a, expect("established: false, sent_alert: decrypt_error"));
}

BOOST_AUTO_TEST_CASE(a_server_waits_for_a_connection_and_for_each_one_after_it) {
  Pair pair(ua::Transport::tls);
  pair.start();
  BOOST_TEST(pair.run(*pair.b, expect("established: true"), 100ms) == "waiting for a connection of other");
  pair.good(*pair.a, "{connect: gateway}");
  pair.good(*pair.b, expect("established: true"));
  pair.good(*pair.b, expect("established: true")); // it is still the last one
  pair.good(*pair.a, "{disconnect: gateway}");
  pair.good(*pair.b, expect("closed: true, close_notify: true"));
  BOOST_TEST(pair.run(*pair.b, expect("closed: true"), 100ms) ==
             "waiting for a connection of other after the last, which was judged before");
  pair.good(*pair.a, "{connect: gateway}");
  pair.good(*pair.b, expect("closed: false"));
  BOOST_TEST(pair.b->connections().size() == 2u);
  BOOST_TEST(pair.a->connections().size() == 2u);
}

BOOST_AUTO_TEST_CASE(who_closed_it_counts) {
  Pair pair(ua::Transport::tls);
  pair.start();
  pair.good(*pair.a, "{connect: gateway}");
  BOOST_TEST(pair.run(*pair.a, expect("closed: true"), 100ms)
                 .starts_with("waiting for the gateway to end the connection (TLSv1.3 "));
  pair.good(*pair.b, expect("closed: false"));
  pair.good(*pair.b, "{disconnect: gateway}");
  pair.good(*pair.a, expect("established: true, closed: true, close_notify: true"));
  pair.good(*pair.a, "{connect: gateway}");
  pair.good(*pair.a, "{disconnect: gateway}");
  BOOST_TEST(pair.run(*pair.a, expect("closed: true")) == "tls-closed"); // it closed it itself
}

// RFC 8446 §4.4.2.4: a client is done before the server has seen its certificate.
BOOST_AUTO_TEST_CASE(a_client_of_tls_1_3_that_is_refused_late_was_not_established) {
  for (const tls::Version version : {tls::Version::tls1_2, tls::Version::tls1_3}) {
    Pair pair(ua::Transport::tls);
    only(pair.a_settings.tls, version);
    pair.a_settings.tls.present_certificate = false;
    pair.start();
    pair.good(*pair.a, "{connect: gateway}");
    const std::string alert = version == tls::Version::tls1_3 ? "certificate_required" : "handshake_failure";
    pair.good(*pair.a, expect("established: false, alert: " + alert + ", closed: true"));
    pair.good(*pair.b, expect("established: false, sent_alert: " + alert + ", certificate: false"));
    BOOST_TEST(pair.a->connections().back().failure_expected);
  }
}

BOOST_AUTO_TEST_CASE(deviations_of_a_peer_fail_the_handshake_as_they_should) {
  Pair pair(ua::Transport::tls);
  only(pair.a_settings.tls, tls::Version::tls1_2);
  pair.a_settings.tls.deviations.bad_finished = true;
  pair.start();
  pair.good(*pair.a, "{connect: gateway}");
  pair.good(*pair.a, expect("established: false, alert: decrypt_error"));
  BOOST_TEST(pair.run(*pair.b, expect("established: true")) == "tls-established");
  BOOST_TEST(!pair.b->connections().back().failure_expected);
  BOOST_TEST(pair.run(*pair.b, expect("alert: none"), 50ms).starts_with("waiting for"));
}

BOOST_AUTO_TEST_CASE(sessions_are_resumed_where_both_want_it) {
  for (const bool both : {true, false}) {
    Pair pair(ua::Transport::tls);
    only(pair.a_settings.tls, tls::Version::tls1_2);
    pair.a_settings.tls.resumption = true;
    pair.b_settings.tls.resumption = both;
    pair.start();
    pair.good(*pair.a, "{connect: gateway}");
    pair.good(*pair.a, expect("resumed: false"));
    pair.good(*pair.a, "{disconnect: gateway}");
    pair.good(*pair.a, "{connect: gateway}");
    pair.good(*pair.a, expect(both ? "resumed: true" : "resumed: false"));
  }
}

BOOST_AUTO_TEST_CASE(an_outcome_may_be_one_of_request_and_connection) {
  Pair pair(ua::Transport::tls);
  pair.start();
  pair.good(*pair.a, "{options: gateway}");
  pair.good(*pair.a, "{expect: {status: 200, tls: {established: true}}}");
  BOOST_TEST(pair.run(*pair.a, "{expect: {status: 486, tls: {established: true}}}") == "response-status");
  BOOST_TEST(pair.run(*pair.a, "{expect: {status: 200, tls: {version: TLSv1.0}}}") == "tls-version");
}

BOOST_AUTO_TEST_CASE(words_that_are_none_are_told_before_anything_runs) {
  const auto problem = [](const std::string& yaml) {
    const auto errors = check_step(step(yaml));
    return errors.size() == 1 ? errors[0].message : std::to_string(errors.size()) + " errors";
  };
  BOOST_TEST(
      problem(expect("alert: bad_handshake")).starts_with("'expect': 'alert' needs the name of an alert"));
  BOOST_TEST(problem(expect("sent_alert: x")).starts_with("'expect': 'sent_alert' needs"));
  BOOST_TEST(problem(expect("cipher: AES128-SHA")).starts_with("'expect': 'cipher' needs an IANA"));
  BOOST_TEST(problem("{expect: {status: 200, reason: '('}}") == "'expect': '(' is no regular expression");
  BOOST_TEST(problem("{receive: INVITE, header: {X: '['}}") == "'receive': '[' is no regular expression");
  BOOST_TEST(problem(expect("alert: none, sent_alert: unknown_ca, cipher: " + std::string(aes))) ==
             "0 errors");
  BOOST_TEST(problem("{call: gateway}") == "0 errors");
}

BOOST_AUTO_TEST_CASE(messages_in_pieces_and_several_at_once_are_all_answered) {
  for (const ua::Transport transport : {ua::Transport::tls, ua::Transport::tcp}) {
    Pair pair(transport);
    pair.start();
    pair.good(*pair.a, "{send: \"" + options_text("one") + "\", pieces: 7}");
    pair.good(*pair.a, "{expect: 200}");
    pair.good(*pair.a, "{send: [\"" + options_text("two") + "\", \"" + options_text("three") + "\"]}");
    pair.good(*pair.a, "{expect: 200}");
    pair.good(*pair.a, "{send: [\"" + options_text("four", 20000) + "\", \"" + options_text("five") +
                           "\"], pieces: 300}");
    pair.good(*pair.a, "{expect: 200}");
    for (int i = 0; i < 5; ++i) pair.good(*pair.b, "{receive: OPTIONS}");
    BOOST_TEST(pair.a->connections().size() == 1u);
    BOOST_TEST(pair.run(*pair.b, "{receive: OPTIONS}", 10ms) == "waiting for a OPTIONS to other");
  }
}

// Both are waited for, and either may be wrong.
BOOST_AUTO_TEST_CASE(every_response_to_messages_sent_together_counts) {
  Pair pair(ua::Transport::tls);
  pair.start();
  const std::string bye = "BYE sip:b@10.0.0.2 SIP/2.0\\nVia: SIP/2.0/TLS 10.0.0.1;branch=z9hG4bKb\\nFrom: "
                          "<sip:a@10.0.0.1>;tag=1\\nTo: <sip:b@10.0.0.2>;tag=2\\nCall-ID: b\\nCSeq: 1 "
                          "BYE\\nContent-Length: 0\\n\\n";
  pair.good(*pair.a, "{send: [\"" + options_text("one") + "\", \"" + bye + "\"]}");
  BOOST_TEST(pair.run(*pair.a, "{expect: 200}") == "response-status"); // 481
  pair.good(*pair.a, "{send: \"" + options_text("two") + "\", pieces: 2}");
  pair.good(*pair.a, "{expect: 200}");
}

BOOST_AUTO_TEST_CASE(pieces_need_a_connection_and_octets_to_cut) {
  Pair pair(ua::Transport::tls);
  pair.start();
  pair.impossible(*pair.a, "{send octets: '0d0a', pieces: 3}", "2 octets cannot be cut into 3 pieces");
  pair.impossible(*pair.a, "{send octets: '0d0'}", from_hex("0d0").error().what);
  Pair udp;
  udp.start();
  udp.impossible(*udp.a, "{send: x, pieces: 2}", "UDP has no connections");
  udp.impossible(*udp.a, "{ping: gateway}", "UDP has no connections");
  Pair apart(ua::Transport::tls);
  only(apart.a_settings.tls, tls::Version::tls1_2);
  only(apart.b_settings.tls, tls::Version::tls1_3);
  apart.start();
  BOOST_TEST(apart.run(*apart.a, "{send octets: '0d0a'}") == "connection-lost");
  BOOST_TEST(apart.last[0].actual.starts_with("failed: "), apart.last[0].actual);
}

BOOST_AUTO_TEST_CASE(octets_that_are_no_sip_end_the_connection) {
  Pair pair(ua::Transport::tls);
  pair.start();
  pair.good(*pair.a, "{send octets: '68 65 6c 6c 6f 0d 0a 0d 0a'}");
  pair.good(*pair.a, expect("established: true, closed: true"));
  BOOST_TEST(pair.run(*pair.b, expect("closed: true")) == "tls-closed"); // it ended it itself
}

// RFC 5626 §4.4.1.
BOOST_AUTO_TEST_CASE(a_ping_waits_for_its_pong) {
  for (const ua::Transport transport : {ua::Transport::tls, ua::Transport::tcp}) {
    Pair pair(transport);
    pair.start();
    pair.good(*pair.a, "{ping: gateway}");
    pair.good(*pair.a, "{ping: gateway}");
    BOOST_TEST(pair.a->connections().size() == 1u);
    BOOST_TEST(pair.a->connections()[0].pongs == 2u);
    pair.good(*pair.a, "{options: gateway}"); // over the same
    pair.good(*pair.a, "{expect: 200}");
    BOOST_TEST(pair.a->connections().size() == 1u);
  }
  // Nobody who would answer.
  struct Deaf final : net::Node {
  } deaf;
  Pair pair(ua::Transport::tcp);
  pair.start();
  pair.b.reset();
  BOOST_TEST_REQUIRE(pair.network.listen(deaf, pair.b_at).has_value());
  BOOST_TEST(pair.run(*pair.a, "{ping: gateway}", 200ms) ==
             "waiting for the pong to the ping of server (open)");
}

BOOST_AUTO_TEST_CASE(a_handshake_under_way_keeps_a_peer_from_being_idle) {
  Pair pair(ua::Transport::tls);
  pair.start();
  pair.network.set_conditions({.latency = 50ms});
  BOOST_TEST(pair.run(*pair.a, "{connect: gateway}", 10ms) == "waiting for the connection of server");
  BOOST_TEST(!pair.a->idle());
  pair.wait(1s);
  BOOST_TEST(pair.a->idle());
}

BOOST_AUTO_TEST_SUITE_END()
