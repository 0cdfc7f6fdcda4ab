#include "gateway/proxy_sets.hpp"

#include "net/sim_network.hpp"
#include "ua/test_dns.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::gateway;
using namespace std::chrono_literals;

namespace {

const IpAddress first_ip = IpAddress::v4(10, 0, 0, 11), second_ip = IpAddress::v4(10, 0, 0, 12),
                third_ip = IpAddress::v4(10, 0, 0, 13);

// Three servers behind names, and whoever asks them keeps the questions.
struct Bed {
  net::SimNetwork network{1};
  ua::test::DnsServer dns{network};
  ua::Resolver resolver{network, {{ua::test::dns_at}}};
  SbcSettings settings;
  std::vector<std::pair<ua::RequestId, Endpoint>> asked;
  std::vector<std::string> log;
  std::unique_ptr<ProxySets> sets;

  explicit Bed(bool keep_alive = true) {
    dns.add("a.test", "A 10.0.0.11");
    dns.add("b.test", "A 10.0.0.12");
    dns.add("_sips._tcp.c.test", "SRV 1 1 5070 c.test");
    dns.add("c.test", "A 10.0.0.13");
    ProxySet& set = settings.proxy_sets["SfB"];
    set.keep_alive = keep_alive;
    set.keep_alive_time = 30s;
    set.addresses = {{"a.test", 5067}, {"b.test", 5067}, {"c.test", std::nullopt}};
    settings.ip_groups["SfB"] = {"SfB", "", true};
    make();
  }
  void make() {
    ProxySurroundings around{network, &resolver, {}, {}, {}};
    around.ask = [this](const ua::Target& target) -> Result<ua::RequestId> {
      const ua::RequestId id{asked.size() + 1};
      asked.emplace_back(id, target.remote);
      return id;
    };
    around.interface_at = [](const std::string&, ua::Transport) { return std::optional<Endpoint>(); };
    around.say = [this](LogLevel, const std::string& text) { log.push_back(text); };
    sets = std::make_unique<ProxySets>(settings, std::move(around));
    sets->start();
    pass(1s);
  }
  void pass(Duration time) {
    network.run_until([] { return false; }, network.now() + time);
  }
  std::string alive() const {
    std::string out;
    for (const ua::Target& each : sets->alive("SfB")) out += to_string(each.remote) + " ";
    return out;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(proxy_sets)

// ACS-PROXY-1: down until they answer.
BOOST_AUTO_TEST_CASE(down_until_they_answer) {
  Bed bed;
  BOOST_TEST(bed.alive() == "");
  BOOST_TEST_REQUIRE(bed.asked.size() == 3u);
  BOOST_TEST(to_string(bed.asked[2].second) == "10.0.0.13:5070");
  BOOST_TEST(!bed.sets->settled());
  BOOST_TEST(bed.sets->take_response(bed.asked[1].first, 100));
  BOOST_TEST(bed.alive() == "");
  BOOST_TEST(bed.sets->take_response(bed.asked[1].first, 200));
  BOOST_TEST(bed.alive() == "10.0.0.12:5067 ");
  BOOST_TEST(bed.sets->take_response(bed.asked[0].first, 404)); // somebody is there
  BOOST_TEST(bed.sets->take_response(bed.asked[2].first, 503));
  BOOST_TEST(bed.alive() == "10.0.0.11:5067 10.0.0.12:5067 ");
  BOOST_TEST(bed.sets->settled());
  BOOST_TEST(!bed.sets->take_response(ua::RequestId{99}, 200));
  BOOST_TEST(!bed.sets->take_failure(ua::RequestId{99}, "x"));
  BOOST_TEST(bed.log.at(0) ==
             "proxy set SfB: b.test:5067/tls (10.0.0.12:5067) is up: it answers OPTIONS with 200");
}

BOOST_AUTO_TEST_CASE(asked_again_and_again) {
  Bed bed;
  for (int i = 0; i < 3; ++i) bed.sets->take_response(bed.asked[i].first, 200);
  bed.pass(29s);
  BOOST_TEST(bed.asked.size() == 6u);
  bed.sets->take_failure(bed.asked[3].first, "no answer");
  BOOST_TEST(bed.alive() == "10.0.0.12:5067 10.0.0.13:5070 ");
  BOOST_TEST(bed.log.back().find("a.test:5067/tls (10.0.0.11:5067) is down: no answer") != std::string::npos);
  // Those that have not answered are not asked a second time.
  bed.pass(30s);
  BOOST_TEST(bed.asked.size() == 7u);
  const std::size_t said = bed.log.size();
  bed.sets->take_response(bed.asked[6].first, 200);
  BOOST_TEST(bed.alive() == "10.0.0.11:5067 10.0.0.12:5067 10.0.0.13:5070 ");
  BOOST_TEST(bed.log.size() == said + 1);
}

BOOST_AUTO_TEST_CASE(the_server_in_use_stays_first) {
  Bed bed(false);
  BOOST_TEST(bed.asked.empty());
  BOOST_TEST(bed.sets->settled());
  BOOST_TEST(bed.alive() == "10.0.0.11:5067 10.0.0.12:5067 10.0.0.13:5070 ");
  bed.sets->call_answered({second_ip, 5067});
  BOOST_TEST(bed.alive() == "10.0.0.12:5067 10.0.0.11:5067 10.0.0.13:5070 ");
  bed.sets->call_failed({second_ip, 5067}, "refused"); // without keep-alive nothing could bring it back
  BOOST_TEST(bed.alive() == "10.0.0.12:5067 10.0.0.11:5067 10.0.0.13:5070 ");
}

BOOST_AUTO_TEST_CASE(a_call_that_fails_takes_its_server_down) {
  Bed bed;
  for (int i = 0; i < 3; ++i) bed.sets->take_response(bed.asked[i].first, 200);
  bed.sets->call_failed({first_ip, 5067}, "refused");
  BOOST_TEST(bed.alive() == "10.0.0.12:5067 10.0.0.13:5070 ");
}

// ACS-CLASS-1.
BOOST_AUTO_TEST_CASE(groups_by_address) {
  Bed bed;
  BOOST_TEST(bed.sets->group_of(third_ip).value_or("") == "SfB");
  BOOST_TEST(!bed.sets->group_of(IpAddress::v4(10, 0, 0, 14)).has_value());
  bed.settings.ip_groups["SfB"].classify_by_proxy_set = false;
  BOOST_TEST(!bed.sets->group_of(third_ip).has_value());
  BOOST_TEST(bed.sets->all("SfB").size() == 3u);
  BOOST_TEST(bed.sets->all("other").empty());
}

BOOST_AUTO_TEST_CASE(names_that_are_not_found_are_looked_for_again) {
  Bed bed;
  bed.settings.proxy_sets["SfB"].addresses = {{"late.test", 5067}};
  bed.make();
  BOOST_TEST(bed.log.back().find("late.test:5067/tls is not found: DNS has no address") != std::string::npos);
  bed.dns.add("late.test", "A 10.0.0.11");
  bed.pass(61s); // the memory of its absence is over
  BOOST_TEST(bed.sets->all("SfB").size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
