#include "ua/via_stamp.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::ua;

namespace {

sip::Message with_via(const std::string& via) {
  sip::Message message = sip::Message::request("OPTIONS", "sip:a@b");
  message.add("Via", via);
  return message;
}
std::string stamped(const std::string& via, const std::string& source) {
  sip::Message message = with_via(via);
  stamp_via(message, *parse_endpoint(source));
  return std::string(*message.header("Via"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(via_stamp)

// RFC 3581 §6.1's example of a client behind a NAT.
BOOST_AUTO_TEST_CASE(rport_and_received_of_the_example) {
  const std::string via = stamped("SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff", "192.0.2.1:9988");
  BOOST_TEST(via.find("received=192.0.2.1") != std::string::npos);
  BOOST_TEST(via.find("rport=9988") != std::string::npos);
  sip::Message response = with_via(via);
  BOOST_TEST(to_string(response_endpoint(response, Transport::udp, {})) == "192.0.2.1:9988");
}

BOOST_AUTO_TEST_CASE(the_same_address_without_rport_stays_untouched) {
  const std::string via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1";
  BOOST_TEST(stamped(via, "192.0.2.1:7000") == via);
}

BOOST_AUTO_TEST_CASE(a_name_gets_received) {
  BOOST_TEST(
      stamped("SIP/2.0/TCP phone.example;branch=z9hG4bK1", "192.0.2.1:7000").find("received=192.0.2.1") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_the_topmost_via_changes) {
  sip::Message message = sip::Message::request("OPTIONS", "sip:a@b");
  message.add("Via",
              "SIP/2.0/UDP a.example;branch=z9hG4bK1;rport, SIP/2.0/UDP b.example;branch=z9hG4bK2;rport");
  message.add("v", "SIP/2.0/UDP c.example;branch=z9hG4bK3");
  stamp_via(message, *parse_endpoint("192.0.2.1:7000"));
  const auto all = message.list("Via");
  BOOST_REQUIRE_EQUAL(all.size(), 3u);
  BOOST_TEST(all[0].find("rport=7000") != std::string::npos);
  BOOST_TEST(all[1] == "SIP/2.0/UDP b.example;branch=z9hG4bK2;rport");
  BOOST_TEST(all[2] == "SIP/2.0/UDP c.example;branch=z9hG4bK3");
}

BOOST_AUTO_TEST_CASE(responses_go_to_sent_by_without_rport) {
  const Endpoint source = *parse_endpoint("192.0.2.1:40000");
  BOOST_TEST(to_string(response_endpoint(with_via("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1"), Transport::udp,
                                         source)) == "192.0.2.1:5060");
  BOOST_TEST(to_string(response_endpoint(with_via("SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK1"), Transport::tls,
                                         source)) == "192.0.2.1:5061");
  BOOST_TEST(to_string(response_endpoint(with_via("SIP/2.0/TCP x.example:7070;received=192.0.2.9"),
                                         Transport::tcp, source)) == "192.0.2.9:7070");
  BOOST_TEST(to_string(response_endpoint(with_via("no via"), Transport::udp, source)) == "192.0.2.1:40000");
}

BOOST_AUTO_TEST_SUITE_END()
