#include "ua/test_person.hpp"

using namespace sipvet;
using namespace sipvet::ua;
using namespace sipvet::ua::test;

namespace {

// Alice knows three servers; Bob and Carol may be two of them, and nobody is the third.
struct Bed {
  net::SimNetwork network{1};
  Person alice{network};
  Person bob{network};
  Person carol{network};
  const Endpoint bob_at{bob_ip, 5060};
  const Endpoint carol_at{IpAddress::v4(10, 0, 0, 4), 5060};
  const Endpoint nobody_at{IpAddress::v4(10, 0, 0, 9), 5060};

  explicit Bed(Transport transport) {
    for (const auto& [who, at] :
         {std::pair(&alice, Endpoint{alice_ip, 5060}), {&bob, bob_at}, {&carol, carol_at}})
      who->agent.listen(transport, at).value();
  }
  void call(Transport transport, const Endpoint& first, std::vector<Endpoint> others) {
    InviteOptions options;
    options.target = {transport, first};
    for (const Endpoint& other : others) options.alternatives.push_back({transport, other});
    options.request_uri = "sip:service@example.test";
    alice.call = alice.agent.invite(options).value();
  }
  void pass(Duration time) {
    network.run_until([] { return false; }, network.now() + time);
  }
  // Calls that came to nothing.
  std::size_t failures() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        alice.events, [](const std::string& each) { return each.starts_with("failed: "); }));
  }
  const sip::Message& invite_at(Person& who) { return *who.agent.invite_of(who.call); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_failover)

// RFC 3263 §4.3: after a 503 the same request goes to the next server, in another transaction.
BOOST_AUTO_TEST_CASE(after_503) {
  Bed bed(Transport::tcp);
  bed.bob.answers = 503;
  bed.call(Transport::tcp, bed.bob_at, {bed.carol_at});
  bed.pass(1s);
  BOOST_TEST_REQUIRE(bed.alice.finals == std::vector<int>{200}, boost::test_tools::per_element());
  const sip::Message& first = bed.invite_at(bed.bob);
  const sip::Message& second = bed.invite_at(bed.carol);
  for (const char* same : {"Call-ID", "CSeq", "From", "To"})
    BOOST_TEST(first.header(same).value() == second.header(same).value());
  BOOST_TEST(first.uri() == second.uri());
  BOOST_TEST(first.header("Via").value() != second.header("Via").value());
  BOOST_TEST(second.headers("Via").size() == 1u);
}

BOOST_AUTO_TEST_CASE(other_refusals_are_final) {
  Bed bed(Transport::tcp);
  bed.bob.answers = 500;
  bed.call(Transport::tcp, bed.bob_at, {bed.carol_at});
  bed.pass(1s);
  BOOST_TEST(bed.alice.finals == std::vector<int>{500}, boost::test_tools::per_element());
  BOOST_TEST((bed.carol.call == CallId::none));
}

BOOST_AUTO_TEST_CASE(without_a_connection) {
  Bed bed(Transport::tcp);
  bed.call(Transport::tcp, bed.nobody_at, {bed.nobody_at, bed.carol_at});
  bed.pass(1s);
  BOOST_TEST(bed.alice.finals == std::vector<int>{200}, boost::test_tools::per_element());
  BOOST_TEST(bed.failures() == 0u);
}

BOOST_AUTO_TEST_CASE(without_an_answer) {
  Bed bed(Transport::udp);
  bed.call(Transport::udp, bed.nobody_at, {bed.carol_at});
  bed.pass(31s);
  BOOST_TEST(bed.alice.finals.empty());
  bed.pass(2s); // 64*T1 are over
  BOOST_TEST(bed.alice.finals == std::vector<int>{200}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(all_of_them_fail) {
  Bed bed(Transport::tcp);
  bed.bob.answers = 503;
  bed.call(Transport::tcp, bed.nobody_at, {bed.bob_at});
  bed.pass(1s);
  BOOST_TEST(bed.alice.finals == std::vector<int>{503}, boost::test_tools::per_element());
  bed.call(Transport::tcp, bed.bob_at, {bed.nobody_at});
  bed.pass(1s);
  BOOST_TEST(bed.failures() == 1u);
}

// Where a server has begun to work on it, only its own answer counts.
BOOST_AUTO_TEST_CASE(a_call_that_rings_stays) {
  Bed bed(Transport::tcp);
  bed.bob.answers.reset();
  bed.call(Transport::tcp, bed.bob_at, {bed.carol_at});
  bed.pass(1s);
  bed.bob.agent.reject(bed.bob.call, 503).value();
  bed.pass(1s);
  BOOST_TEST((bed.carol.call != CallId::none)); // 503 is such an answer
}

BOOST_AUTO_TEST_CASE(a_cancelled_call_goes_nowhere_else) {
  Bed bed(Transport::tcp);
  bed.call(Transport::tcp, bed.nobody_at, {bed.carol_at});
  bed.alice.agent.cancel(bed.alice.call).value();
  bed.pass(1s);
  BOOST_TEST((bed.carol.call == CallId::none));
}

BOOST_AUTO_TEST_CASE(a_reserved_id) {
  Bed bed(Transport::tcp);
  InviteOptions options;
  options.id = bed.alice.agent.reserve_call();
  options.target = {Transport::tcp, bed.bob_at};
  BOOST_TEST((bed.alice.agent.invite(options).value() == options.id));
  BOOST_TEST((bed.alice.agent.reserve_call() != options.id));
}

// Other requests as well: at the first server that is there and has no 503.
BOOST_AUTO_TEST_CASE(requests_outside_of_calls) {
  for (const bool allowed : {true, false}) {
    net::SimNetwork network{1};
    UserAgentConfig config;
    config.deviations.no_next_server = !allowed;
    Person alice{network, config};
    Person carol{network};
    const Endpoint carol_at{IpAddress::v4(10, 0, 0, 4), 5060}, nobody_at{IpAddress::v4(10, 0, 0, 9), 5060};
    alice.agent.listen(Transport::tcp, {alice_ip, 5060}).value();
    carol.agent.listen(Transport::tcp, carol_at).value();
    const auto asked = alice.agent.request("OPTIONS", {Transport::tcp, nobody_at}, "sip:example.test", {}, {},
                                           {{Transport::tcp, nobody_at}, {Transport::tcp, carol_at}});
    BOOST_TEST_REQUIRE(asked.has_value());
    network.run_until([] { return false; }, network.now() + 1s);
    BOOST_TEST(alice.finals.size() == (allowed ? 1u : 0u));
    BOOST_TEST(carol.times("< OPTIONS") == (allowed ? 1 : 0));
    BOOST_TEST(alice.had("failed: the connection was refused") == !allowed);
  }
}

BOOST_AUTO_TEST_SUITE_END()
