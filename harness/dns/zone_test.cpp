#include "dns/zone.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::dns;

namespace {

Zone sample() {
  Zone zone(30);
  const auto add = [&](std::string_view owner, std::string_view text) {
    zone.add(parse_record(*parse_name(owner), text, 300).value());
  };
  add("example.test", "SRV 1 1 5061 a.example.test");
  add("a.example.test", "A 192.0.2.1");
  add("a.example.test", "A 192.0.2.2");
  add("www.example.test", "CNAME a.example.test");
  add("loop.example.test", "CNAME loop.example.test");
  add("deep.below.example.test", "A 192.0.2.3");
  return zone;
}

Message ask(std::string_view name, Type type) {
  Message query;
  query.id = 7;
  query.recursion_desired = true;
  query.questions = {{*parse_name(name), type}};
  return sample().answer(query);
}

std::string lines(const std::vector<Record>& records) {
  std::string out;
  for (const Record& record : records) out += to_string(record) + "\n";
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dns_zone)

BOOST_AUTO_TEST_CASE(what_there_is) {
  const Message answer = ask("A.example.TEST", Type::a);
  BOOST_TEST(answer.id == 7);
  BOOST_TEST(answer.response);
  BOOST_TEST(answer.authoritative);
  BOOST_TEST(lines(answer.answers) == "a.example.test 300 A 192.0.2.1\na.example.test 300 A 192.0.2.2\n");
  BOOST_TEST(answer.authorities.empty());
}

BOOST_AUTO_TEST_CASE(behind_an_alias) {
  BOOST_TEST(lines(ask("www.example.test", Type::a).answers) ==
             "www.example.test 300 CNAME a.example.test\na.example.test 300 A 192.0.2.1\n"
             "a.example.test 300 A 192.0.2.2\n");
  const Message alias = ask("www.example.test", Type::cname);
  BOOST_TEST(lines(alias.answers) == "www.example.test 300 CNAME a.example.test\n");
  BOOST_TEST(ask("loop.example.test", Type::a).answers.size() < 20u);
}

BOOST_AUTO_TEST_CASE(what_there_is_not) {
  const Message none = ask("nobody.example.test", Type::a);
  BOOST_TEST(static_cast<int>(none.code) == 3);
  BOOST_TEST(lines(none.authorities) ==
             "nobody.example.test 30 SOA nobody.example.test nobody.example.test 1 0 0 0 30\n");
  const Message other = ask("a.example.test", Type::srv);
  BOOST_TEST(static_cast<int>(other.code) == 0);
  BOOST_TEST(other.answers.empty());
  BOOST_TEST(other.authorities.size() == 1u);
  BOOST_TEST(static_cast<int>(ask("below.example.test", Type::a).code) == 0); // RFC 8020
}

BOOST_AUTO_TEST_CASE(no_queries) {
  Message query;
  BOOST_TEST((sample().answer(query).code == ResponseCode::format_error));
  query.questions = {{*parse_name("a.example.test"), Type::a, 3}};
  BOOST_TEST((sample().answer(query).code == ResponseCode::format_error));
  query.opcode = 4;
  BOOST_TEST((sample().answer(query).code == ResponseCode::not_implemented));
}

BOOST_AUTO_TEST_CASE(too_long_for_a_datagram) {
  Message response = ask("a.example.test", Type::a);
  BOOST_TEST((*parse_message(datagram_of(response)) == response));
  while (serialize(response).size() <= max_datagram_octets)
    response.answers.push_back(response.answers.front());
  const Message cut = parse_message(datagram_of(response)).value();
  BOOST_TEST(cut.truncated);
  BOOST_TEST(cut.answers.empty());
  BOOST_TEST((cut.questions == response.questions));
}

BOOST_AUTO_TEST_SUITE_END()
