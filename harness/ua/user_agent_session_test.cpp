// Session timers between two user agents, and against exact messages (RFC 4028).
#include "ua/test_person.hpp"
#include "ua/test_puppet.hpp"

using namespace sipvet;
using namespace sipvet::ua;
using namespace sipvet::ua::test;

namespace {

UserAgentConfig timed(std::uint32_t interval, std::uint32_t minimum = 90,
                      std::optional<sip::Refresher> refresher = {}) {
  UserAgentConfig config;
  config.session_timer = {true, interval, minimum, refresher};
  return config;
}

struct Pair {
  net::SimNetwork network{3};
  Person alice, bob;
  Pair(UserAgentConfig a, UserAgentConfig b) : alice(network, std::move(a)), bob(network, std::move(b)) {
    alice.agent.listen(Transport::tcp, {alice_ip, 5060}).value();
    bob.agent.listen(Transport::tcp, {bob_ip, 5060}).value();
    InviteOptions options;
    options.target = Two::bob_at(Transport::tcp);
    options.body = Body{"v=0", "application/sdp"};
    alice.call = alice.agent.invite(options).value();
  }
  bool until(const std::function<bool()>& done, Duration within = 50s) {
    return network.run_until(done, network.now() + within);
  }
  void wait(Duration time) {
    (void)until([] { return false; }, time);
  }
  bool connected() {
    return until([&] { return bob.had("confirmed"); });
  }
};

struct WithPuppet {
  net::SimNetwork network{5};
  Person bob;
  Puppet puppet{network};
  explicit WithPuppet(UserAgentConfig config) : bob(network, std::move(config)) {
    bob.agent.listen(Transport::udp, {bob_ip, 5060}).value();
    puppet.transport.listen(Transport::udp, Puppet::at()).value();
  }
  bool until(const std::function<bool()>& done, Duration within = 50s) {
    return network.run_until(done, network.now() + within);
  }
  void send(const Exact& exact) {
    puppet.transport.send_octets(as_bytes(exact.text()), {Transport::udp, {bob_ip, 5060}, {}, {}}).value();
  }
  void call_puppet() {
    InviteOptions options;
    options.target = {Transport::udp, Puppet::at(), {}, {}};
    bob.call = bob.agent.invite(options).value();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_session)

BOOST_AUTO_TEST_CASE(the_caller_refreshes_by_update_as_long_as_the_call_lasts) {
  Pair pair(timed(100), timed(0));
  BOOST_TEST_REQUIRE(pair.connected());
  pair.wait(49s);
  BOOST_TEST(pair.alice.times("> UPDATE") == 0);
  pair.wait(2s);
  BOOST_TEST(pair.alice.times("> UPDATE") == 1);
  pair.wait(1000s);
  BOOST_TEST(pair.alice.times("> UPDATE") >= 20);
  BOOST_TEST(!pair.bob.had("ended by remote"));
  BOOST_TEST(pair.bob.times("> UPDATE") == 0);
  pair.alice.agent.hang_up(pair.alice.call).value();
  BOOST_TEST(pair.until([&] { return pair.alice.had("ended"); }));
  const long updates = pair.alice.times("> UPDATE");
  pair.wait(1000s);
  BOOST_TEST(pair.alice.times("> UPDATE") == updates);
}

BOOST_AUTO_TEST_CASE(the_callee_refreshes_where_it_shall) {
  Pair pair(timed(100, 90, sip::Refresher::uas), timed(0));
  BOOST_TEST_REQUIRE(pair.connected());
  pair.wait(500s);
  BOOST_TEST(pair.bob.times("> UPDATE") >= 9);
  BOOST_TEST(pair.alice.times("> UPDATE") == 0);
}

BOOST_AUTO_TEST_CASE(without_the_extension_there_is_no_session_timer) {
  Pair pair(timed(100), {});
  BOOST_TEST_REQUIRE(pair.connected());
  pair.wait(500s);
  BOOST_TEST(pair.alice.times("> UPDATE") == 0);
  BOOST_TEST(!pair.alice.had("ended"));
}

BOOST_AUTO_TEST_CASE(a_refresher_that_does_not_refresh_loses_the_call) {
  UserAgentConfig lazy = timed(90);
  lazy.deviations.no_session_refresh = true;
  Pair pair(std::move(lazy), timed(0));
  BOOST_TEST_REQUIRE(pair.connected());
  pair.wait(59s);
  BOOST_TEST(!pair.alice.had("ended by remote"));
  pair.wait(2s); // 90 s less a third
  BOOST_TEST(pair.bob.had("expired"));
  BOOST_TEST(pair.alice.had("ended by remote"));
}

BOOST_AUTO_TEST_CASE(a_session_that_is_kept_too_long) {
  UserAgentConfig lazy = timed(90), patient = timed(0);
  lazy.deviations.no_session_refresh = true;
  patient.deviations.no_session_end = true;
  Pair pair(std::move(lazy), std::move(patient));
  BOOST_TEST_REQUIRE(pair.connected());
  pair.wait(500s);
  BOOST_TEST(!pair.alice.had("ended by remote"));
}

BOOST_AUTO_TEST_CASE(a_short_interval_is_refused_and_asked_for_again) {
  Pair pair(timed(100), timed(0, 600));
  BOOST_TEST_REQUIRE(pair.connected());
  BOOST_TEST(pair.alice.times("< 422") == 1);
  BOOST_TEST(pair.alice.times("> INVITE") == 2);
  BOOST_TEST((pair.alice.finals == std::vector<int>{200}));
  pair.wait(299s);
  BOOST_TEST(pair.alice.times("> UPDATE") == 0);
  pair.wait(2s);
  BOOST_TEST(pair.alice.times("> UPDATE") == 1);
}

BOOST_AUTO_TEST_CASE(a_422_without_min_se_is_the_outcome) {
  WithPuppet lab(timed(100));
  lab.puppet.act = [&](const sip::Message& request, const Hop& hop) {
    if (request.method() == "INVITE") lab.puppet.respond(request, hop, 422);
  };
  lab.call_puppet();
  BOOST_TEST(lab.until([&] { return !lab.bob.finals.empty(); }));
  BOOST_TEST((lab.bob.finals == std::vector<int>{422}));
}

// The same Min-SE again and again must not go on for ever.
BOOST_AUTO_TEST_CASE(a_422_that_asks_for_what_it_got_is_the_outcome) {
  WithPuppet lab(timed(100));
  lab.puppet.act = [&](const sip::Message& request, const Hop& hop) {
    if (request.method() == "INVITE") lab.puppet.respond(request, hop, 422, "", {{"Min-SE", "200"}});
  };
  lab.call_puppet();
  BOOST_TEST(lab.until([&] { return !lab.bob.finals.empty(); }));
  BOOST_TEST(lab.puppet.count("INVITE") == 2);
  BOOST_TEST((lab.puppet.last("INVITE")->header("Session-Expires") == "200"));
  BOOST_TEST((lab.puppet.last("INVITE")->header("Min-SE") == "200"));
}

BOOST_AUTO_TEST_CASE(a_peer_without_update_is_asked_by_invite) {
  WithPuppet lab(timed(100));
  lab.puppet.act = [&](const sip::Message& request, const Hop& hop) {
    if (request.method() == "INVITE")
      lab.puppet.respond(request, hop, 200, "<sip:puppet@10.0.0.3>",
                         {{"Session-Expires", "100;refresher=uac"}});
  };
  lab.call_puppet();
  BOOST_TEST(lab.until([&] { return lab.bob.had("refresh"); }, 55s));
  lab.bob.agent.reinvite(lab.bob.call, Body{"v=0", "application/sdp"}).value();
  BOOST_TEST(lab.until([&] { return lab.puppet.count("INVITE") == 2; }, 1s));
  BOOST_TEST((lab.puppet.last("INVITE")->header("Session-Expires") == "100;refresher=uac"));
  lab.bob.events.clear();
  BOOST_TEST(lab.until([&] { return lab.bob.had("refresh"); }, 55s)); // and again
}

BOOST_AUTO_TEST_CASE(a_refresh_that_fails) {
  for (const int status : {481, 408, 0, 500}) {
    WithPuppet lab(timed(100));
    lab.puppet.act = [&](const sip::Message& request, const Hop& hop) {
      if (request.method() == "INVITE")
        lab.puppet.respond(request, hop, 200, "<sip:puppet@10.0.0.3>",
                           {{"Session-Expires", "100;refresher=uac"}, {"Allow", "INVITE, UPDATE"}});
      else if (request.method() == "UPDATE" && status != 0)
        lab.puppet.respond(request, hop, status, "");
    };
    lab.call_puppet();
    BOOST_TEST(lab.until([&] { return lab.puppet.count("UPDATE") > 0; }, 55s));
    const Instant asked = lab.network.now();
    BOOST_TEST(lab.until([&] { return lab.puppet.count("BYE") > 0; }, 60s));
    const bool at_once = status == 481 || status == 408;
    BOOST_TEST((lab.network.now() - asked < 1s) == at_once, status);
    BOOST_TEST(lab.bob.had("expired"));
  }
}

BOOST_AUTO_TEST_CASE(updates_that_come) {
  WithPuppet lab(timed(0, 120));
  Exact exact;
  exact.extra = "Supported: timer\r\nSession-Expires: 130\r\n";
  exact.body = "v=0\r\n";
  lab.send(exact);
  BOOST_TEST_REQUIRE(lab.until([&] { return lab.puppet.last("200 INVITE") != nullptr; }));
  const sip::Message ok = *lab.puppet.last("200 INVITE");
  BOOST_TEST((ok.header("Session-Expires") == "130;refresher=uac"));
  BOOST_TEST((ok.header("Require") == "timer"));
  exact.to_tag = dialog::to_tag(ok);
  exact.method = "ACK";
  exact.branch += "a";
  exact.extra.clear();
  exact.body.clear();
  lab.send(exact);
  const auto update = [&](int cseq, const std::string& extra, const std::string& body = {}) {
    exact.method = "UPDATE";
    exact.branch += "u";
    exact.cseq = cseq;
    exact.extra = extra;
    exact.body = body;
    lab.puppet.got.clear();
    lab.send(exact);
    (void)lab.until([&] { return !lab.puppet.got.empty(); });
    return lab.puppet.got.empty() ? 0 : lab.puppet.got.back().status();
  };
  BOOST_TEST(update(2, "Supported: timer\r\nSession-Expires: 100\r\n") == 422);
  BOOST_TEST((lab.puppet.got.back().header("Min-SE") == "120"));
  BOOST_TEST(update(3, "Require: timer\r\nSession-Expires: 200;refresher=uas\r\n") == 200);
  BOOST_TEST((lab.puppet.got.back().header("Session-Expires") == "200;refresher=uas"));
  BOOST_TEST(lab.puppet.got.back().header("Contact").has_value());
  BOOST_TEST(update(4, "Require: nothing\r\n") == 420);
  BOOST_TEST((lab.puppet.got.back().header("Unsupported") == "nothing"));
  BOOST_TEST(update(5, "", "v=0\r\n") == 488);
  BOOST_TEST(update(3, "") == 500); // out of order
  // It is the refresher now, and the puppet allows no UPDATE.
  BOOST_TEST(lab.until([&] { return lab.bob.had("refresh"); }, 101s));
}

BOOST_AUTO_TEST_SUITE_END()
