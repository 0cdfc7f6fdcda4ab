// What peers do within calls and outside of them: hanging up, re-INVITE, late offers, exact messages,
// connections, digits.
#include "peers/peer_state.hpp"
#include "peers/test_pair.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::peers;
using namespace sipvet::peers::test;

namespace {

// A UDP endpoint that answers nothing but what it is told.
struct Silent final : net::Node {
  std::vector<std::string> got;
  Endpoint from;
  net::SocketId socket = net::SocketId::none;
  void on_datagram(net::SocketId, const Endpoint& sender, ByteView octets) override {
    got.emplace_back(octets.begin(), octets.end());
    from = sender;
  }
};

// A user agent that answers calls and re-INVITEs at once.
struct Answerer final : ua::UserAgentHandler {
  Pair& pair;
  Settings settings;
  ua::UserAgent agent;
  LegMedia media;
  std::vector<std::string> offers;
  int status = 200;

  explicit Answerer(Pair& with)
      : pair(with), agent(with.network, {}, *this), media(with.network, IpAddress::v4(10, 0, 0, 2), settings,
                                                          {.pace = 1ms, .cname = {}}, rtp::Voiceprint(4)) {
    pair.b.reset();
    agent.listen(ua::Transport::udp, pair.b_at).value();
  }
  void respond(ua::CallId call, const sip::Message& invite) {
    if (status >= 300) return agent.reject(call, status).value();
    const auto body = ua::sdp_of(invite.header("Content-Type").value_or(""), invite.body());
    offers.push_back(body.session ? std::string(name(keying::classify(*body.session)->shape)) : "none");
    const auto made = body.session
                          ? media.answer(*body.session, MediaWish::best, settings.suites)
                          : media.offer(keying::OfferShape::rtp_only, settings.form, settings.suites);
    agent.answer(call, status, sdp_body(*made)).value();
  }
  void on_incoming_call(ua::CallId call, const ua::Hop&, const sip::Message& invite) override {
    respond(call, invite);
  }
  void on_reinvited(ua::CallId call, const sip::Message& invite) override { respond(call, invite); }
  void on_confirmed(ua::CallId, const sip::Message& ack) override {
    const auto body = ua::sdp_of(ack.header("Content-Type").value_or(""), ack.body());
    if (body.session) media.take_answer(*body.session).value();
  }
  bool both_hear(std::uint64_t ms = 100) {
    const rtp::Voiceprint own(4), other(3);
    const std::uint64_t here = media.heard_ms(other) + ms, there = pair.a->heard_ms(own) + ms;
    return pair.network.run_until(
        [&] { return media.heard_ms(other) >= here && pair.a->heard_ms(own) >= there; },
        pair.network.now() + 2s);
  }
};

std::string options_text(const std::string& extra = {}) {
  return "OPTIONS sip:other@10.0.0.2 SIP/2.0\\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKx1\\n"
         "Max-Forwards: 70\\nFrom: <sip:a@10.0.0.1>;tag=1\\nTo: <sip:b@10.0.0.2>\\nCall-ID: exact\\n"
         "CSeq: 1 OPTIONS\\n" +
         extra + "Content-Length: auto\\n\\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(peer_dialog)

BOOST_AUTO_TEST_CASE(hang_up_from_either_side) {
  Pair pair;
  pair.start();
  pair.impossible(*pair.a, "{hang up: gateway}", "it has no call to hang up");
  pair.connect();
  pair.good(*pair.b, "{hang up: gateway}");
  pair.good(*pair.a, "{receive: BYE}");
  pair.impossible(*pair.a, "{hang up: gateway}", "it has no call to hang up");
  pair.impossible(*pair.b, "{hang up: gateway}", "it has no call to hang up");
  const std::size_t sent = pair.rtp.by_payload_type[0];
  pair.wait(100ms);
  BOOST_TEST(pair.rtp.by_payload_type[0] == sent); // media stopped on both sides
}

// RFC 3261 §15.1.2: a BYE is answered with 200; neither silence (timer F) nor 481 ends the call well.
BOOST_AUTO_TEST_CASE(hang_up_wants_its_200) {
  Pair pair;
  pair.start();
  pair.connect();
  pair.b.reset();
  BOOST_TEST(pair.run(*pair.a, "{hang up: gateway}", 10s) == "waiting for the response to the BYE of server");
  BOOST_TEST_REQUIRE(pair.run(*pair.a, "{hang up: gateway}") == "step-impossible"); // under way
  Pair gone;
  gone.start();
  gone.connect();
  gone.b.reset();
  BOOST_TEST_REQUIRE(gone.run(*gone.a, "{hang up: gateway}", 40s) == "bye-response");
  BOOST_TEST(gone.last[0].expected == "200");
  BOOST_TEST(gone.last[0].actual == "no response");

  Pair forgot;
  forgot.start();
  forgot.connect();
  forgot.b = forgot.make(false); // the same address, and no memory of the call
  BOOST_TEST_REQUIRE(bool(forgot.b->listen()));
  BOOST_TEST_REQUIRE(forgot.run(*forgot.a, "{hang up: gateway}") == "bye-response");
  BOOST_TEST(forgot.last[0].actual.starts_with("481 "), forgot.last[0].actual);
}

BOOST_AUTO_TEST_CASE(reinvite_changes_keys_and_media) {
  Pair pair;
  pair.start();
  pair.impossible(*pair.a, "{re-invite: gateway}", "it has no call to change");
  Answerer other(pair);
  pair.good(*pair.a, "{call: gateway}");
  pair.good(*pair.a, "{expect: rtp}");
  BOOST_TEST(other.both_hear());
  pair.good(*pair.a, "{re-invite: gateway, offer: srtp-only, suites: [AES_CM_128_HMAC_SHA1_80]}");
  pair.good(*pair.a, "{expect: srtp}");
  BOOST_TEST(other.both_hear());
  pair.good(*pair.a, "{re-invite: gateway, offer: srtp-and-rtp, form: avp-with-crypto}");
  pair.good(*pair.a, "{expect: srtp}");
  BOOST_TEST(other.both_hear());
  BOOST_TEST((other.offers == std::vector<std::string>{"rtp-only", "srtp-only", "srtp-and-rtp"}));
  BOOST_TEST_REQUIRE(pair.a->agreed_calls().size() == 3u);
  BOOST_TEST(pair.a->agreed_calls()[1].media == "srtp");
  BOOST_TEST(pair.a->agreed_calls()[1].call_id == pair.a->agreed_calls()[0].call_id);
  pair.good(*pair.a, "{hang up: gateway}");
}

// RFC 3261 §14.1: a re-INVITE that is refused leaves the call as it was.
BOOST_AUTO_TEST_CASE(a_refused_reinvite_leaves_the_call) {
  Pair pair;
  pair.start();
  Answerer other(pair);
  pair.good(*pair.a, "{call: gateway, offer: srtp-only}");
  pair.good(*pair.a, "{expect: srtp}");
  other.status = 488;
  pair.good(*pair.a, "{re-invite: gateway, offer: rtp-only}");
  pair.good(*pair.a, "{expect: 488}");
  BOOST_TEST(pair.a->answered());
  BOOST_TEST(!pair.a->rejected());
  BOOST_TEST(other.both_hear());
  pair.good(*pair.a, "{hang up: gateway}");
}

// RFC 3264 §5, RFC 3261 §13.2.1: an INVITE without an offer is answered with one, and the ACK has the answer.
BOOST_AUTO_TEST_CASE(late_offers) {
  Pair pair;
  pair.start();
  pair.connect("none");
  BOOST_TEST(pair.message("> INVITE")->body() == "");
  BOOST_TEST(pair.message("> ACK")->body() != "");
  BOOST_TEST(pair.a->agreed_calls().at(0).media == "rtp");
  BOOST_TEST(pair.b->agreed_calls().at(0).media == "rtp");
  BOOST_TEST(pair.hear_each_other());
}

BOOST_AUTO_TEST_CASE(late_offers_within_a_call) {
  Pair pair;
  pair.start();
  Answerer other(pair);
  pair.good(*pair.a, "{call: gateway, offer: srtp-only}");
  pair.good(*pair.a, "{expect: srtp}");
  pair.good(*pair.a, "{re-invite: gateway, offer: none}");
  pair.good(*pair.a, "{expect: rtp}");
  BOOST_TEST(other.both_hear());
  pair.good(*pair.a, "{re-invite: gateway, offer: srtp-only}");
  pair.good(*pair.a, "{expect: srtp}");
  BOOST_TEST(other.both_hear());
  BOOST_TEST((other.offers == std::vector<std::string>{"srtp-only", "none", "srtp-only"}));
}

BOOST_AUTO_TEST_CASE(options_are_answered) {
  Pair pair;
  pair.start();
  pair.good(*pair.a, "{options: gateway, headers: {Accept-Language: en}}");
  pair.good(*pair.b, "{receive: OPTIONS, header: {Accept-Language: en}}");
  pair.good(*pair.a, "{expect: 200}");
  pair.reachable = false;
  pair.impossible(*pair.a, "{options: gateway}", "the gateway does not listen there");
}

BOOST_AUTO_TEST_CASE(connect_and_disconnect) {
  for (const ua::Transport transport : {ua::Transport::tcp, ua::Transport::tls}) {
    Pair pair(transport);
    pair.start();
    BOOST_TEST(pair.run(*pair.a, "{disconnect: gateway}") == "step-impossible");
    pair.good(*pair.a, "{connect: gateway}");
    BOOST_TEST(pair.seen.empty()); // no message
    pair.good(*pair.a, "{options: gateway}");
    pair.good(*pair.a, "{expect: 200}");
    pair.good(*pair.a, "{disconnect: gateway}");
    pair.impossible(*pair.a, "{disconnect: gateway}", "it has no connection that is open");
  }
}

BOOST_AUTO_TEST_CASE(disconnect_closes_the_connection_of_a_call) {
  Pair pair(ua::Transport::tls);
  pair.start();
  pair.good(*pair.a, "{call: gateway}");
  pair.good(*pair.b, "{receive: INVITE}");
  pair.good(*pair.a, "{disconnect: gateway}");
  pair.wait(50ms);
  BOOST_TEST(pair.rtp.endings > 0u);
  BOOST_TEST(pair.run(*pair.a, "{expect: answered}", 40s) == "no-response");

  Pair udp;
  udp.start();
  udp.connect();
  udp.impossible(*udp.a, "{disconnect: gateway}", "it has no connection that is open");
}

BOOST_AUTO_TEST_CASE(connections_that_do_not_come_about) {
  Pair closed(ua::Transport::tcp);
  closed.start();
  closed.b.reset();
  closed.good(*closed.a, "{connect: gateway}");
  BOOST_TEST(closed.run(*closed.a, "{expect: {tls: {established: true}}}") == "tls-established");
  BOOST_TEST(closed.last[0].text == "The connection of server is not what the scenario expects: failed: the "
                                    "connection was refused.");
  BOOST_TEST(closed.last[0].expected == "established: true");
  BOOST_TEST(closed.last[0].actual == "established: false");

  Pair untrusted(ua::Transport::tls);
  untrusted.roots_of_a = certificates().stranger.root_pem();
  untrusted.start();
  untrusted.good(*untrusted.a, "{connect: gateway}");
  untrusted.good(*untrusted.a, "{expect: {tls: {established: false, sent_alert: unknown_ca, alert: none}}}");
  untrusted.good(*untrusted.b, "{expect: {tls: {established: false, alert: unknown_ca, closed: true}}}");

  Pair udp;
  udp.start();
  udp.impossible(*udp.a, "{connect: gateway}", "expected tcp or tls: UDP has no connections");
}

BOOST_AUTO_TEST_CASE(tls_settings_decide_the_handshake) {
  Pair apart(ua::Transport::tls);
  apart.a_settings.tls.versions = {tls::Version::tls1_2};
  apart.b_settings.tls.versions = {tls::Version::tls1_3};
  apart.start();
  apart.good(*apart.a, "{connect: gateway}");
  apart.good(*apart.a, "{expect: {tls: {established: false, alert: protocol_version}}}");

  Pair anonymous(ua::Transport::tls); // the other side wants a certificate
  anonymous.a_settings.tls.present_certificate = false;
  anonymous.a_settings.tls.versions = {tls::Version::tls1_2};
  anonymous.start();
  anonymous.good(*anonymous.a, "{connect: gateway}");
  anonymous.good(*anonymous.a, "{expect: {tls: {established: false}}}");

  Pair lenient(ua::Transport::tls);
  lenient.a_settings.tls.present_certificate = false;
  lenient.b_settings.tls.verify = tls::Verify::chain_if_given;
  lenient.start();
  lenient.good(*lenient.a, "{connect: gateway}");
  lenient.good(*lenient.a, "{expect: {tls: {established: true, certificate: true}}}");
  lenient.good(*lenient.b, "{expect: {tls: {established: true, certificate: false}}}");
}

BOOST_AUTO_TEST_CASE(exact_messages_are_sent_as_they_are) {
  Pair pair;
  pair.start();
  pair.good(*pair.a, "{send: \"" + options_text("X-Odd:  two  blanks\\n") + "\"}");
  pair.good(*pair.b, "{receive: OPTIONS, header: {X-Odd: 'two  blanks'}}");
  pair.good(*pair.a, "{expect: 200}");
  pair.reachable = false;
  pair.impossible(*pair.a, "{send: x}", "the gateway does not listen there");
}

BOOST_AUTO_TEST_CASE(exact_messages_get_crlf_and_the_length_of_their_body) {
  Pair pair;
  pair.start();
  Silent sink;
  pair.b.reset();
  BOOST_TEST_REQUIRE(bool(pair.network.open_datagram(sink, {IpAddress::v4(10, 0, 0, 2), 5060})));
  pair.good(*pair.a, "{send: \"MESSAGE sip:b SIP/2.0\\r\\nContent-Length: auto\\nX: Content-Length: "
                     "auto\\n\\na\\r\\nbc\\n\"}");
  pair.wait(50ms);
  BOOST_TEST_REQUIRE(sink.got.size() == 1u);
  BOOST_TEST(sink.got[0] ==
             "MESSAGE sip:b SIP/2.0\r\nContent-Length: 7\r\nX: Content-Length: auto\r\n\r\na\r\nbc\r\n");
  BOOST_TEST(pair.run(*pair.a, "{expect: 200}", 100ms) ==
             "waiting for a final response to the MESSAGE of server");
  pair.network.forget(sink);
}

BOOST_AUTO_TEST_CASE(exact_messages_use_the_connection_that_was_opened) {
  Pair pair(ua::Transport::tcp);
  pair.start();
  pair.good(*pair.a, "{connect: gateway}");
  pair.good(*pair.a, "{send: \"" + options_text() + "\"}");
  pair.good(*pair.a, "{expect: 200}");
  // Octets that are no SIP: the other side closes (RFC 3261 §18.3 leaves it no way to find the next message).
  pair.good(*pair.a, "{send: \"HELLO\\n\\n\\n\"}");
}

BOOST_AUTO_TEST_CASE(digits_are_sent_as_events) {
  Pair pair;
  pair.start();
  pair.impossible(*pair.a, "{dtmf: '12'}", "it has no call");
  pair.connect("rtp-only");
  BOOST_TEST(pair.rtp.by_payload_type[101] == 0u);
  pair.good(*pair.a, "{dtmf: '1#'}");
  pair.wait(1s);
  BOOST_TEST(pair.rtp.by_payload_type[101] > 2 * 3u); // three ends for each (RFC 4733 §2.5.1.4)
  BOOST_TEST(pair.run(*pair.a, "{dtmf: '1x'}") == "step-impossible");
}

BOOST_AUTO_TEST_CASE(digits_that_come_are_expected_by_themselves) {
  for (const char* by : {"events", "info"}) {
    Pair pair;
    pair.start();
    pair.connect("rtp-only");
    pair.good(*pair.b, "{expect: {dtmf: none}}");
    pair.good(*pair.a, "{dtmf: '17d', by: " + std::string(by) + "}");
    pair.good(*pair.b, "{expect: {dtmf: '17D'}}");
    BOOST_TEST(pair.run(*pair.b, "{expect: {dtmf: '18'}}") == "dtmf");
    BOOST_TEST(pair.last[0].actual == "17D");
    BOOST_TEST(pair.run(*pair.b, "{expect: {dtmf: none}}") == "dtmf");
    BOOST_TEST(pair.run(*pair.b, "{expect: {dtmf: '17D9'}}", 1s) ==
               "waiting for the digits 17D9 to other, which has heard '17D'");
    BOOST_TEST(
        pair.run(*pair.b, "{expect: {dtmf: '17D', tls: {established: true}}}", 1s).starts_with("waiting"));
  }
}

// Who takes no INFO any more, because its call is over, is told apart from one that hears the key.
BOOST_AUTO_TEST_CASE(info_that_is_not_answered_well_is_a_finding) {
  Pair pair;
  pair.start();
  pair.connect("rtp-only");
  pair.reachable = false;
  pair.b.reset();
  BOOST_TEST(pair.run(*pair.a, "{dtmf: '1', by: info}", 60s) == "no-response");
}

BOOST_AUTO_TEST_CASE(digits_are_checked_before_anything_runs) {
  const auto error = [](const std::string& yaml) {
    const auto errors = check_step(step(yaml));
    return errors.empty() ? std::string() : errors.front().message;
  };
  BOOST_TEST(error("{dtmf: '12'}") == "");
  BOOST_TEST(error("{dtmf: '1-2'}") == "'dtmf': '-' is no key of a telephone: expected 0-9, *, #, A-D");
  BOOST_TEST(error("{expect: {dtmf: ''}}") == "'expect': expected keys of a telephone");
  BOOST_TEST(error("{expect: {dtmf: none}}") == "");
}

BOOST_AUTO_TEST_CASE(actions_that_do_not_exist_are_impossible) {
  Pair pair;
  pair.start();
  pair.impossible(*pair.a, "{whistle: gateway}", "no such action");
}

BOOST_AUTO_TEST_CASE(before_any_call_nothing_was_heard) {
  Pair pair;
  pair.start();
  BOOST_TEST(pair.a->heard_ms(pair.b->voiceprint()) == 0u);
  BOOST_TEST(pair.a->describe_media() == "no call");
  BOOST_TEST(!pair.a->answered());
  BOOST_TEST(!pair.a->rejected());
  pair.good(*pair.a, "{call: gateway}");
  BOOST_TEST(pair.a->describe_media() == "no media was agreed");
  BOOST_TEST(pair.a->agreed_calls().empty());
}

BOOST_AUTO_TEST_CASE(both_sides_agree_on_the_call_and_its_ports) {
  Pair pair;
  pair.start();
  pair.connect("srtp-only");
  const auto& a = pair.a->agreed_calls().at(0);
  const auto& b = pair.b->agreed_calls().at(0);
  BOOST_TEST(a.call_id == b.call_id);
  BOOST_TEST(a.call_id == pair.message("> INVITE")->header("Call-ID").value_or(""));
  BOOST_TEST(a.suite == "AES_CM_128_HMAC_SHA1_80");
  BOOST_TEST(b.suite == a.suite);
  BOOST_TEST(to_string(a.rtp.ip) == "10.0.0.1");
  BOOST_TEST(pair.message("> INVITE")->body().find("m=audio " + std::to_string(a.rtp.port)) !=
             std::string::npos);
  BOOST_TEST(pair.message("< SIP/2.0 200")->body().find("m=audio " + std::to_string(b.rtp.port)) !=
             std::string::npos);
  BOOST_TEST(pair.hear_each_other());
  BOOST_TEST(pair.a->describe_media().find("RTP packets received") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_second_call_is_the_one_that_steps_mean) {
  Pair pair;
  pair.start();
  pair.connect("rtp-only");
  pair.good(*pair.a, "{hang up: gateway}");
  pair.good(*pair.a, "{call: gateway}");
  BOOST_TEST(!pair.a->answered());
  pair.good(*pair.b, "{receive: INVITE}");
  pair.good(*pair.b, "{reject: 603}");
  pair.good(*pair.a, "{expect: 6xx}");
  BOOST_TEST(pair.a->rejected());
}

BOOST_AUTO_TEST_SUITE_END()
