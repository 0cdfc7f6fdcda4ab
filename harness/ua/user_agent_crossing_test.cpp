// Messages that cross, get lost, come late or twice.
#include "ua/test_person.hpp"
#include "ua/test_puppet.hpp"

using namespace sipvet;
using namespace sipvet::ua;
using namespace sipvet::ua::test;

namespace {

// A puppet before Alice and Bob, over UDP.
struct Stage : Two {
  Puppet puppet{network};
  Stage() { puppet.transport.listen(Transport::udp, Puppet::at()).value(); }

  void send(const Exact& request) {
    puppet.transport.send_octets(as_bytes(request.text()), bob_at()).value();
  }
  // The last status that comes back for it within two seconds.
  int status_for(const Exact& request) {
    const std::size_t before = puppet.got.size();
    send(request);
    const auto final_came = [&] { return puppet.got.size() > before && puppet.got.back().status() >= 200; };
    return until(final_came, 2s) ? puppet.got.back().status() : 0;
  }
  // The puppet calls Bob, who answers; gives his tag.
  std::string call_bob(const std::string& body = "v=0") {
    BOOST_TEST(status_for({.body = body}) == 200);
    return dialog::to_tag(puppet.got.back());
  }
  // Alice calls the puppet.
  void call_puppet() {
    InviteOptions options;
    options.target = {Transport::udp, Puppet::at(), {}, {}};
    options.body = Body{"v=0", "application/sdp"};
    alice.call = *alice.agent.invite(options);
  }
};

const Exact ack{.method = "ACK", .branch = "z9hG4bKack"};

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_crossing)

// RFC 3261 §15: a caller may end an early dialog with BYE; the INVITE then gets 487 (§15.1.2).
BOOST_AUTO_TEST_CASE(bye_in_an_early_dialog_ends_the_call) {
  Stage stage;
  stage.bob.answers.reset();
  stage.send({});
  BOOST_TEST(stage.until([&] { return stage.puppet.count("180 INVITE") == 1; }, 1s));
  Exact bye{.method = "BYE", .branch = "z9hG4bK2", .cseq = 2};
  bye.to_tag = dialog::to_tag(stage.puppet.got.back());
  stage.send(bye);
  stage.wait(100ms);
  BOOST_TEST(stage.puppet.count("200 BYE") == 1);
  BOOST_TEST(stage.puppet.count("487 INVITE") >= 1);
  BOOST_TEST(stage.bob.had("ended by remote"));
}

// RFC 3261 §13.2.2.4: the ACK has the number of its INVITE.
BOOST_AUTO_TEST_CASE(a_late_ack_of_the_first_invite_does_not_stand_for_that_of_the_second) {
  Stage stage;
  const std::string tag = stage.call_bob();
  BOOST_TEST(stage.status_for({.branch = "z9hG4bK2", .cseq = 2, .to_tag = tag, .body = "v=0"}) == 200);
  Exact late = ack;
  late.to_tag = tag;
  stage.send(late);
  stage.wait(100ms);
  const long before = stage.puppet.count("200 INVITE");
  stage.wait(2s);
  BOOST_TEST(stage.puppet.count("200 INVITE") > before); // that of the re-INVITE goes on
  late.cseq = 2;
  stage.send(late);
  stage.wait(100ms);
  const long after = stage.puppet.count("200 INVITE");
  stage.wait(60s);
  BOOST_TEST(stage.puppet.count("200 INVITE") == after);
  BOOST_TEST((stage.bob.agent.state(stage.bob.call) == CallState::confirmed));
}

BOOST_AUTO_TEST_CASE(an_ack_that_comes_late_ends_the_repetitions) {
  Stage stage;
  Exact late = ack;
  late.to_tag = stage.call_bob();
  stage.wait(5s);
  BOOST_TEST(stage.puppet.count("200 INVITE") == 4); // 0, 0.5, 1.5, 3.5 s
  stage.send(late);
  stage.send(late);
  stage.wait(60s);
  BOOST_TEST(stage.puppet.count("200 INVITE") == 4);
  BOOST_TEST(std::count(stage.bob.events.begin(), stage.bob.events.end(), "confirmed") == 1);
}

// RFC 6026 §7.1: an INVITE that comes again after its 2xx is absorbed.
BOOST_AUTO_TEST_CASE(an_invite_repeated_after_the_200_makes_no_second_call) {
  Stage stage;
  stage.call_bob();
  for (int i = 0; i < 5; ++i) stage.send({.body = "v=0"});
  stage.wait(100ms);
  BOOST_TEST(stage.puppet.count("200 INVITE") == 1);
  BOOST_TEST(std::count(stage.bob.events.begin(), stage.bob.events.end(), "call") == 1);
}

// RFC 3261 §15: with its BYE out, the agent's session is over; a BYE that crosses it is answered.
BOOST_AUTO_TEST_CASE(requests_that_cross_our_bye) {
  Stage stage;
  Exact late = ack;
  late.to_tag = stage.call_bob();
  stage.send(late);
  stage.wait(10ms);
  stage.bob.agent.hang_up(stage.bob.call).value();
  BOOST_TEST(stage.status_for({.branch = "z9hG4bK2", .cseq = 2, .to_tag = late.to_tag, .body = "v=0"}) ==
             481);
  BOOST_TEST(!stage.bob.had("reinvited"));
  const Exact bye{.method = "BYE", .branch = "z9hG4bK3", .cseq = 3, .to_tag = late.to_tag};
  stage.send(bye);
  stage.wait(100ms);
  BOOST_TEST(stage.puppet.count("200 BYE") == 1);
}

// RFC 3261 §9.2: while the transaction is known, CANCEL gets 200, and has no effect after a final response.
BOOST_AUTO_TEST_CASE(cancel_after_a_final_response_gets_200) {
  for (const int status : {200, 486}) {
    Stage stage;
    stage.bob.answers = status;
    BOOST_TEST(stage.status_for({.body = "v=0"}) == status);
    stage.send({.method = "CANCEL"});
    stage.wait(100ms);
    BOOST_TEST(stage.puppet.count("200 CANCEL") == 1);
    BOOST_TEST(!stage.bob.had("ended by remote"));
  }
}

BOOST_AUTO_TEST_CASE(a_200_that_crosses_the_cancel_is_acknowledged_and_can_be_hung_up) {
  Stage stage;
  stage.puppet.act = [&](const sip::Message& request, const Hop& hop) {
    if (request.method() == "INVITE") stage.puppet.respond(request, hop, 180);
    if (request.method() == "CANCEL") {
      stage.puppet.respond(stage.puppet.got.front(), hop, 200); // the INVITE
      stage.puppet.respond(request, hop, 481, {});
    }
    if (request.method() == "BYE") stage.puppet.respond(request, hop, 200, {});
  };
  stage.call_puppet();
  stage.alice.hang_up_at_once = true;
  BOOST_TEST(stage.until([&] { return !stage.alice.progress_tags.empty(); }, 1s));
  stage.alice.agent.cancel(stage.alice.call).value();
  BOOST_TEST(!stage.alice.agent.cancel(stage.alice.call)); // once is enough
  BOOST_TEST(stage.until([&] { return stage.alice.had("ended"); }, 5s));
  BOOST_TEST(stage.puppet.count("CANCEL") == 1);
  BOOST_TEST(stage.puppet.count("ACK") == 1);
  BOOST_TEST(stage.puppet.count("BYE") == 1);
}

// RFC 3261 §9.1: 64*T1 after the CANCEL the INVITE counts as cancelled.
BOOST_AUTO_TEST_CASE(a_cancelled_invite_without_final_response_is_given_up) {
  Stage stage;
  stage.puppet.act = [&](const sip::Message& request, const Hop& hop) {
    stage.puppet.respond(request, hop, request.method() == "INVITE" ? 180 : 200);
  };
  stage.call_puppet();
  stage.alice.agent.cancel(stage.alice.call).value();
  BOOST_TEST(!stage.until([&] { return !stage.alice.events.empty(); }, 31s));
  BOOST_TEST(stage.until([&] { return !stage.alice.events.empty(); }, 2s));
  BOOST_TEST((stage.alice.agent.state(stage.alice.call) == CallState::ended));
}

BOOST_AUTO_TEST_CASE(a_2xx_without_contact_is_acknowledged_and_ended_once) {
  Stage stage;
  stage.puppet.act = [&](const sip::Message& request, const Hop& hop) {
    for (int i = 0; i < 3 && request.method() == "INVITE"; ++i) stage.puppet.respond(request, hop, 200, {});
    if (request.method() == "BYE") stage.puppet.respond(request, hop, 200, {});
  };
  stage.call_puppet();
  stage.wait(1s);
  BOOST_TEST(stage.alice.events.size() == 1u);
  BOOST_TEST(stage.puppet.count("ACK") == 3);
  BOOST_TEST(stage.puppet.count("BYE") == 1);
}

// RFC 3261 §12.2.1.2: no answer within a dialog ends it, with BYE.
BOOST_AUTO_TEST_CASE(a_re_invite_without_answer_ends_the_call_with_bye) {
  for (const int status : {0, 408}) {
    Stage stage;
    stage.puppet.act = [&](const sip::Message& request, const Hop& hop) {
      const bool first = stage.puppet.count("INVITE") == 1;
      if (request.method() == "INVITE" && first) stage.puppet.respond(request, hop, 200);
      if (request.method() == "INVITE" && !first && status != 0)
        stage.puppet.respond(request, hop, status, {});
    };
    stage.call_puppet();
    BOOST_TEST(stage.until([&] { return stage.puppet.count("ACK") == 1; }, 1s));
    stage.alice.agent.reinvite(stage.alice.call, Body{"v=0", "application/sdp"}).value();
    BOOST_TEST(stage.until([&] { return stage.puppet.count("BYE") == 1; }, 35s));
    BOOST_TEST((stage.alice.agent.state(stage.alice.call) == CallState::ended));
  }
}

// BYE crosses our re-INVITE, whose 200 still comes: it is acknowledged, and the call stays over.
BOOST_AUTO_TEST_CASE(bye_that_crosses_our_re_invite) {
  Stage stage;
  sip::Message reinvite;
  stage.puppet.act = [&](const sip::Message& request, const Hop& hop) {
    if (request.method() != "INVITE") return;
    if (stage.puppet.count("INVITE") == 1) return stage.puppet.respond(request, hop, 200);
    reinvite = request;
  };
  stage.call_puppet();
  BOOST_TEST(stage.until([&] { return stage.puppet.count("ACK") == 1; }, 1s));
  stage.alice.agent.reinvite(stage.alice.call, Body{"v=0", "application/sdp"}).value();
  BOOST_TEST(stage.until([&] { return stage.puppet.count("INVITE") == 2; }, 1s));
  auto theirs = dialog::make_uas_dialog(
      stage.puppet.got.front(), dialog::make_response(stage.puppet.got.front(), 200, {}, "puppet-tag"));
  sip::Message bye = dialog::make_request(*theirs, "BYE");
  bye.add_first("Via", "SIP/2.0/UDP 10.0.0.3:5060;branch=z9hG4bKbye");
  stage.puppet.transport.send(bye, {Transport::udp, {alice_ip, 5060}, {}, {}}).value();
  BOOST_TEST(stage.until([&] { return stage.puppet.count("200 BYE") == 1; }, 1s));
  stage.puppet.respond(reinvite, stage.puppet.hops.front(), 200);
  BOOST_TEST(stage.until([&] { return stage.puppet.count("ACK") == 2; }, 1s));
  BOOST_TEST((stage.alice.agent.state(stage.alice.call) == CallState::ended));
  BOOST_TEST(stage.alice.finals.size() == 1u); // nobody is told of media for a call that is over
}

// RFC 6141 §4.3: the target changes with the 2xx.
BOOST_AUTO_TEST_CASE(a_refused_re_invite_changes_no_target) {
  Stage stage;
  Puppet elsewhere(stage.network);
  elsewhere.transport.listen(Transport::udp, Puppet::at(5070)).value();
  Exact first = ack;
  first.to_tag = stage.call_bob();
  stage.send(first);
  stage.bob.answers_reinvite.reset();
  Exact moved{.branch = "z9hG4bK2", .cseq = 2, .to_tag = first.to_tag, .body = "v=0"};
  moved.contact = "<sip:puppet@10.0.0.3:5070>";
  BOOST_TEST(stage.status_for(moved) == 488);
  stage.bob.answers_reinvite = 200;
  stage.bob.agent.request_in_call(stage.bob.call, "OPTIONS").value();
  stage.wait(100ms);
  BOOST_TEST(elsewhere.count("OPTIONS") == 0);
  BOOST_TEST(stage.puppet.count("OPTIONS") >= 1);
  moved.branch = "z9hG4bK3";
  moved.cseq = 3;
  BOOST_TEST(stage.status_for(moved) == 200);
  stage.bob.agent.request_in_call(stage.bob.call, "OPTIONS").value();
  stage.wait(100ms);
  BOOST_TEST(elsewhere.count("OPTIONS") >= 1);
}

// RFC 6337 §4.3: the offer in our 200 waits for its answer in the ACK.
BOOST_AUTO_TEST_CASE(a_re_invite_before_the_ack_with_the_answer_gets_491) {
  Stage stage;
  const std::string tag = stage.call_bob("");
  BOOST_TEST(stage.status_for({.branch = "z9hG4bK2", .cseq = 2, .to_tag = tag, .body = "v=0"}) == 491);
}

// RFC 3261 §12.2.2.
BOOST_AUTO_TEST_CASE(requests_out_of_order_get_500) {
  Stage stage;
  const std::string tag = stage.call_bob();
  BOOST_TEST(stage.status_for({.method = "BYE", .branch = "z9hG4bK2", .cseq = 1, .to_tag = tag}) == 500);
  BOOST_TEST((stage.bob.agent.state(stage.bob.call) == CallState::answered));
}

BOOST_AUTO_TEST_CASE(udp_that_loses_and_reorders) {
  for (std::uint64_t round = 0; round < 20; ++round) {
    Two two;
    (void)two.network.random().bytes(static_cast<std::size_t>(round));
    two.network.set_conditions({.latency = 20ms, .datagram_loss = 0.3, .jitter = 300ms});
    for (std::uint64_t skip = 0; skip < round; ++skip) { // another stretch of the network's luck
      two.alice.agent.request("OPTIONS", Two::bob_at()).value();
      two.wait(100ms);
    }
    two.call();
    BOOST_TEST(two.until([&] { return two.bob.had("confirmed"); }, 60s));
    two.bob.agent.hang_up(two.bob.call).value();
    BOOST_TEST(two.until([&] { return two.bob.had("ended") && two.alice.had("ended by remote"); }, 60s));
    BOOST_TEST(std::count(two.bob.events.begin(), two.bob.events.end(), "call") == 1);
    BOOST_TEST(std::count(two.bob.events.begin(), two.bob.events.end(), "confirmed") == 1);
    BOOST_TEST(std::count(two.alice.events.begin(), two.alice.events.end(), "ended by remote") == 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()
