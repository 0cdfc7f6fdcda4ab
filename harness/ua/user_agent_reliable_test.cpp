// Reliable provisional responses between two user agents, and against exact messages (RFC 3262).
#include "ua/test_person.hpp"
#include "ua/test_puppet.hpp"

using namespace sipvet;
using namespace sipvet::ua;
using namespace sipvet::ua::test;

namespace {

UserAgentConfig reliable(ReliableProvisional use) {
  UserAgentConfig config;
  config.reliable_provisional = use;
  return config;
}

struct Lab {
  net::SimNetwork network{5};
  Person bob;
  Puppet puppet{network};
  explicit Lab(UserAgentConfig config) : bob(network, std::move(config)) {
    bob.answers.reset();
    bob.agent.listen(Transport::udp, {bob_ip, 5060}).value();
    puppet.transport.listen(Transport::udp, Puppet::at()).value();
  }
  bool until(const std::function<bool()>& done, Duration within = 50s) {
    return network.run_until(done, network.now() + within);
  }
  void wait(Duration time) {
    (void)until([] { return false; }, time);
  }
  void send(const Exact& exact) {
    puppet.transport.send_octets(as_bytes(exact.text()), {Transport::udp, {bob_ip, 5060}, {}, {}}).value();
  }
  // The 180 to an INVITE of the puppet.
  sip::Message ringing(const std::string& extra = "Supported: 100rel\r\n") {
    Exact exact;
    exact.extra = extra;
    exact.body = "v=0";
    send(exact);
    (void)until([&] { return puppet.last("180 INVITE") != nullptr; });
    return puppet.last("180 INVITE") ? *puppet.last("180 INVITE") : sip::Message::response(0, "none");
  }
  int prack(const sip::Message& to, const std::string& rack, int cseq = 2) {
    Exact exact;
    exact.method = "PRACK";
    exact.branch = "z9hG4bKp" + std::to_string(cseq);
    exact.cseq = cseq;
    exact.to_tag = dialog::to_tag(to);
    if (!rack.empty()) exact.extra = "RAck: " + rack + "\r\n";
    const std::size_t before = puppet.got.size();
    send(exact);
    (void)until([&] { return puppet.got.size() > before; }, 2s);
    return puppet.got.size() > before ? puppet.got.back().status() : 0;
  }
};

std::string rack_of(const sip::Message& response) {
  return std::string(response.header("RSeq").value_or("0")) + " 1 INVITE";
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_reliable)

BOOST_AUTO_TEST_CASE(ringing_is_acknowledged_and_the_call_goes_on) {
  net::SimNetwork network{3};
  Person alice{network, reliable(ReliableProvisional::supported)};
  Person bob{network, reliable(ReliableProvisional::required)};
  alice.agent.listen(Transport::tcp, {alice_ip, 5060}).value();
  bob.agent.listen(Transport::tcp, {bob_ip, 5060}).value();
  bob.answers.reset();
  InviteOptions options;
  options.target = Two::bob_at(Transport::tcp);
  alice.call = alice.agent.invite(options).value();
  const auto until = [&](const std::function<bool()>& done) {
    return network.run_until(done, network.now() + 9s);
  };
  BOOST_TEST_REQUIRE(until([&] { return alice.times("< 200") == 1; })); // of PRACK
  bob.agent.answer(bob.call, 200, Body{"v=0", "application/sdp"}).value();
  BOOST_TEST_REQUIRE(until([&] { return bob.had("confirmed"); }));
  alice.agent.hang_up(alice.call).value(); // with a CSeq number above that of PRACK
  BOOST_TEST(until([&] { return alice.had("ended"); }));
  const std::vector<std::string> ladder = {"> INVITE", "< 100", "< 180", "> PRACK", "< 200",
                                           "< 200",    "> ACK", "> BYE", "< 200"};
  BOOST_TEST(alice.seen == ladder, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(who_wants_what) {
  using enum ReliableProvisional;
  struct Row {
    ReliableProvisional callee;
    const char* caller;
    int status;
    bool reliable;
  };
  const Row rows[] = {
      {never, "", 180, false},
      {never, "Supported: 100rel\r\n", 180, false},
      {never, "Require: 100rel\r\n", 420, false},
      {supported, "", 180, false},
      {supported, "Supported: 100rel\r\n", 180, true},
      {supported, "Require: 100rel\r\n", 180, true},
      {required, "", 421, false},
      {required, "Supported: 100rel\r\n", 180, true},
  };
  for (const Row& row : rows) {
    Lab lab(reliable(row.callee));
    Exact exact;
    exact.extra = row.caller;
    lab.send(exact);
    BOOST_TEST(lab.until([&] { return lab.puppet.last(std::to_string(row.status) + " INVITE") != nullptr; }));
    const sip::Message& got = *lab.puppet.last(std::to_string(row.status) + " INVITE");
    BOOST_TEST(got.header("RSeq").has_value() == row.reliable);
    if (row.status == 421) BOOST_TEST((got.header("Require") == "100rel"));
  }
}

BOOST_AUTO_TEST_CASE(it_is_repeated_until_acknowledged) {
  Lab lab(reliable(ReliableProvisional::supported));
  const sip::Message first = lab.ringing();
  lab.wait(4s); // repeated after 0.5, 1.5 and 3.5 s
  BOOST_TEST(lab.puppet.count("180 INVITE") == 4);
  BOOST_TEST((lab.puppet.last("180 INVITE")->header("RSeq") == first.header("RSeq")));
  BOOST_TEST(lab.prack(first, rack_of(first)) == 200);
  lab.wait(30s);
  BOOST_TEST(lab.puppet.count("180 INVITE") == 4);
  BOOST_TEST(lab.prack(first, rack_of(first), 3) == 481); // nothing is due any more
}

BOOST_AUTO_TEST_CASE(nobody_acknowledges) {
  Lab lab(reliable(ReliableProvisional::supported));
  (void)lab.ringing();
  BOOST_TEST(!lab.until([&] { return lab.puppet.last("504 INVITE") != nullptr; }, 31s));
  BOOST_TEST(lab.until([&] { return lab.puppet.last("504 INVITE") != nullptr; }, 2s)); // 64*T1
  BOOST_TEST(lab.bob.had("failed: no PRACK came for the provisional response"));
}

BOOST_AUTO_TEST_CASE(acknowledgements_of_something_else) {
  Lab lab(reliable(ReliableProvisional::supported));
  const sip::Message first = lab.ringing();
  const std::string rseq(first.header("RSeq").value());
  int cseq = 2;
  for (const std::string& bad :
       {std::string(), std::string("1"), std::to_string(std::stoul(rseq) + 1) + " 1 INVITE",
        rseq + " 2 INVITE", rseq + " 1 UPDATE"})
    BOOST_TEST(lab.prack(first, bad, cseq++) == 481, bad);
  BOOST_TEST(lab.prack(first, rseq + " 1 INVITE", cseq) == 200);
}

BOOST_AUTO_TEST_CASE(one_at_a_time_and_the_answer_after_a_description) {
  for (const bool described : {false, true}) {
    Lab lab(reliable(ReliableProvisional::supported));
    const sip::Message first = lab.ringing();
    std::optional<Body> body;
    if (described) body = Body{"v=0", "application/sdp"};
    lab.bob.agent.provisional(lab.bob.call, 183, body).value();
    lab.wait(100ms);
    BOOST_TEST(lab.puppet.count("183 INVITE") == 0);
    BOOST_TEST(lab.prack(first, rack_of(first)) == 200);
    BOOST_TEST_REQUIRE(lab.until([&] { return lab.puppet.count("183 INVITE") == 1; }, 1s));
    const sip::Message second = *lab.puppet.last("183 INVITE");
    BOOST_TEST(std::stoul(std::string(second.header("RSeq").value())) ==
               std::stoul(std::string(first.header("RSeq").value())) + 1);
    lab.bob.agent.answer(lab.bob.call, 200, Body{"v=0", "application/sdp"}).value();
    lab.wait(100ms);
    BOOST_TEST(lab.puppet.count("200 INVITE") == (described ? 0 : 1));
    BOOST_TEST(lab.prack(second, rack_of(second), 3) == (described ? 200 : 481));
    BOOST_TEST(lab.until([&] { return lab.puppet.count("200 INVITE") >= 1; }, 1s));
  }
}

BOOST_AUTO_TEST_CASE(the_caller_takes_each_number_once_and_in_order) {
  Lab lab(reliable(ReliableProvisional::supported));
  std::optional<std::pair<sip::Message, Hop>> invite;
  lab.puppet.act = [&](const sip::Message& request, const Hop& hop) {
    if (request.method() == "INVITE") invite = {request, hop};
    if (request.method() == "PRACK") lab.puppet.respond(request, hop, 200, "");
  };
  InviteOptions options;
  options.target = {Transport::udp, Puppet::at(), {}, {}};
  lab.bob.call = lab.bob.agent.invite(options).value();
  BOOST_TEST_REQUIRE(lab.until([&] { return invite.has_value(); }));
  BOOST_TEST((invite->first.header("Supported") == "100rel"));
  const auto ring = [&](const char* rseq, const char* require = "100rel") {
    lab.puppet.respond(invite->first, invite->second, 183, "<sip:puppet@10.0.0.3>",
                       {{"Require", require}, {"RSeq", rseq}});
    lab.wait(200ms);
    return lab.puppet.count("PRACK");
  };
  BOOST_TEST(ring("10", "other") == 0);
  BOOST_TEST(ring("10") == 1);
  BOOST_TEST((lab.puppet.last("PRACK")->header("RAck") == "10 1 INVITE"));
  BOOST_TEST(ring("10") == 1); // a repetition
  BOOST_TEST(ring("12") == 1); // one is missing
  BOOST_TEST(ring("11") == 2);
  BOOST_TEST(ring("12") == 3);
  BOOST_TEST(lab.bob.progress_tags.size() == 4u); // and the one that was not reliable
}

BOOST_AUTO_TEST_SUITE_END()
