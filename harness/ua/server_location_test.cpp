#include "ua/server_location.hpp"

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
  std::vector<Target> targets;

  // "tls 192.0.2.1:5061, udp …", or the error.
  std::string find(std::string_view uri, LocationWish wish = {}) {
    wish.uri = sip::parse_uri(uri).value();
    std::optional<std::string> got;
    locate(&resolver, network.random(), wish, [&](const Result<std::vector<Target>>& found) {
      got = found ? "" : found.error().what;
      if (!found) return;
      targets = *found;
      for (const Target& each : *found)
        *got += (got->empty() ? "" : ", ") + std::string(name(each.transport)) + " " + to_string(each.remote);
    });
    network.run_until([&] { return got.has_value(); }, network.now() + 60s);
    BOOST_TEST_REQUIRE(got.has_value());
    return *got;
  }
  void add(std::string_view owner, std::string_view record) { server.add(owner, record); }
  bool was_asked(std::string_view what) const {
    return std::ranges::find(server.asked, what) != server.asked.end();
  }
};

LocationWish only(std::vector<Transport> supported) {
  LocationWish wish;
  wish.supported = std::move(supported);
  return wish;
}

} // namespace

BOOST_AUTO_TEST_SUITE(server_location)

// RFC 3263 §4.1: an address needs no DNS; the port is the transport's own where none is given.
BOOST_AUTO_TEST_CASE(addresses) {
  Bed bed;
  BOOST_TEST(bed.find("sip:a@192.0.2.1") == "udp 192.0.2.1:5060");
  BOOST_TEST(bed.find("sips:a@192.0.2.1") == "tls 192.0.2.1:5061");
  BOOST_TEST(bed.find("sip:a@192.0.2.1:5070;transport=tcp") == "tcp 192.0.2.1:5070");
  BOOST_TEST(bed.find("sip:a@192.0.2.1;transport=tls") == "tls 192.0.2.1:5061");
  BOOST_TEST(bed.find("sips:a@192.0.2.1;transport=tcp") == "tls 192.0.2.1:5061");
  BOOST_TEST(bed.find("sip:a@[2001:db8::1]") == "udp [2001:db8::1]:5060");
  LocationWish wish;
  wish.transport = Transport::tls;
  BOOST_TEST(bed.find("sip:a@192.0.2.1:5060", wish) == "tls 192.0.2.1:5060");
  BOOST_TEST(bed.targets[0].domain == "");
  BOOST_TEST(bed.server.asked.empty());
}

BOOST_AUTO_TEST_CASE(no_such_transport) {
  Bed bed;
  BOOST_TEST(bed.find("sip:a@192.0.2.1;transport=sctp").find("expected transport") == 0u);
  BOOST_TEST(bed.find("sips:a@192.0.2.1;transport=udp").find("sips does not go over udp") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(naptr_decides) {
  Bed bed;
  bed.add("example.test", R"(NAPTR 20 10 "s" "SIP+D2U" "" _sip._udp.example.test)");
  bed.add("example.test", R"(NAPTR 10 20 "s" "SIP+D2T" "" _sip._tcp.example.test)");
  bed.add("example.test", R"(NAPTR 10 10 "s" "SIPS+D2T" "" _sips._tcp.example.test)");
  bed.add("example.test", R"(NAPTR 5 10 "s" "SIP+D2W" "" _sip._ws.example.test)");
  bed.add("example.test", R"(NAPTR 1 10 "u" "SIP+D2U" "!.*!sip:b@c!" .)");
  bed.add("_sips._tcp.example.test", "SRV 1 1 5071 a.example.test");
  bed.add("_sip._tcp.example.test", "SRV 1 1 5070 a.example.test");
  bed.add("_sip._udp.example.test", "SRV 1 1 5060 a.example.test");
  bed.add("a.example.test", "A 192.0.2.1");
  BOOST_TEST(bed.find("sip:b@example.test") == "tls 192.0.2.1:5071, tcp 192.0.2.1:5070, udp 192.0.2.1:5060");
  BOOST_TEST(bed.targets[0].server_name == "example.test");
  BOOST_TEST(bed.targets[0].domain == "example.test");
  BOOST_TEST(bed.find("sips:b@example.test") == "tls 192.0.2.1:5071");
  BOOST_TEST(bed.find("sip:b@example.test", only({Transport::udp})) == "udp 192.0.2.1:5060");
  BOOST_TEST(!bed.was_asked("SRV _sip._ws.example.test"));
}

BOOST_AUTO_TEST_CASE(srv_without_naptr) {
  Bed bed;
  bed.add("_sip._tcp.example.test", "SRV 1 1 5070 a.example.test");
  bed.add("_sips._tcp.example.test", "SRV 1 1 5071 a.example.test");
  bed.add("a.example.test", "A 192.0.2.1");
  BOOST_TEST(bed.find("sip:b@example.test") == "tcp 192.0.2.1:5070");
  BOOST_TEST(bed.was_asked("NAPTR example.test"));
  BOOST_TEST(bed.was_asked("SRV _sip._udp.example.test"));
  BOOST_TEST(bed.find("sips:b@example.test") == "tls 192.0.2.1:5071");
}

// §4.2: the transport that is stated needs no NAPTR.
BOOST_AUTO_TEST_CASE(stated_transport) {
  Bed bed;
  bed.add("_sips._tcp.example.test", "SRV 1 1 5071 a.example.test");
  bed.add("a.example.test", "A 192.0.2.1");
  BOOST_TEST(bed.find("sip:b@example.test;transport=tls") == "tls 192.0.2.1:5071");
  BOOST_TEST(!bed.was_asked("NAPTR example.test"));
  LocationWish wish;
  wish.transport = Transport::tls;
  BOOST_TEST(bed.find("sip:b@example.test", wish) == "tls 192.0.2.1:5071");
}

// §4.1, §4.2: a port is a port: neither NAPTR nor SRV.
BOOST_AUTO_TEST_CASE(explicit_port) {
  Bed bed;
  bed.add("example.test", "A 192.0.2.1");
  bed.add("example.test", "AAAA 2001:db8::1");
  BOOST_TEST(bed.find("sip:b@example.test:5080") == "udp 192.0.2.1:5080, udp [2001:db8::1]:5080");
  BOOST_TEST(bed.find("sips:b@example.test:5080").starts_with("tls 192.0.2.1:5080"));
  BOOST_TEST(bed.server.asked == (std::vector<std::string>{"A example.test", "AAAA example.test"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(addresses_without_srv) {
  Bed bed;
  bed.add("example.test", "A 192.0.2.1");
  BOOST_TEST(bed.find("sip:b@example.test") == "udp 192.0.2.1:5060");
  BOOST_TEST(bed.find("sips:b@example.test") == "tls 192.0.2.1:5061");
  BOOST_TEST(bed.find("sip:b@example.test;transport=tcp") == "tcp 192.0.2.1:5060");
}

BOOST_AUTO_TEST_CASE(by_priority) {
  Bed bed;
  bed.add("_sip._udp.example.test", "SRV 30 1 5060 c.example.test");
  bed.add("_sip._udp.example.test", "SRV 10 1 5060 a.example.test");
  bed.add("_sip._udp.example.test", "SRV 20 1 5060 b.example.test");
  bed.add("a.example.test", "A 192.0.2.1");
  bed.add("a.example.test", "A 192.0.2.11");
  bed.add("b.example.test", "A 192.0.2.2");
  BOOST_TEST(bed.find("sip:b@example.test;transport=udp") ==
             "udp 192.0.2.1:5060, udp 192.0.2.11:5060, udp 192.0.2.2:5060");
}

BOOST_AUTO_TEST_CASE(nothing_there) {
  Bed bed;
  bed.add("none.test", "SRV 0 0 0 .");
  BOOST_TEST(bed.find("sip:b@example.test") == "DNS has no address for example.test");
  bed.add("_sip._udp.off.test", "SRV 0 0 0 .");
  BOOST_TEST(bed.find("sip:b@off.test;transport=udp") == "DNS says that off.test offers no such service");
  bed.server.silent = 1000;
  BOOST_TEST(bed.find("sip:b@silent.test:5060").find("cannot be looked up: no answer") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_a_resolver) {
  Bed bed;
  LocationWish wish;
  wish.uri = sip::parse_uri("sip:a@example.test").value();
  std::string said;
  locate(nullptr, bed.network.random(), wish, [&](const auto& found) { said = found.error().what; });
  BOOST_TEST(said.find("no DNS server is known") != std::string::npos);
  wish.uri = sip::parse_uri("sip:a@192.0.2.1").value();
  std::size_t count = 0;
  locate(nullptr, bed.network.random(), wish, [&](const auto& found) { count = found->size(); });
  BOOST_TEST(count == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
