// Calls between two peers, step by step: what each action of the scenario language does.
#include "peers/test_pair.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::peers;
using namespace sipvet::peers::test;

BOOST_AUTO_TEST_SUITE(peer)

BOOST_AUTO_TEST_CASE(a_call_over_each_transport) {
  for (const ua::Transport transport : {ua::Transport::udp, ua::Transport::tcp, ua::Transport::tls}) {
    Pair pair(transport);
    pair.start();
    pair.good(*pair.a, "{call: gateway, offer: srtp-only}");
    BOOST_TEST(!pair.a->answered());
    pair.good(*pair.b, "{receive: INVITE, offer: srtp-only}");
    pair.good(*pair.b, "{ring: 180}");
    pair.good(*pair.b, "{answer: 200}");
    pair.good(*pair.a, "{expect: srtp}");
    pair.good(*pair.b, "{receive: ACK}");
    BOOST_TEST(pair.a->answered());
    BOOST_TEST(pair.b->answered());
    BOOST_TEST(pair.hear_each_other());
    pair.good(*pair.a, "{hang up: gateway}");
    pair.good(*pair.b, "{receive: BYE}");
    const std::vector<std::string> ladder = {"> INVITE", "< SIP/2.0 100", "< SIP/2.0 180", "< SIP/2.0 200",
                                             "> ACK",    "> BYE",         "< SIP/2.0 200"};
    BOOST_TEST_REQUIRE(pair.seen.size() == ladder.size());
    for (std::size_t i = 0; i < ladder.size(); ++i)
      BOOST_TEST(pair.seen[i].starts_with(ladder[i]), pair.seen[i]);
  }
}

BOOST_AUTO_TEST_CASE(call_follows_its_options) {
  Pair pair;
  pair.a_settings.user_agent = "RTCC/3.5";
  pair.start();
  pair.good(*pair.a, "{call: gateway, to: '5551000', offer: srtp-and-rtp, form: avp-with-crypto, "
                     "suites: [AES_CM_128_HMAC_SHA1_32], headers: {Subject: hello}}");
  BOOST_TEST(pair.request_line("> INVITE") == "> INVITE sip:5551000@10.0.0.2:5060;transport=udp SIP/2.0");
  const sip::Message& invite = *pair.message("> INVITE");
  BOOST_TEST(invite.header("Subject").value_or("") == "hello");
  BOOST_TEST(invite.header("User-Agent").value_or("") == "RTCC/3.5");
  BOOST_TEST(invite.header("From").value_or("").find("sip:alice@10.0.0.1") != std::string_view::npos);
  // One RTP/AVP section that carries keys of that one suite.
  const std::string& sdp = invite.body();
  BOOST_TEST(sdp.find("RTP/AVP ") != std::string::npos);
  BOOST_TEST(sdp.find("RTP/SAVP") == std::string::npos);
  BOOST_TEST(sdp.find("a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:") != std::string::npos);
  BOOST_TEST(sdp.find("SHA1_80") == std::string::npos);
  pair.good(*pair.b, "{receive: INVITE, offer: srtp-and-rtp, suites: [AES_CM_128_HMAC_SHA1_32], "
                     "header: {Subject: ^hello$}}");
}

BOOST_AUTO_TEST_CASE(call_offers_plain_rtp_unless_told_otherwise) {
  Pair pair;
  pair.start();
  pair.good(*pair.a, "{call: gateway}");
  pair.good(*pair.b, "{receive: INVITE, offer: rtp-only}");
  pair.good(*pair.b, "{answer: 200}");
  pair.good(*pair.a, "{expect: rtp}");
  BOOST_TEST(pair.hear_each_other());
}

BOOST_AUTO_TEST_CASE(call_is_impossible_where_the_gateway_does_not_listen) {
  Pair pair;
  pair.start();
  pair.impossible(*pair.a, "{call: gateway, transport: tls}", "the gateway does not listen there");
  pair.reachable = false;
  pair.impossible(*pair.a, "{call: gateway}", "the gateway does not listen there");
  pair.impossible(*pair.a, "{expect: answered}", "it has sent no request"); // it did not
}

// Two sections, one of them refused with port 0: media goes to and from the one that was taken (RFC 3264 §6).
BOOST_AUTO_TEST_CASE(an_offer_of_both_can_be_answered_either_way) {
  for (const std::string media : {"srtp", "rtp"}) {
    Pair pair;
    pair.start();
    pair.connect("srtp-and-rtp", "{answer: 200, media: " + media + "}");
    BOOST_TEST(pair.a->agreed_calls().at(0).media == media);
    BOOST_TEST(pair.b->agreed_calls().at(0).media == media);
    BOOST_TEST(pair.hear_each_other());
  }
  Pair best;
  best.start();
  best.connect("srtp-and-rtp");
  BOOST_TEST(best.a->agreed_calls().at(0).media == "srtp");
}

BOOST_AUTO_TEST_CASE(expect_compares_and_waits) {
  Pair pair;
  pair.start();
  pair.impossible(*pair.a, "{expect: srtp}", "it has sent no request");
  pair.good(*pair.a, "{call: gateway, offer: srtp-and-rtp}");
  BOOST_TEST(pair.run(*pair.a, "{expect: srtp}", 1s) ==
             "waiting for a final response to the INVITE of server");
  pair.good(*pair.b, "{receive: INVITE}");
  pair.good(*pair.b, "{answer: 200, media: rtp}");
  BOOST_TEST(pair.run(*pair.a, "{expect: srtp}") == "answer-media");
  BOOST_TEST(pair.run(*pair.a, "{expect: banana}") == "step-impossible");
}

BOOST_AUTO_TEST_CASE(nobody_there_is_a_response_that_is_missing) {
  Pair pair(ua::Transport::tcp);
  pair.start();
  pair.b.reset();
  pair.good(*pair.a, "{call: gateway}");
  BOOST_TEST_REQUIRE(pair.run(*pair.a, "{expect: answered}", 60s) == "no-response");
  BOOST_TEST(pair.last[0].actual.find("refused") != std::string::npos, pair.last[0].actual);
  BOOST_TEST(!pair.a->answered());

  Pair silent(ua::Transport::udp); // 64*T1 (RFC 3261 §17.1.1.2, timer B)
  silent.start();
  silent.b.reset();
  silent.good(*silent.a, "{call: gateway}");
  BOOST_TEST(silent.run(*silent.a, "{expect: answered}", 31s).starts_with("waiting for"));
  BOOST_TEST(silent.run(*silent.a, "{expect: answered}", 2s) == "no-response");
}

BOOST_AUTO_TEST_CASE(receive_takes_requests_in_order_and_says_what_differs) {
  Pair pair;
  pair.start();
  BOOST_TEST(pair.run(*pair.b, "{receive: INVITE}", 100ms) == "waiting for a INVITE to other");
  pair.good(*pair.a, "{call: gateway, offer: rtp-only}");
  BOOST_TEST(pair.run(*pair.b, "{receive: INVITE, offer: srtp-only}") == "offer-shape");
  // It was looked at: the next one would be another.
  BOOST_TEST(pair.run(*pair.b, "{receive: INVITE}", 100ms) == "waiting for a INVITE to other");
  pair.impossible(*pair.b, "{receive: INVITE, header: {From: '('}}", "'(' is no regular expression");
}

BOOST_AUTO_TEST_CASE(ring_with_and_without_a_session) {
  Pair pair;
  pair.start();
  pair.impossible(*pair.b, "{ring: 180}", "no INVITE waits for a response");
  pair.good(*pair.a, "{call: gateway, offer: srtp-only}");
  pair.good(*pair.b, "{receive: INVITE}");
  pair.good(*pair.b, "{ring: 182}");
  pair.good(*pair.b, "{ring: 183, sdp: true}");
  pair.good(*pair.b, "{answer: 200}");
  pair.good(*pair.a, "{expect: srtp}");
  BOOST_TEST(pair.request_line("< SIP/2.0 182") != "");
  BOOST_TEST(pair.message("< SIP/2.0 182")->body() == "");
  // RFC 3261 §13.2.1: the answer in the 2xx is the one of the provisional response; key and all.
  const std::string early = pair.message("< SIP/2.0 183")->body(),
                    final = pair.message("< SIP/2.0 200")->body();
  BOOST_TEST(early.find("a=crypto:1 ") != std::string::npos);
  BOOST_TEST(early == final);
  BOOST_TEST(pair.hear_each_other());
}

BOOST_AUTO_TEST_CASE(ring_cannot_answer_what_was_not_offered) {
  Pair pair;
  pair.start();
  pair.good(*pair.a, "{call: gateway, offer: none}");
  pair.good(*pair.b, "{receive: INVITE, offer: none}");
  pair.impossible(*pair.b, "{ring: 183, sdp: true}", "the INVITE had no offer to answer");
  pair.good(*pair.b, "{ring: 180}");
}

BOOST_AUTO_TEST_CASE(answer_chooses_suite_and_headers) {
  Pair pair;
  pair.start();
  pair.good(*pair.a,
            "{call: gateway, offer: srtp-only, suites: [AES_CM_128_HMAC_SHA1_80, AES_CM_128_HMAC_SHA1_32]}");
  pair.good(*pair.b, "{receive: INVITE}");
  pair.good(*pair.b, "{answer: 202, suite: AES_CM_128_HMAC_SHA1_32, headers: {Server: box}}");
  pair.good(*pair.a, "{expect: {status: 202, suite: AES_CM_128_HMAC_SHA1_32, header: {Server: ^box$}}}");
  BOOST_TEST(pair.hear_each_other());
  BOOST_TEST(pair.a->agreed_calls().at(0).suite == "AES_CM_128_HMAC_SHA1_32");
}

BOOST_AUTO_TEST_CASE(answer_is_impossible_without_an_invite_or_what_it_asks_for) {
  Pair pair;
  pair.start();
  pair.impossible(*pair.b, "{answer: 200}", "no INVITE waits for a response");
  pair.good(*pair.a, "{call: gateway, offer: rtp-only}");
  pair.good(*pair.b, "{receive: INVITE}");
  pair.impossible(*pair.b, "{answer: 200, media: srtp}", "the offer has no SRTP");
  pair.good(*pair.b, "{answer: 200}");
  pair.impossible(*pair.b, "{answer: 200}", "no INVITE waits for a response");

  Pair secure;
  secure.start();
  secure.good(*secure.a, "{call: gateway, offer: srtp-only}");
  secure.good(*secure.b, "{receive: INVITE}");
  secure.impossible(*secure.b, "{answer: 200, media: rtp}", "the offer has no plain RTP");
}

BOOST_AUTO_TEST_CASE(reject_ends_the_call) {
  Pair pair;
  pair.start();
  pair.impossible(*pair.b, "{reject: 486}", "no INVITE waits for a response");
  pair.good(*pair.a, "{call: gateway}");
  pair.good(*pair.b, "{receive: INVITE}");
  pair.good(*pair.b, "{reject: 486, reason: Asleep, headers: {Retry-After: '60'}}");
  pair.good(*pair.a, "{expect: {status: 486, reason: ^Asleep$, header: {Retry-After: '60'}}}");
  BOOST_TEST(pair.a->rejected());
  BOOST_TEST(pair.b->rejected());
  BOOST_TEST(!pair.a->answered());
  pair.impossible(*pair.b, "{reject: 486}", "no INVITE waits for a response");
  pair.impossible(*pair.a, "{hang up: gateway}", "it has no call to hang up");
  pair.impossible(*pair.a, "{re-invite: gateway}", "it has no call to change");
  BOOST_TEST(pair.run(*pair.a, "{cancel: gateway}") == "step-impossible");
}

BOOST_AUTO_TEST_CASE(cancel_ends_an_invite_that_is_open) {
  Pair pair;
  pair.start();
  pair.impossible(*pair.a, "{cancel: gateway}", "it has no call that could be cancelled");
  pair.good(*pair.a, "{call: gateway}");
  pair.good(*pair.b, "{receive: INVITE}");
  pair.impossible(*pair.b, "{cancel: gateway}", "it has no call that could be cancelled"); // not its own
  pair.good(*pair.b, "{ring: 180}");
  pair.good(*pair.a, "{cancel: gateway}");
  pair.good(*pair.a, "{expect: 487}"); // RFC 3261 §9.2
  pair.good(*pair.b, "{receive: CANCEL}");
  pair.impossible(*pair.b, "{answer: 200}", "no INVITE waits for a response");
}

BOOST_AUTO_TEST_CASE(cancel_comes_too_late_for_an_answered_call) {
  Pair pair;
  pair.start();
  pair.connect();
  pair.impossible(*pair.a, "{cancel: gateway}", "it has no call that could be cancelled");
}

BOOST_AUTO_TEST_SUITE_END()
