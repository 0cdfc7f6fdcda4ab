#include "base/endpoint.hpp"
#include "base/endpoint_text.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <unordered_set>
#include <utility>

using namespace sipvet;

BOOST_AUTO_TEST_SUITE(endpoint)

BOOST_AUTO_TEST_CASE(ipv4) {
  BOOST_TEST((parse_ip("192.0.2.1").value() == IpAddress::v4(192, 0, 2, 1)));
  BOOST_TEST(to_string(IpAddress::v4(255, 255, 255, 255)) == "255.255.255.255");
  BOOST_TEST(IpAddress{}.is_unspecified());
  BOOST_TEST(!parse_ip("0.0.0.1").value().is_unspecified());
  for (const char* bad :
       {"", "1.2.3", "1.2.3.4.5", "256.0.0.1", "1..2.3", "01.2.3.4", "1.2.3.4 ", "a.b.c.d", "1.2.3.-4"})
    BOOST_TEST(!parse_ip(bad), bad);
  BOOST_TEST((parse_ip("192.0.2.300").error().offset == 10u));
}

// The rules of RFC 5952 §4 and §5 with the forms printed there.
BOOST_AUTO_TEST_CASE(ipv6_is_written_as_rfc_5952_recommends) {
  const std::array<std::pair<const char*, const char*>, 14> forms = {{
      {"2001:0db8::0001", "2001:db8::1"},              // §4.1 leading zeros
      {"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},       // §4.2.1 as short as possible
      {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"}, // §4.2.2 no :: for one group
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},         // §4.2.3 the longest run
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},   // §4.2.3 the first of equals
      {"2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:AAA1", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaa1"}, // §4.3 lower case
      {"0:0:0:0:0:0:0:0", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"fe80::", "fe80::"},
      {"0:0:0:0:0:ffff:c000:0201", "::ffff:192.0.2.1"}, // §5
      {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
      {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
  }};
  for (const auto& [read, written] : forms) BOOST_TEST(to_string(parse_ip(read).value()) == written);
  BOOST_TEST(parse_ip("::").value().is_unspecified());
  BOOST_TEST((parse_ip("::").value() != IpAddress{}));
}

BOOST_AUTO_TEST_CASE(what_is_no_ipv6_address) {
  for (const char* bad : {":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7:8::",
                          "::1:2:3:4:5:6:7:8", "12345::", "g::", "::1.2.3", "1.2.3.4::", "::1.2.3.4:5",
                          "[::1]", "fe80::1%eth0", ":1", "1:", "1:2:3:4:5:6:7:1.2.3.4"})
    BOOST_TEST(!parse_ip(bad), bad);
}

BOOST_AUTO_TEST_CASE(endpoints_there_and_back) {
  for (const char* text :
       {"192.0.2.1:5061", "[2001:db8::1]:5061", "0.0.0.0:0", "[::]:65535", "255.255.255.255:65535"}) {
    BOOST_TEST(to_string(parse_endpoint(text).value()) == text);
    std::string behind = "to ";
    append_text(behind, parse_endpoint(text).value());
    BOOST_TEST(behind == std::string("to ") + text);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_endpoint) {
  for (const char* bad : {"", "192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "[::1]", "[::1", "[::1]5061",
                          "::1:5061", ":5061", "[192.0.2.1]:5061", "host:5061", "192.0.2.1:50 61"})
    BOOST_TEST(!parse_endpoint(bad), bad);
  BOOST_TEST((parse_endpoint("192.0.2.1:5x").error().offset == 11u));
  BOOST_TEST((parse_endpoint("[::g]:1").error().offset == 3u));
}

BOOST_AUTO_TEST_CASE(hash_and_order) {
  std::unordered_set<Endpoint> set;
  for (std::uint16_t port = 0; port < 100; ++port) set.insert({IpAddress::v4(127, 0, 0, 1), port});
  set.insert({IpAddress::v4(127, 0, 0, 1), 7});
  BOOST_TEST(set.size() == 100u);
  // ::7f00:0:… differs from 127.0.0.0 although its octets are the same.
  BOOST_TEST((Endpoint{parse_ip("7f00::").value(), 1} != Endpoint{IpAddress::v4(127, 0, 0, 0), 1}));
  BOOST_TEST((Endpoint{IpAddress::v4(10, 0, 0, 1), 2} < Endpoint{IpAddress::v4(10, 0, 0, 2), 1}));
}

BOOST_AUTO_TEST_SUITE_END()
