// User agents talking to each other, and to exact messages, over the simulated network.
#include "ua/test_person.hpp"

using namespace sipvet;
using namespace sipvet::ua;
using namespace sipvet::ua::test;

BOOST_AUTO_TEST_SUITE(user_agent)

BOOST_AUTO_TEST_CASE(a_call_from_invite_to_bye) {
  for (const Transport transport : {Transport::udp, Transport::tcp}) {
    Two two;
    BOOST_TEST(two.connected(transport));
    two.bob.agent.hang_up(two.bob.call).value();
    BOOST_TEST(two.until([&] { return two.bob.had("ended"); }));
    BOOST_TEST(two.alice.had("ended by remote"));
    const std::vector<std::string> ladder = {"> INVITE", "< 100", "< 200", "> ACK", "< BYE", "> 200"};
    BOOST_TEST(two.alice.seen == ladder, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(nobody_answers) {
  Two two;
  InviteOptions options;
  options.target = {Transport::udp, {IpAddress::v4(10, 0, 0, 9), 5060}, {}, {}};
  two.alice.agent.invite(options).value();
  BOOST_TEST(!two.until([&] { return !two.alice.events.empty(); }, 31s));
  BOOST_TEST(two.until([&] { return !two.alice.events.empty(); }, 2s)); // 64*T1 = 32 s
  BOOST_TEST(two.alice.times("> INVITE") == 7); // 0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s: RFC 3261 §17.1.1.2
}

BOOST_AUTO_TEST_CASE(nobody_listens) {
  Two two;
  InviteOptions options;
  options.target = {Transport::tcp, {bob_ip, 5999}, {}, {}};
  two.alice.agent.invite(options).value();
  BOOST_TEST(two.until([&] { return two.alice.events.size() >= 2; }, 5s));
  BOOST_TEST(two.alice.had("no connection: the connection was refused"));
  BOOST_TEST(two.alice.had("failed: the connection was refused"));
}

BOOST_AUTO_TEST_CASE(cancel_waits_for_a_provisional_response) {
  Two two;
  two.bob.answers.reset();
  two.call();
  two.alice.agent.cancel(two.alice.call).value();
  BOOST_TEST(two.alice.times("> CANCEL") == 0);
  BOOST_TEST(two.until([&] { return !two.alice.finals.empty(); }));
  BOOST_TEST(two.alice.finals.front() == 487);
  BOOST_TEST(two.alice.times("> CANCEL") == 1);
  BOOST_TEST(two.bob.had("ended by remote"));
  BOOST_TEST(two.until([&] { return two.bob.times("< ACK") == 1; }, 1s));
}

BOOST_AUTO_TEST_CASE(cancel_after_the_answer_changes_nothing) {
  Two two;
  BOOST_TEST(two.connected());
  BOOST_TEST(!two.alice.agent.cancel(two.alice.call));
  BOOST_TEST(two.exact_status(request("CANCEL", "nothing")) == 481);
}

BOOST_AUTO_TEST_CASE(hang_up_within_the_answer_follows_the_ack) {
  Two two;
  two.alice.hang_up_at_once = true;
  two.call(Transport::tcp);
  BOOST_TEST(two.until([&] { return two.alice.had("ended"); }));
  const std::vector<std::string> tail(two.alice.seen.end() - 3, two.alice.seen.end());
  const std::vector<std::string> expected = {"> ACK", "> BYE", "< 200"};
  BOOST_TEST(tail == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_callee_waits_for_the_ack_before_its_bye) {
  Two two;
  two.call();
  BOOST_TEST(two.until([&] { return two.bob.had("call"); }));
  two.bob.agent.hang_up(two.bob.call).value();
  BOOST_TEST(two.bob.times("> BYE") == 0);
  BOOST_TEST(two.until([&] { return two.bob.had("ended"); }));
  const auto ack = std::find(two.bob.seen.begin(), two.bob.seen.end(), "< ACK");
  BOOST_TEST((ack < std::find(two.bob.seen.begin(), two.bob.seen.end(), "> BYE")));
}

BOOST_AUTO_TEST_CASE(re_invites_and_their_refusals) {
  Two two;
  BOOST_TEST(two.connected());
  two.alice.agent.reinvite(two.alice.call, Body{"v=0", "application/sdp"}).value();
  BOOST_TEST(two.until([&] { return two.alice.finals.size() == 2; }));
  BOOST_TEST(two.alice.finals.back() == 200);
  two.wait(100ms);
  two.bob.answers_reinvite.reset();
  two.alice.agent.reinvite(two.alice.call, Body{"v=0", "application/sdp"}).value();
  BOOST_TEST(two.until([&] { return two.alice.finals.size() == 3; }));
  BOOST_TEST(two.alice.finals.back() == 488);
  BOOST_TEST((two.alice.agent.state(two.alice.call) == CallState::confirmed));
}

BOOST_AUTO_TEST_CASE(re_invites_that_cross_get_491) {
  Two two;
  BOOST_TEST(two.connected());
  two.wait(100ms);
  two.alice.agent.reinvite(two.alice.call, Body{"v=0", "application/sdp"}).value();
  two.bob.agent.reinvite(two.bob.call, Body{"v=0", "application/sdp"}).value();
  BOOST_TEST(two.until([&] { return two.alice.finals.size() == 2 && !two.bob.finals.empty(); }));
  BOOST_TEST(two.alice.finals.back() == 491);
  BOOST_TEST(two.bob.finals.back() == 491);
}

BOOST_AUTO_TEST_CASE(forked_branches_are_kept_apart_and_the_second_answer_is_ended) {
  Two two;
  // Bob stands for a proxy: exact responses from two branches to one INVITE.
  struct Proxy final : TransportUser {
    SipTransport transport;
    std::optional<sip::Message> invite;
    Hop hop;
    std::vector<std::string> requests;
    explicit Proxy(net::Network& network) : transport(network, *this) {}
    void on_message(const Hop& from, const sip::Message& message) override {
      if (!message.is_request()) return;
      requests.push_back(message.method() + " " + dialog::to_tag(message));
      if (message.method() != "INVITE" || invite) return;
      invite = message;
      hop = from;
      for (const char* tag : {"one", "two"}) respond(180, tag);
      respond(200, "one");
      respond(200, "two");
      respond(200, "one"); // a repetition
    }
    void respond(int status, const std::string& tag) {
      sip::Message response = dialog::make_response(*invite, status, {}, tag);
      response.add("Contact", "<sip:branch-" + tag + "@10.0.0.3>");
      transport.send_response(response, hop).value();
    }
  } proxy(two.network);
  proxy.transport.listen(Transport::udp, {IpAddress::v4(10, 0, 0, 3), 5060}).value();
  InviteOptions options;
  options.target = {Transport::udp, {IpAddress::v4(10, 0, 0, 3), 5060}, {}, {}};
  two.alice.agent.invite(options).value();
  two.wait(400ms);
  const std::vector<std::string> tags = {"one", "two"};
  BOOST_TEST(two.alice.progress_tags == tags, boost::test_tools::per_element());
  BOOST_TEST(two.alice.finals.size() == 1u);
  const auto count = [&](const char* what) {
    return std::count(proxy.requests.begin(), proxy.requests.end(), what);
  };
  BOOST_TEST(count("ACK one") == 2);
  BOOST_TEST(count("ACK two") == 1);
  BOOST_TEST(count("BYE two") == 1);
  BOOST_TEST(count("BYE one") == 0);
}

// Bob's calls have two branches each, as behind a forking proxy.
BOOST_AUTO_TEST_CASE(a_callee_can_be_several_branches) {
  for (const bool kept : {false, true}) {
    UserAgentConfig config;
    config.deviations.second_answer_kept = kept;
    Two two(config);
    two.bob.answers.reset();
    two.call();
    BOOST_TEST_REQUIRE(two.until([&] { return two.bob.had("call"); }));
    const CallId first = two.bob.call, second = two.bob.agent.fork(first).value();
    two.bob.agent.provisional(second, 183).value();
    two.bob.agent.answer(second, 200, Body{"v=0", "application/sdp"}).value();
    BOOST_TEST_REQUIRE(two.until([&] { return two.bob.had("confirmed"); }));
    BOOST_TEST(two.alice.progress_tags.size() == 2u);
    BOOST_TEST(two.alice.progress_tags.front() != two.alice.progress_tags.back());
    BOOST_TEST((two.bob.agent.state(second) == CallState::confirmed));
    BOOST_TEST((two.bob.agent.state(first) == CallState::ringing));
    // The other one answers as well.
    two.bob.agent.answer(first, 200, Body{"v=0", "application/sdp"}).value();
    two.wait(1s);
    BOOST_TEST(two.alice.finals.size() == 1u);
    BOOST_TEST(two.bob.had("ended by remote") == !kept);
    BOOST_TEST((two.bob.agent.state(first) == (kept ? CallState::confirmed : CallState::ended)));
    BOOST_TEST((two.bob.agent.state(second) == CallState::confirmed));
    BOOST_TEST(!two.bob.agent.fork(second)); // answered
  }
  BOOST_TEST(!Two().bob.agent.fork(CallId{99}));
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_every_branch) {
  Two two;
  two.bob.answers.reset();
  two.call();
  BOOST_TEST_REQUIRE(two.until([&] { return !two.alice.progress_tags.empty(); }));
  const CallId second = two.bob.agent.fork(two.bob.call).value();
  two.bob.agent.provisional(second, 180).value();
  two.alice.agent.cancel(two.alice.call).value();
  BOOST_TEST_REQUIRE(two.until([&] { return !two.alice.finals.empty(); }));
  BOOST_TEST(two.alice.finals.front() == 487);
  BOOST_TEST((two.bob.agent.state(two.bob.call) == CallState::ended));
  BOOST_TEST((two.bob.agent.state(second) == CallState::ended));
  BOOST_TEST(std::ranges::count(two.bob.events, "ended by remote") == 2);
}

BOOST_AUTO_TEST_CASE(statuses_for_what_does_not_fit) {
  Two two;
  BOOST_TEST(two.exact_status(request("BYE", "1")) == 481);
  BOOST_TEST(two.exact_status(request("INFO", "2", {}, "unknown")) == 481);
  BOOST_TEST(two.exact_status(request("REGISTER", "3")) == 405);
  BOOST_TEST(two.alice.stray->header("Allow").value_or("").find("INVITE") != std::string_view::npos);
  BOOST_TEST(two.exact_status(request("DANCE", "4")) == 501);
  BOOST_TEST(two.exact_status(request("OPTIONS", "5")) == 200);
  BOOST_TEST(two.exact_status(request("INVITE", "6", "Require: 100rel, x\r\n")) == 420);
  BOOST_TEST(two.alice.stray->header("Unsupported").value_or("") == "100rel, x");
}

BOOST_AUTO_TEST_CASE(a_merged_request_is_refused) {
  Two two;
  two.bob.answers.reset();
  two.exact(request("INVITE", "first"));
  BOOST_TEST(two.until([&] { return two.bob.had("call"); }));
  BOOST_TEST(two.exact_status(request("INVITE", "second")) == 482);
}

BOOST_AUTO_TEST_CASE(repeated_requests_make_one_call_and_repeated_answers) {
  Two two;
  two.bob.answers = 486;
  for (int i = 0; i < 3; ++i) {
    two.exact(request("INVITE", "same"));
    two.wait(20ms);
  }
  BOOST_TEST(std::count(two.bob.events.begin(), two.bob.events.end(), "call") == 1);
  BOOST_TEST(two.alice.stray->status() == 486);
  BOOST_TEST(two.bob.times("> 486") == 3);
}

BOOST_AUTO_TEST_CASE(an_answer_without_ack_is_repeated_and_given_up) {
  Two two;
  two.exact(request("INVITE", "noack"));
  BOOST_TEST(two.until([&] { return two.bob.had("failed: no ACK came for the final response"); }));
  // T1 doubling up to T2 for 64*T1: 0, 0.5, 1.5, 3.5, 7.5, then every 4 s until 31.5.
  BOOST_TEST(two.bob.times("> 200") == 11);
  BOOST_TEST(two.bob.times("> BYE") >= 1);
}

BOOST_AUTO_TEST_CASE(contact_and_via_say_the_transport) {
  Two two;
  BOOST_TEST(two.connected(Transport::tcp));
  const sip::Message& invite = *two.bob.agent.invite_of(two.bob.call);
  BOOST_TEST(std::string(*invite.header("Contact")) == "<sip:sipvet@10.0.0.1:5060;transport=tcp>");
  BOOST_TEST(std::string(*invite.header("Via")).starts_with("SIP/2.0/TCP 10.0.0.1:5060;branch=z9hG4bK"));
}

BOOST_AUTO_TEST_CASE(who_listens_on_every_address_says_the_one_it_was_called_at) {
  Two two;
  Person carol(two.network);
  const IpAddress carol_ip = IpAddress::v4(10, 0, 0, 3);
  carol.agent.listen(Transport::udp, {{}, 5070}).value();
  InviteOptions options;
  options.target = {Transport::udp, {carol_ip, 5070}, {}, {}};
  two.alice.call = *two.alice.agent.invite(options);
  BOOST_TEST(two.until([&] { return carol.had("confirmed"); }, 5s)); // the ACK goes to the Contact
  two.alice.agent.hang_up(two.alice.call).value();
  BOOST_TEST(two.until([&] { return two.alice.had("ended"); }, 5s));
}

BOOST_AUTO_TEST_CASE(requests_of_a_call_use_its_connection) {
  Two two;
  BOOST_TEST(two.connected(Transport::tcp));
  BOOST_TEST(two.alice.agent.transport().connections() == 1u);
  two.bob.agent.hang_up(two.bob.call).value();
  BOOST_TEST(two.until([&] { return two.bob.had("ended"); }));
  BOOST_TEST(two.bob.agent.transport().connections() == 1u);
}

BOOST_AUTO_TEST_CASE(a_ping_is_answered_and_what_is_no_sip_ends_the_connection) {
  Two two;
  struct Raw final : net::Node {
    std::string got;
    bool closed = false;
    void on_bytes(net::ConnectionId, ByteView octets) override { got += as_text(octets); }
    void on_closed(net::ConnectionId, net::CloseReason) override { closed = true; }
  } raw;
  const auto connection = two.network.connect(raw, {alice_ip, 0}, {bob_ip, 5060});
  two.network.send(connection, as_bytes("\r\n\r\n"));
  BOOST_TEST(two.until([&] { return !raw.got.empty(); }, 1s));
  BOOST_TEST(raw.got == "\r\n");
  two.network.send(connection, as_bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  BOOST_TEST(two.until([&] { return raw.closed; }, 1s));
  BOOST_TEST(two.bob.had("garbage"));
}

BOOST_AUTO_TEST_CASE(a_tls_handshake_that_never_comes_is_given_up) {
  net::SimNetwork network(4);
  struct Listener final : net::Node {
  } silent;
  network.listen(silent, {bob_ip, 5061}).value();
  UserAgentConfig config;
  config.tls.client = tls::Config{};
  Person alice(network, config);
  InviteOptions options;
  options.target = {Transport::tls, {bob_ip, 5061}, {}, {}};
  alice.agent.invite(options).value();
  BOOST_TEST(network.run_until([&] { return !alice.events.empty(); }, network.now() + 21s));
  BOOST_TEST(alice.events.front().find("took too long during the TLS handshake") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_connection_lost_in_a_call_setup_fails_it) {
  Two two;
  two.bob.answers.reset();
  two.call(Transport::tcp);
  BOOST_TEST(two.until([&] { return two.bob.had("call"); }));
  two.bob.agent.disconnect(two.bob.agent.hop_of(two.bob.call)->connection);
  BOOST_TEST(two.until([&] { return two.alice.events.size() >= 2; }, 5s));
  BOOST_TEST(two.alice.had("closed"));
  BOOST_TEST(two.alice.had("failed: the connection was closed by the other side"));
}

BOOST_AUTO_TEST_SUITE_END()
