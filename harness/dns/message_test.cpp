#include "dns/message.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::dns;

namespace {

Record record(std::string_view owner, std::string_view text) {
  return parse_record(*parse_name(owner), text, 300).value();
}

std::string record_error(std::string_view text) {
  const auto parsed = parse_record(*parse_name("example.test"), text, 300);
  return parsed ? "read " + to_string(*parsed) : to_string(parsed.error());
}

Message sample() {
  Message out;
  out.id = 0x1234;
  out.response = out.authoritative = out.recursion_desired = true;
  out.questions = {{*parse_name("example.test"), Type::srv}};
  out.answers = {record("example.test", "60 SRV 10 1 5061 a.example.test"),
                 record("example.test", R"(NAPTR 10 20 "s" "SIPS+D2T" "" _sips._tcp.example.test)"),
                 record("b.example.test", "CNAME a.example.test")};
  out.authorities = {record("example.test", "SOA ns.example.test admin.example.test 1 2 3 4 5")};
  out.additionals = {record("a.example.test", "A 192.0.2.1"), record("a.example.test", "AAAA 2001:db8::1")};
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dns_message)

// What dig 9.18 sends with +noedns +noadflag for the SRV records of a name.
BOOST_AUTO_TEST_CASE(query_as_dig_sends_it) {
  const Bytes octets = *from_hex("8d3c01000001000000000000055f73697073045f746370076578616d706c65047465737400"
                                 "00210001");
  const Message query = parse_message(octets).value();
  BOOST_TEST(query.id == 0x8d3c);
  BOOST_TEST(query.recursion_desired);
  BOOST_TEST(!query.response);
  BOOST_TEST((query.questions == std::vector<Question>{{*parse_name("_sips._tcp.example.test"), Type::srv}}));
  BOOST_TEST(to_hex(serialize(query)) == to_hex(octets));
}

BOOST_AUTO_TEST_CASE(round_trip) {
  const Message out = sample();
  const Message back = parse_message(serialize(out)).value();
  BOOST_TEST((back == out));
  BOOST_TEST(to_string(back.answers[0]) == "example.test 60 SRV 10 1 5061 a.example.test");
  BOOST_TEST(to_string(back.answers[1]) ==
             R"(example.test 300 NAPTR 10 20 "s" "SIPS+D2T" "" _sips._tcp.example.test)");
  BOOST_TEST(to_string(back.answers[2]) == "b.example.test 300 CNAME a.example.test");
  BOOST_TEST(to_string(back.authorities[0]) ==
             "example.test 300 SOA ns.example.test admin.example.test 1 2 3 4 5");
  BOOST_TEST(to_string(back.additionals[1]) == "a.example.test 300 AAAA 2001:db8::1");
}

// RFC 2782 and RFC 3403 §4.1: targets of SRV and NAPTR stand there whole, and are taken compressed all the
// same.
BOOST_AUTO_TEST_CASE(targets_are_whole) {
  Message out;
  out.questions = {{*parse_name("a.test"), Type::srv}};
  out.answers = {record("a.test", "SRV 1 2 3 a.test")};
  const std::string octets = to_hex(serialize(out));
  const std::string whole = "000100020003"
                            "0161047465737400";
  BOOST_TEST(octets.ends_with("000e" + whole));
  Bytes compressed = *from_hex(octets.substr(0, octets.size() - 32) + "0008"
                                                                      "000100020003"
                                                                      "c00c");
  BOOST_TEST((parse_message(compressed)->answers == out.answers));
}

BOOST_AUTO_TEST_CASE(flags_and_codes) {
  for (const auto code : {ResponseCode::no_error, ResponseCode::no_such_name, ResponseCode::refused}) {
    Message out;
    out.code = code;
    out.truncated = out.recursion_available = true;
    out.opcode = 2;
    BOOST_TEST((*parse_message(serialize(out)) == out));
  }
  BOOST_TEST(name(ResponseCode::no_such_name) == "no such name");
  BOOST_TEST(name(static_cast<ResponseCode>(9)) == "response code 9");
  BOOST_TEST(name(static_cast<Type>(65)) == "TYPE65");
}

// RFC 2181 §8: a TTL with its top bit set counts as 0.
BOOST_AUTO_TEST_CASE(negative_ttl) {
  Message out;
  out.answers = {record("a.test", "A 192.0.2.1")};
  out.answers[0].ttl_s = 0x80000000;
  BOOST_TEST(parse_message(serialize(out))->answers[0].ttl_s == 0u);
}

BOOST_AUTO_TEST_CASE(other_types_and_classes_are_kept) {
  const Name owner = *parse_name("a.test");
  Message out;
  out.answers = {{owner, static_cast<Type>(16), internet_class, 5, *from_hex("0161")},
                 {owner, Type::a, 3, 5, *from_hex("010203")}};
  const Message back = parse_message(serialize(out)).value();
  BOOST_TEST((back == out));
  BOOST_TEST(to_string(back.answers[0]) == "a.test 5 TYPE16 \\# 2 0161");
}

// Every message that is cut off somewhere is refused, and so is one that goes on.
BOOST_AUTO_TEST_CASE(cut_off) {
  Bytes octets = serialize(sample());
  for (std::size_t size = 0; size < octets.size(); ++size)
    BOOST_TEST(!parse_message(ByteView(octets).first(size)).has_value());
  octets.push_back(0);
  BOOST_TEST(!parse_message(octets).has_value());
}

BOOST_AUTO_TEST_CASE(data_of_the_wrong_length) {
  const std::string head = "000080000000000100000000"
                           "0161000001000100000005";
  const auto parsed = [&](const std::string& data) { return parse_message(*from_hex(head + data)); };
  BOOST_TEST(parsed("0004c0000201").has_value());
  BOOST_TEST(!parsed("0003c00002").has_value());
  BOOST_TEST(!parsed("0005c000020100").has_value());
}

BOOST_AUTO_TEST_CASE(lines) {
  BOOST_TEST(record_error("") == "expected the type of a record, found the end");
  BOOST_TEST(record_error("MX 1 a.test") == "expected one of A, AAAA, CNAME, SRV, NAPTR, SOA, found 'MX'");
  BOOST_TEST(record_error("A").find("an address") != std::string::npos);
  BOOST_TEST(record_error("A 2001:db8::1") == "expected an IPv4 address, found 2001:db8::1");
  BOOST_TEST(record_error("AAAA 192.0.2.1") == "expected an IPv6 address, found 192.0.2.1");
  BOOST_TEST(record_error("SRV 1 2 70000 a.test").find("a port") != std::string::npos);
  BOOST_TEST(record_error("SRV 1 2").find("a port") != std::string::npos);
  BOOST_TEST(record_error("SRV 1 2 3 a..b").find("empty label") != std::string::npos);
  BOOST_TEST(record_error("A 192.0.2.1 x") == "expected the end of the A record, found 'x'");
  BOOST_TEST(record_error("NAPTR 1 2 \"s").find("quote at the end") != std::string::npos);
  BOOST_TEST(record_error("NAPTR 1 2 \"s\" \"" + std::string(256, 'x') + "\" \"\" a.test").find("255") !=
             std::string::npos);
  BOOST_TEST(record_error("SOA a. b. 1 2 3 4").find("five numbers") != std::string::npos);
  BOOST_TEST(record_error("4294967295 A 192.0.2.1").find("a TTL of at most") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
