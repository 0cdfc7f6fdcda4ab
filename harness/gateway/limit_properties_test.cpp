#include "gateway/config.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::gateway;
using namespace std::chrono_literals;

namespace {

ReadConfig read(const std::string& yaml) { return read_config(script::load_yaml_text(yaml, "gw.yaml").root); }

} // namespace

BOOST_AUTO_TEST_SUITE(limit_properties)

BOOST_AUTO_TEST_CASE(every_property) {
  const ReadConfig result = read("sipvet.limits.connections: 1\n"
                                 "sipvet.limits.connectionsPerAddress: 2\n"
                                 "sipvet.limits.handshakes: 3\n"
                                 "sipvet.limits.handshakeTime: 4s\n"
                                 "sipvet.limits.messageTime: 5s\n"
                                 "sipvet.limits.headOctets: 6\n"
                                 "sipvet.limits.bodyOctets: 7\n"
                                 "sipvet.limits.requestsPerSecond: 8\n"
                                 "sipvet.limits.transactions: 9\n"
                                 "sipvet.limits.halfClosedTime: 0s\n");
  BOOST_REQUIRE(result.errors.empty());
  const ua::TransportLimits& limits = result.config.limits;
  BOOST_TEST(limits.connections == 1u);
  BOOST_TEST(limits.connections_per_address == 2u);
  BOOST_TEST(limits.handshakes == 3u);
  BOOST_TEST((limits.handshake_time == 4s));
  BOOST_TEST((limits.message_time == 5s));
  BOOST_TEST(limits.head_octets == 6u);
  BOOST_TEST(limits.body_octets == 7u);
  BOOST_TEST(limits.requests_per_second == 8u);
  BOOST_TEST(limits.transactions == 9u);
  BOOST_TEST((limits.half_closed_time == 0s));
}

BOOST_AUTO_TEST_CASE(values_that_are_none) {
  for (const char* bad : {"sipvet.limits.connections: -1", "sipvet.limits.headOctets: many",
                          "sipvet.limits.messageTime: 5", "sipvet.limits.transactions: 1.5"})
    BOOST_TEST(read(bad).errors.size() == 1u, bad);
}

BOOST_AUTO_TEST_SUITE_END()
