#include "sip/via.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <utility>

using namespace sipvet;
using namespace sipvet::sip;

BOOST_AUTO_TEST_SUITE(via)

// RFC 3261 §20.42's examples and RFC 3581 §4.
BOOST_AUTO_TEST_CASE(the_examples) {
  const Via first = parse_via("SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7").value();
  BOOST_TEST(first.version == "SIP/2.0");
  BOOST_TEST(first.transport == "UDP");
  BOOST_TEST(first.host == "erlang.bell-telephone.com");
  BOOST_TEST((first.port == 5060));
  BOOST_TEST(first.branch() == "z9hG4bK87asdks7");
  BOOST_TEST(first.branch().starts_with(branch_cookie));

  const Via second =
      parse_via("SIP/2.0/UDP 192.0.2.1:5060 ;received=192.0.2.207;branch=z9hG4bK77asjd").value();
  BOOST_TEST((find(second.parameters, "received") == "192.0.2.207"));
  BOOST_TEST(to_string(second) == "SIP/2.0/UDP 192.0.2.1:5060;received=192.0.2.207;branch=z9hG4bK77asjd");

  const Via third =
      parse_via("SIP / 2.0 / UDP first.example.com: 4000;ttl=16;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1")
          .value();
  BOOST_TEST((third.port == 4000));
  BOOST_TEST(to_string(third) ==
             "SIP/2.0/UDP first.example.com:4000;ttl=16;maddr=224.2.0.1;branch=z9hG4bKa7c6a8dlze.1");

  const Via rport = parse_via("SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff").value();
  BOOST_TEST((find(rport.parameters, "rport") == ""));
}

BOOST_AUTO_TEST_CASE(ipv6_in_both_forms) {
  const Via via =
      parse_via("SIP/2.0/TLS [2001:db8::9:1]:6050;received=2001:db8::9:255;branch=z9hG4bKas3-111").value();
  BOOST_TEST(via.host == "[2001:db8::9:1]");
  BOOST_TEST((via.port == 6050));
  BOOST_TEST((find(via.parameters, "received") == "2001:db8::9:255"));
  const Via other =
      parse_via("SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bKas3").value();
  BOOST_TEST((find(other.parameters, "received") == "[2001:db8::9:255]"));
  BOOST_TEST(!other.port.has_value());
}

BOOST_AUTO_TEST_CASE(transports_are_written_as_the_rfc_prints_them) {
  BOOST_TEST(parse_via("SIP/2.0/tls h;branch=z9hG4bKx").value().transport == "TLS");
  BOOST_TEST(parse_via("SIP/2.0/tls-sctp h").value().transport == "TLS-SCTP");
  BOOST_TEST(parse_via("SIP/2.0/Carrier-Pigeon h").value().transport == "Carrier-Pigeon");
}

BOOST_AUTO_TEST_CASE(no_branch) { BOOST_TEST(parse_via("SIP/2.0/UDP h").value().branch().empty()); }

BOOST_AUTO_TEST_CASE(errors_point_at_the_octet) {
  const std::array<std::pair<const char*, std::size_t>, 11> bad = {{
      {"", 0},
      {"SIP/2.0", 7},
      {"SIP/2.0/", 8},
      {"SIP/2.0/UDP", 11},
      {"SIP/2.0/UDP ;branch=x", 12},
      {"SIP/2.0/UDP h:port", 14},
      {"SIP/2.0/UDP h:70000", 18},
      {"SIP/2.0/UDP 192.0.2.15;;,;,,", 23}, // RFC 4475 §3.1.2.1 badinv01
      {"SIP/2.0/UDP h;branch=", 21},
      {"SIP/2.0/UDP h;branch=x, SIP/2.0/UDP g", 22},
      {"SIP/2.0/UDP h x", 14},
  }};
  for (const auto& [text, offset] : bad) {
    const auto parsed = parse_via(text);
    BOOST_TEST(!parsed, text);
    if (!parsed) BOOST_TEST((parsed.error().offset == offset), text << ": " << to_string(parsed.error()));
  }
}

BOOST_AUTO_TEST_SUITE_END()
