// Peers that stall, flood and half-close: each reaches a limit, which is told, and loses its own connection.
#include "net/sim_network.hpp"
#include "ua/test_person.hpp"
#include "ua/test_puppet.hpp"

using namespace sipvet;
using namespace sipvet::ua;
using namespace sipvet::ua::test;

namespace {

// Answers OPTIONS, and writes down which limits were reached by whom.
struct Server final : UserAgentHandler {
  UserAgent agent;
  std::vector<std::string> hits;
  CallId call = CallId::none;
  static UserAgentConfig config(TransportLimits limits) {
    UserAgentConfig made;
    made.tls.limits = limits;
    return made;
  }
  Server(net::Network& network, TransportLimits limits) : agent(network, config(limits), *this) {
    for (const Transport each : {Transport::udp, Transport::tcp}) agent.listen(each, {bob_ip, 5060}).value();
  }
  void on_incoming_call(CallId id, const Hop&, const sip::Message&) override { call = id; }
  void on_limit(const Hop& hop, const LimitHit& hit) override {
    hits.push_back(std::string(name(hit.limit)) + " " + to_string(hop.remote.ip));
  }
};

struct Lab {
  net::SimNetwork network{5};
  Server server;
  Puppet puppet{network}, other{network};
  explicit Lab(TransportLimits limits) : server(network, limits) {
    other.transport.listen(Transport::tcp, {IpAddress::v4(10, 0, 0, 4), 5060}).value();
    puppet.transport.listen(Transport::tcp, Puppet::at()).value();
    puppet.transport.listen(Transport::udp, Puppet::at()).value();
  }
  static Target at(Transport transport = Transport::tcp) { return {transport, {bob_ip, 5060}, {}, {}}; }
  void wait(Duration time = 50ms) {
    network.run_until([] { return false; }, network.now() + time);
  }
  void options(Puppet& who, int number, Transport transport = Transport::tcp) {
    Exact exact;
    exact.method = "OPTIONS";
    exact.branch = "z9hG4bK" + std::to_string(number);
    exact.cseq = number;
    exact.via = transport == Transport::tcp ? "SIP/2.0/TCP 10.0.0.3:5060" : exact.via;
    who.transport.send_octets(as_bytes(exact.text()), at(transport)).value();
  }
  // Whether the other one is served.
  bool serves_another() {
    const long before = other.count("200 OPTIONS");
    options(other, 1000 + static_cast<int>(before));
    wait();
    return other.count("200 OPTIONS") == before + 1;
  }
};

using Hits = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(transport_limits)

BOOST_AUTO_TEST_CASE(names_are_those_of_the_properties) {
  BOOST_TEST(name(Limit::connections) == "connections");
  BOOST_TEST(name(Limit::half_closed_time) == "halfClosedTime");
}

BOOST_AUTO_TEST_CASE(connections_in_all_and_from_one_address) {
  for (const bool in_all : {true, false}) {
    TransportLimits limits;
    (in_all ? limits.connections : limits.connections_per_address) = 2;
    Lab lab(limits);
    BOOST_TEST(lab.serves_another()); // over a connection of its own
    for (int i = 0; i < 4; ++i) lab.puppet.transport.connect(Lab::at()).value();
    lab.wait();
    const std::size_t kept = in_all ? 1 : 2;
    BOOST_TEST(lab.puppet.transport.connections() == kept);
    BOOST_TEST(lab.server.hits == Hits(4 - kept, (in_all ? "connections " : "connectionsPerAddress ") +
                                                     std::string("10.0.0.3")),
               boost::test_tools::per_element());
    BOOST_TEST(lab.serves_another());
  }
}

BOOST_AUTO_TEST_CASE(a_message_that_is_not_complete_in_time) {
  TransportLimits limits;
  limits.message_time = 2s;
  Lab lab(limits);
  const Hop hop = lab.puppet.transport.connect(Lab::at()).value();
  Target over = Lab::at();
  over.connection = hop.connection;
  lab.puppet.transport.send_octets(as_bytes(std::string_view("\r\n")), over).value();
  lab.wait(5s); // nothing has begun: that was a keep-alive
  BOOST_TEST(!lab.puppet.closed);
  for (const char* piece : {"OPTI", "ONS ", "sip:", "x"}) { // a piece now and then wins no time
    lab.puppet.transport.send_octets(as_bytes(std::string_view(piece)), over).value();
    lab.wait(600ms);
  }
  BOOST_TEST(lab.puppet.closed);
  BOOST_TEST(lab.server.hits == Hits{"messageTime 10.0.0.3"}, boost::test_tools::per_element());
  BOOST_TEST(lab.serves_another());
}

BOOST_AUTO_TEST_CASE(messages_that_come_one_after_the_other_have_time_each) {
  TransportLimits limits;
  limits.message_time = 2s;
  Lab lab(limits);
  Exact exact;
  exact.method = "OPTIONS";
  exact.via = "SIP/2.0/TCP 10.0.0.3:5060";
  for (int i = 1; i <= 6; ++i) { // each read ends one and begins the next
    exact.branch = "z9hG4bK" + std::to_string(i);
    const std::string text = exact.text();
    const std::string rest = i == 1 ? text : text.substr(10);
    exact.branch = "z9hG4bK" + std::to_string(i + 1);
    lab.puppet.transport.send_octets(as_bytes(rest + exact.text().substr(0, 10)), Lab::at()).value();
    lab.wait(1s);
  }
  BOOST_TEST(!lab.puppet.closed);
  BOOST_TEST(lab.puppet.count("200 OPTIONS") == 6);
}

BOOST_AUTO_TEST_CASE(messages_that_are_too_long) {
  TransportLimits limits;
  limits.head_octets = 400;
  limits.body_octets = 100;
  {
    Lab lab(limits);
    Exact exact;
    exact.via = "SIP/2.0/TCP 10.0.0.3:5060";
    exact.body = std::string(101, 'x');
    lab.puppet.transport.send_octets(as_bytes(exact.text()), Lab::at()).value();
    lab.wait();
    BOOST_TEST(lab.puppet.count("413 INVITE") == 1);
    BOOST_TEST(lab.puppet.closed);
    BOOST_TEST((lab.server.call == CallId::none));
    BOOST_TEST(lab.server.hits == Hits{"bodyOctets 10.0.0.3"}, boost::test_tools::per_element());
  }
  Lab lab(limits);
  Exact exact;
  exact.extra = "Subject: " + std::string(400, 'x') + "\r\n";
  lab.puppet.transport.send_octets(as_bytes(exact.text()), Lab::at()).value();
  lab.wait();
  BOOST_TEST(lab.puppet.closed);
  BOOST_TEST(lab.server.hits == Hits{"headOctets 10.0.0.3"}, boost::test_tools::per_element());
  BOOST_TEST(lab.serves_another());
}

BOOST_AUTO_TEST_CASE(requests_in_a_second) {
  for (const Transport transport : {Transport::tcp, Transport::udp}) {
    TransportLimits limits;
    limits.requests_per_second = 3;
    Lab lab(limits);
    for (int i = 1; i <= 6; ++i) lab.options(lab.puppet, i, transport);
    lab.wait();
    BOOST_TEST(lab.puppet.count("200 OPTIONS") == 3);
    BOOST_TEST(lab.puppet.count("503 OPTIONS") == 3);
    BOOST_TEST((lab.puppet.last("503 OPTIONS")->header("Retry-After") == "1"));
    lab.wait(1s);
    lab.options(lab.puppet, 7, transport);
    lab.wait();
    BOOST_TEST(lab.puppet.count("200 OPTIONS") == 4); // another second
    for (int i = 8; i <= 20; ++i) lab.options(lab.puppet, i, transport);
    lab.wait();
    BOOST_TEST(lab.puppet.closed == (transport == Transport::tcp));
    BOOST_TEST(lab.puppet.count("503 OPTIONS") == 6);
    BOOST_TEST(lab.serves_another());
  }
}

BOOST_AUTO_TEST_CASE(requests_that_wait) {
  TransportLimits limits;
  limits.transactions = 2;
  Lab lab(limits);
  Exact exact;
  exact.via = "SIP/2.0/TCP 10.0.0.3:5060";
  for (int i = 1; i <= 3; ++i) {
    exact.branch = "z9hG4bKi" + std::to_string(i);
    exact.call_id = "c" + std::to_string(i);
    lab.puppet.transport.send_octets(as_bytes(exact.text()), Lab::at()).value();
  }
  lab.wait();
  BOOST_TEST(lab.puppet.count("100 INVITE") == 2);
  BOOST_TEST(lab.puppet.count("503 INVITE") == 1);
  BOOST_TEST(!lab.puppet.closed);
}

// RFC 3261 §18.2.2: the response goes over the connection of its request.
BOOST_AUTO_TEST_CASE(connections_that_are_half_closed) {
  TransportLimits limits;
  limits.half_closed_time = 3s;
  for (const bool answered : {true, false}) {
    Lab lab(limits);
    Exact exact;
    exact.via = "SIP/2.0/TCP 10.0.0.3:5060";
    const Hop hop = lab.puppet.transport.send_octets(as_bytes(exact.text()), Lab::at()).value();
    lab.wait();
    lab.puppet.transport.finish(hop.connection);
    lab.wait(1s);
    BOOST_TEST(!lab.puppet.closed); // it waits for its final response
    if (answered) lab.server.agent.reject(lab.server.call, 486).value();
    lab.wait(1s);
    BOOST_TEST(lab.puppet.closed == answered);
    BOOST_TEST(lab.puppet.count("486 INVITE") == (answered ? 1 : 0));
    if (answered) BOOST_TEST((lab.puppet.hops.back().connection == hop.connection));
    lab.wait(2s);
    BOOST_TEST(lab.puppet.closed);
    BOOST_TEST(lab.server.hits == (answered ? Hits{} : Hits{"halfClosedTime 10.0.0.3"}),
               boost::test_tools::per_element());
  }
  Lab lab(limits); // nothing was asked
  const Hop hop = lab.puppet.transport.connect(Lab::at()).value();
  lab.wait();
  lab.puppet.transport.finish(hop.connection);
  lab.wait();
  BOOST_TEST(lab.puppet.closed);
  BOOST_TEST(lab.server.hits.empty());
}

BOOST_AUTO_TEST_SUITE_END()
