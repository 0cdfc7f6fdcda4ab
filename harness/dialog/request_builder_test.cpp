#include "dialog/request_builder.hpp"

#include "sip/via.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace sipvet;
using namespace sipvet::dialog;

namespace {

RequestParts options() {
  RequestParts parts;
  parts.method = "OPTIONS";
  parts.request_uri = "sip:carol@chicago.com";
  parts.via = "SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKhjhs8ass877";
  parts.from = "Alice <sip:alice@atlanta.com>;tag=1928301774";
  parts.to = "<sip:carol@chicago.com>";
  parts.call_id = "a84b4c76e66710";
  parts.cseq = 63104;
  parts.contact = "<sip:alice@pc33.atlanta.com>";
  return parts;
}

std::string names(const sip::Message& message) {
  std::string out;
  for (const auto& field : message.fields()) out.append(field.name) += ' ';
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_builder)

// The fields of RFC 3261 §8.1.1, with the values of §11.1's example.
BOOST_AUTO_TEST_CASE(the_default_order) {
  BOOST_TEST(build_request(options()).serialize() ==
             "OPTIONS sip:carol@chicago.com SIP/2.0\r\n"
             "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKhjhs8ass877\r\n"
             "Max-Forwards: 70\r\n"
             "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
             "To: <sip:carol@chicago.com>\r\n"
             "Call-ID: a84b4c76e66710\r\n"
             "CSeq: 63104 OPTIONS\r\n"
             "Contact: <sip:alice@pc33.atlanta.com>\r\n"
             "Content-Length: 0\r\n"
             "\r\n");
}

BOOST_AUTO_TEST_CASE(an_order_and_spelling_of_ones_own) {
  RequestParts parts = options();
  parts.further = {{"Supported", "timer"}, {"X-Test", "1"}};
  parts.user_agent = "sipvet";
  parts.header_order = {"f", "t", "CALL-ID", "x-test", "l", "Unused"};
  const sip::Message message = build_request(parts);
  BOOST_TEST(names(message) == "f t CALL-ID x-test l Via Max-Forwards CSeq Contact User-Agent Supported ");
  BOOST_TEST((message.header("From") == parts.from));
}

BOOST_AUTO_TEST_CASE(several_routes_stay_in_order) {
  RequestParts parts = options();
  parts.route = {"<sip:p1;lr>", "<sip:p2;lr>"};
  parts.header_order = {"Route"};
  const sip::Message message = build_request(parts);
  BOOST_TEST((message.headers("Route") == std::vector<std::string_view>{"<sip:p1;lr>", "<sip:p2;lr>"}));
  BOOST_TEST(message.fields().front().name == "Route");
}

BOOST_AUTO_TEST_CASE(with_a_body) {
  RequestParts parts = options();
  parts.method = "INVITE";
  parts.body = "v=0\r\n";
  parts.content_type = "application/sdp";
  parts.header_order = {"l", "c"};
  const sip::Message message = build_request(parts);
  BOOST_TEST(message.fields()[0].name == "l");
  BOOST_TEST(message.fields()[0].value == "5");
  BOOST_TEST(message.fields()[1].name == "c");
  BOOST_TEST(message.body() == "v=0\r\n");
  BOOST_TEST(sip::parse_message(message.serialize()).value().body() == "v=0\r\n");
}

BOOST_AUTO_TEST_CASE(left_out) {
  RequestParts parts = options();
  parts.max_forwards = -1;
  parts.to.clear();
  const sip::Message message = build_request(parts);
  BOOST_TEST(!message.header("Max-Forwards").has_value());
  BOOST_TEST(!message.header("To").has_value());
}

BOOST_AUTO_TEST_CASE(identifiers) {
  SeededRandom random(1);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    seen.insert(new_branch(random));
    seen.insert(new_tag(random));
    seen.insert(new_call_id(random));
  }
  BOOST_TEST(seen.size() == 3000u);
  BOOST_TEST(new_branch(random).starts_with(sip::branch_cookie));
  BOOST_TEST(new_tag(random).size() >= 8u); // §19.3: 32 bits at least
  BOOST_TEST(new_call_id(random, "192.0.2.1").ends_with("@192.0.2.1"));
  SeededRandom again(1);
  SeededRandom same(1);
  BOOST_TEST(new_branch(again) == new_branch(same));
}

BOOST_AUTO_TEST_SUITE_END()
