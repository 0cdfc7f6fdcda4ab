// A user agent whose requests are challenged: INVITE, re-INVITE, BYE and REGISTER go out again with
// credentials.
#include "sip/cseq.hpp"
#include "ua/digest_server.hpp"
#include "ua/test_person.hpp"
#include "ua/test_puppet.hpp"

using namespace sipvet;
using namespace sipvet::ua;
using namespace sipvet::ua::test;

namespace {

// A server that takes nothing without credentials, made of a puppet.
struct Lab {
  net::SimNetwork network{5};
  SeededRandom random{9};
  DigestServer digest{{.realm = "lab.test", .accounts = {{"alice", "secret"}}}, random};
  Puppet puppet{network};
  std::vector<std::string> accepted;
  bool proxy = false, stale_once = false;

  Lab() {
    puppet.transport.listen(Transport::tcp, Puppet::at()).value();
    puppet.act = [this](const sip::Message& request, const Hop& hop) {
      if (request.method() == "ACK") return;
      const auto checked = digest.check(request, proxy, network.now());
      if (checked.user.empty() || std::exchange(stale_once, false)) {
        HeaderValues asked;
        for (std::string& text : digest.challenges(!checked.user.empty(), network.now()))
          asked.emplace_back(proxy ? "Proxy-Authenticate" : "WWW-Authenticate", text);
        return puppet.respond(request, hop, proxy ? 407 : 401, "", asked);
      }
      accepted.push_back(request.method());
      puppet.respond(request, hop, 200, "<sip:puppet@10.0.0.3;transport=tcp>");
    };
  }
  Target target() const { return {Transport::tcp, Puppet::at(), {}, {}}; }
  static UserAgentConfig config(const std::string& password) {
    UserAgentConfig made;
    made.user = "alice";
    made.accounts = {{"", "alice", password}};
    return made;
  }
  bool until(const std::function<bool()>& done) { return network.run_until(done, network.now() + 40s); }
  void call(Person& person) {
    InviteOptions options;
    options.target = target();
    person.call = person.agent.invite(options).value();
  }
};

std::uint32_t cseq_of(const sip::Message& message) {
  return sip::parse_cseq(message.header("CSeq").value()).value().number;
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_digest)

BOOST_AUTO_TEST_CASE(a_call_is_made_with_credentials_from_its_invite_to_its_bye) {
  for (const bool proxy : {false, true}) {
    Lab lab;
    lab.proxy = proxy;
    Person alice{lab.network, Lab::config("secret")};
    lab.call(alice);
    BOOST_TEST_REQUIRE(lab.until([&] { return lab.puppet.count("ACK") == 2; })); // of the 401, and of the 200
    BOOST_TEST((alice.finals == std::vector<int>{200}));
    const sip::Message& ack = *lab.puppet.last("ACK");
    const sip::Message& invite = *lab.puppet.last("INVITE");
    const char* field = proxy ? "Proxy-Authorization" : "Authorization";
    BOOST_TEST_REQUIRE(invite.header(field).has_value());
    BOOST_TEST((ack.header(field) == invite.header(field))); // RFC 3261 §22.1
    BOOST_TEST(cseq_of(ack) == 2u);
    BOOST_TEST(cseq_of(invite) == 2u);
    BOOST_TEST((lab.puppet.got.front().header("Call-ID") == invite.header("Call-ID")));
    BOOST_TEST((lab.puppet.got.front().header("From") == invite.header("From")));

    alice.agent.reinvite(alice.call, Body{"v=0", "application/sdp"}).value();
    BOOST_TEST_REQUIRE(lab.until([&] { return lab.accepted.size() == 2; }));
    BOOST_TEST_REQUIRE(lab.until([&] { return lab.puppet.count("ACK") == 3; }));
    alice.agent.hang_up(alice.call).value();
    BOOST_TEST(lab.until([&] { return alice.had("ended"); }));
    BOOST_TEST((lab.accepted == std::vector<std::string>{"INVITE", "INVITE", "BYE"}));
    BOOST_TEST(lab.puppet.count("BYE") == 1); // it knew the challenge
  }
}

BOOST_AUTO_TEST_CASE(a_stale_nonce_in_the_middle_of_a_call_is_replaced) {
  Lab lab;
  Person alice{lab.network, Lab::config("secret")};
  lab.call(alice);
  BOOST_TEST_REQUIRE(lab.until([&] { return lab.puppet.count("ACK") == 2; }));
  lab.stale_once = true;
  alice.agent.hang_up(alice.call).value();
  BOOST_TEST(lab.until([&] { return alice.had("ended"); }));
  BOOST_TEST(lab.puppet.count("BYE") == 2);
  BOOST_TEST(cseq_of(*lab.puppet.last("BYE")) == 4u);
}

BOOST_AUTO_TEST_CASE(a_register_is_repeated_with_credentials_and_the_next_one_has_them_at_once) {
  Lab lab;
  Person alice{lab.network, Lab::config("secret")};
  const HeaderValues headers = {{"To", "<sip:alice@lab.test>"}, {"CSeq", "7 REGISTER"}};
  alice.agent.request("REGISTER", lab.target(), "sip:lab.test", {}, headers).value();
  BOOST_TEST(lab.until([&] { return !alice.finals.empty(); }));
  BOOST_TEST((alice.finals == std::vector<int>{200}));
  BOOST_TEST(cseq_of(*lab.puppet.last("REGISTER")) == 8u);
  alice.agent.request("REGISTER", lab.target(), "sip:lab.test", {}, headers).value();
  BOOST_TEST(lab.until([&] { return alice.finals.size() == 2; }));
  BOOST_TEST(lab.puppet.count("REGISTER") == 3);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_tried_once) {
  Lab lab;
  Person alice{lab.network, Lab::config("guess")};
  lab.call(alice);
  BOOST_TEST(lab.until([&] { return !alice.finals.empty(); }));
  BOOST_TEST((alice.finals == std::vector<int>{401}));
  BOOST_TEST(lab.puppet.count("INVITE") == 2);
  BOOST_TEST((alice.agent.state(alice.call) == CallState::ended));
}

BOOST_AUTO_TEST_CASE(without_an_account_the_challenge_is_the_outcome) {
  Lab lab;
  Person alice{lab.network};
  lab.call(alice);
  BOOST_TEST(lab.until([&] { return !alice.finals.empty(); }));
  BOOST_TEST((alice.finals == std::vector<int>{401}));
  BOOST_TEST(lab.puppet.count("INVITE") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
