#include "dns/service_order.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace sipvet;
using namespace sipvet::dns;

namespace {

Service service(std::uint16_t priority, std::uint16_t weight, std::uint16_t port) {
  return {priority, weight, port, *parse_name("a.test")};
}

std::vector<int> ports(const std::vector<Service>& services) {
  std::vector<int> out;
  for (const Service& each : services) out.push_back(each.port);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dns_service_order)

BOOST_AUTO_TEST_CASE(lowest_priority_first) {
  SeededRandom random(1);
  for (int i = 0; i < 20; ++i)
    BOOST_TEST(ports(in_order({service(20, 5, 3), service(0, 0, 1), service(10, 9, 2)}, random)) ==
                   (std::vector<int>{1, 2, 3}),
               boost::test_tools::per_element());
  BOOST_TEST(in_order({}, random).empty());
}

// RFC 2782: three quarters to the one with three quarters of the weight, and hardly ever to the one without.
BOOST_AUTO_TEST_CASE(by_weight) {
  SeededRandom random(2);
  std::map<int, int> first;
  constexpr int runs = 8000;
  for (int i = 0; i < runs; ++i)
    ++first[in_order({service(1, 300, 1), service(1, 100, 2), service(1, 0, 3)}, random).front().port];
  BOOST_TEST(first[1] > runs * 0.72);
  BOOST_TEST(first[1] < runs * 0.78);
  BOOST_TEST(first[2] > runs * 0.22);
  BOOST_TEST(first[2] < runs * 0.28);
  BOOST_TEST(first[3] > 0);
  BOOST_TEST(first[3] < runs * 0.01);
}

BOOST_AUTO_TEST_CASE(all_of_them_once) {
  SeededRandom random(3);
  std::vector<int> got =
      ports(in_order({service(1, 0, 1), service(1, 0, 2), service(2, 7, 3), service(1, 4, 4)}, random));
  BOOST_TEST(got.back() == 3);
  std::sort(got.begin(), got.end());
  BOOST_TEST(got == (std::vector<int>{1, 2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
