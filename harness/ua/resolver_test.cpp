#include "ua/resolver.hpp"

#include "net/sim_network.hpp"
#include "ua/test_dns.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::ua;
using namespace sipvet::ua::test;
using namespace std::chrono_literals;

namespace {

struct Bed {
  net::SimNetwork network{1};
  DnsServer server{network};
  Resolver resolver{network, {{dns_at}}};

  DnsAnswer ask(std::string_view name, dns::Type type = dns::Type::a) {
    std::optional<DnsAnswer> got;
    resolver.resolve(dns::parse_name(name).value(), type, [&](const DnsAnswer& answer) { got = answer; });
    network.run_until([&] { return got.has_value(); }, network.now() + 60s);
    BOOST_TEST_REQUIRE(got.has_value());
    return *got;
  }
  std::string text(std::string_view name, dns::Type type = dns::Type::a) {
    std::string out;
    for (const dns::Record& record : ask(name, type).records) out += to_string(record) + "\n";
    return out;
  }
  void pass(Duration time) {
    network.run_until([] { return false; }, network.now() + time);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(resolver)

BOOST_AUTO_TEST_CASE(answers_are_remembered_for_their_ttl) {
  Bed bed;
  bed.server.add("a.test", "A 192.0.2.1", 60);
  BOOST_TEST(bed.text("a.test") == "a.test 60 A 192.0.2.1\n");
  BOOST_TEST(bed.text("A.TEST.") == "a.test 60 A 192.0.2.1\n");
  BOOST_TEST(bed.server.asked.size() == 1u);
  bed.pass(59s);
  bed.text("a.test");
  BOOST_TEST(bed.server.asked.size() == 1u);
  bed.pass(2s);
  bed.text("a.test");
  BOOST_TEST(bed.server.asked.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_ttl_of_nothing_is_not_remembered) {
  Bed bed;
  bed.server.add("a.test", "A 192.0.2.1", 0);
  bed.text("a.test");
  bed.text("a.test");
  BOOST_TEST(bed.server.asked.size() == 2u);
}

// RFC 2308: that there is nothing is remembered as well, for the time that the SOA record says.
BOOST_AUTO_TEST_CASE(what_is_not_there) {
  Bed bed;
  bed.server.add("a.test", "A 192.0.2.1");
  const DnsAnswer none = bed.ask("nobody.test");
  BOOST_TEST(!none.name_exists);
  BOOST_TEST(none.failure == "");
  const DnsAnswer other = bed.ask("a.test", dns::Type::srv);
  BOOST_TEST(other.name_exists);
  BOOST_TEST(other.records.empty());
  bed.pass(29s);
  BOOST_TEST(!bed.ask("nobody.test").name_exists);
  BOOST_TEST(bed.server.asked.size() == 2u);
  bed.pass(2s);
  bed.ask("nobody.test");
  BOOST_TEST(bed.server.asked.size() == 3u);
}

BOOST_AUTO_TEST_CASE(aliases) {
  Bed bed;
  bed.server.add("www.test", "CNAME a.test", 10);
  bed.server.add("a.test", "A 192.0.2.1", 60);
  BOOST_TEST(bed.text("www.test") == "a.test 60 A 192.0.2.1\n");
  bed.pass(11s); // the shorter of the two
  bed.text("www.test");
  BOOST_TEST(bed.server.asked.size() == 2u);
}

BOOST_AUTO_TEST_CASE(asked_again_when_nothing_comes) {
  Bed bed;
  bed.server.add("a.test", "A 192.0.2.1");
  bed.server.silent = 2;
  const Instant before = bed.network.now();
  BOOST_TEST(bed.text("a.test") != "");
  BOOST_TEST(bed.server.asked.size() == 3u);
  BOOST_TEST((bed.network.now() - before >= 3s)); // 1 s, then 2 s
  bed.server.silent = 100;
  BOOST_TEST(bed.ask("b.test").failure == "A of b.test cannot be looked up: no answer from 10.0.0.53:53");
  BOOST_TEST(bed.server.asked.size() == 6u);
}

BOOST_AUTO_TEST_CASE(the_next_server) {
  Bed bed;
  const Endpoint second_at{IpAddress::v4(10, 0, 0, 54), dns::server_port};
  DnsServer second(bed.network, second_at);
  second.add("a.test", "A 192.0.2.1");
  bed.server.refuses = dns::ResponseCode::server_failure;
  Resolver both(bed.network, {{dns_at, second_at}});
  std::optional<DnsAnswer> got;
  both.resolve(dns::parse_name("a.test").value(), dns::Type::a,
               [&](const DnsAnswer& answer) { got = answer; });
  bed.network.run_until([&] { return got.has_value(); }, bed.network.now() + 500ms);
  BOOST_TEST_REQUIRE(got.has_value());
  BOOST_TEST(got->records.size() == 1u);
  BOOST_TEST(bed.ask("a.test").failure ==
             "A of a.test cannot be looked up: 10.0.0.53:53 says server failure");
}

BOOST_AUTO_TEST_CASE(over_tcp_where_it_is_too_long) {
  Bed bed;
  bed.server.through_tcp_only = true;
  for (int i = 0; i < 60; ++i) bed.server.add("a.test", "A 192.0.2." + std::to_string(i));
  BOOST_TEST(bed.ask("a.test").records.size() == 60u);
  BOOST_TEST(bed.server.asked.size() == 2u);
}

BOOST_AUTO_TEST_CASE(one_query_for_who_asks_the_same) {
  Bed bed;
  bed.server.add("a.test", "A 192.0.2.1");
  int answers = 0;
  for (int i = 0; i < 3; ++i)
    bed.resolver.resolve(dns::parse_name("a.test").value(), dns::Type::a,
                         [&](const DnsAnswer&) { ++answers; });
  bed.network.run_until([&] { return answers == 3; }, bed.network.now() + 1s);
  BOOST_TEST(answers == 3);
  BOOST_TEST(bed.server.asked.size() == 1u);
}

BOOST_AUTO_TEST_CASE(without_servers) {
  Bed bed;
  Resolver none(bed.network, {});
  std::string failure;
  none.resolve(dns::parse_name("a.test").value(), dns::Type::a,
               [&](const DnsAnswer& a) { failure = a.failure; });
  BOOST_TEST(failure == "A of a.test cannot be looked up: no DNS server is known");
}

// What did not come from the server, has another id or answers another question is passed over.
BOOST_AUTO_TEST_CASE(answers_of_others) {
  struct Liar final : net::Node {
    net::Network& network;
    net::SocketId elsewhere{};
    explicit Liar(net::Network& on) : network(on) {
      network.open_datagram(*this, dns_at).value();
      elsewhere = network.open_datagram(*this, {IpAddress::v4(10, 0, 0, 66), 53}).value();
    }
    ~Liar() override { network.forget(*this); }
    void on_datagram(net::SocketId socket, const Endpoint& from, ByteView octets) override {
      const auto query = dns::parse_message(octets).value();
      dns::Zone zone(30);
      zone.add(dns::parse_record(query.questions[0].name, "A 192.0.2.66", 60).value());
      dns::Message lie = zone.answer(query);
      network.send_to(elsewhere, from, dns::serialize(lie));
      ++lie.id;
      network.send_to(socket, from, dns::serialize(lie));
      --lie.id;
      lie.questions[0].type = dns::Type::aaaa;
      network.send_to(socket, from, dns::serialize(lie));
      lie = query;
      network.send_to(socket, from, dns::serialize(lie));
      network.send_to(socket, from, as_bytes("garbage"));
    }
  };
  net::SimNetwork network{1};
  Liar liar(network);
  Resolver resolver(network, {{dns_at}});
  std::string failure;
  resolver.resolve(dns::parse_name("a.test").value(), dns::Type::a,
                   [&](const DnsAnswer& a) { failure = a.failure; });
  network.run_until([&] { return !failure.empty(); }, network.now() + 60s);
  BOOST_TEST(failure.find("no answer") != std::string::npos);
}

// A server that knows only that the one name is another, and the other the one.
BOOST_AUTO_TEST_CASE(aliases_that_wait_for_each_other) {
  struct Looper final : net::Node {
    net::Network& network;
    explicit Looper(net::Network& on) : network(on) { network.open_datagram(*this, dns_at).value(); }
    ~Looper() override { network.forget(*this); }
    void on_datagram(net::SocketId socket, const Endpoint& from, ByteView octets) override {
      dns::Message response = dns::parse_message(octets).value();
      response.response = true;
      const dns::Name asked = response.questions[0].name;
      const dns::Name other = dns::parse_name(asked.labels[0] == "a" ? "b.test" : "a.test").value();
      response.answers = {{asked, dns::Type::cname, dns::internet_class, 60, dns::Alias{other}}};
      network.send_to(socket, from, dns::serialize(response));
    }
  };
  net::SimNetwork network{1};
  Looper looper(network);
  Resolver resolver(network, {{dns_at}});
  int answers = 0;
  std::string failure;
  resolver.resolve(dns::parse_name("a.test").value(), dns::Type::a, [&](const DnsAnswer& answer) {
    ++answers;
    failure = answer.failure;
  });
  network.run_until([] { return false; }, network.now() + 120s);
  BOOST_TEST(answers == 1);
  BOOST_TEST(failure.find("alias") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(resolv_conf) {
  const auto servers = servers_of_resolv_conf("# nameserver 192.0.2.9\nnameserver 192.0.2.1\nsearch a.test\n"
                                              "  nameserver\t2001:db8::1 \nnameserver nonsense\nnameserver");
  BOOST_TEST_REQUIRE(servers.size() == 2u);
  BOOST_TEST(to_string(servers[0]) == "192.0.2.1:53");
  BOOST_TEST(to_string(servers[1]) == "[2001:db8::1]:53");
}

BOOST_AUTO_TEST_SUITE_END()
