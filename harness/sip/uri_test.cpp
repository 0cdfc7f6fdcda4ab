#include "sip/uri.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <utility>

using namespace sipvet;
using namespace sipvet::sip;

namespace {

Uri uri(std::string_view text) { return parse_uri(text).value(); }

bool same(std::string_view a, std::string_view b) {
  // The relation has no direction.
  BOOST_TEST(equivalent(uri(a), uri(b)) == equivalent(uri(b), uri(a)));
  return equivalent(uri(a), uri(b));
}

} // namespace

BOOST_AUTO_TEST_SUITE(uris)

BOOST_AUTO_TEST_CASE(all_parts) {
  const Uri all =
      uri("SIPS:alice:se%20cret@atlanta.com:5061;transport=tcp;lr?subject=project%20x&priority=urgent");
  BOOST_TEST(all.scheme == "sips");
  BOOST_TEST(all.user == "alice");
  BOOST_TEST((all.password == "se%20cret"));
  BOOST_TEST(all.host == "atlanta.com");
  BOOST_TEST((all.port == 5061));
  BOOST_TEST((all.parameters == Parameters{{"transport", "tcp"}, {"lr", std::nullopt}}));
  BOOST_TEST((find(all.parameters, "TRANSPORT") == "tcp"));
  BOOST_TEST((find(all.parameters, "lr") == ""));
  BOOST_TEST(!find(all.parameters, "maddr").has_value());
  BOOST_REQUIRE(all.headers.size() == 2u);
  BOOST_TEST(all.headers[0].first == "subject");
  BOOST_TEST(all.headers[0].second == "project%20x");
  BOOST_TEST(all.headers[1].second == "urgent");
}

// RFC 3261 §19.1.3, RFC 4475 §3.1.1, RFC 3966 §6 and forms that phones send.
BOOST_AUTO_TEST_CASE(written_as_read) {
  for (const char* text : {
           "sip:alice@atlanta.com",
           "sip:alice:secretword@atlanta.com;transport=tcp",
           "sips:alice@atlanta.com?subject=project%20x&priority=urgent",
           "sip:+1-212-555-1212:1234@gateway.com;user=phone",
           "sips:1212@gateway.com",
           "sip:alice@192.0.2.4",
           "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com",
           "sip:alice;day=tuesday@atlanta.com",
           "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/"
           ";;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com",
           "sip:sips%3Auser%40example.com@example.net",
           "sip:user@[2001:db8::10]:5070;maddr=[2001:db8::1]",
           "sip:%00%00@host5.example.com",
           "sip:user;par=u%40example.net@example.com",
           "sip:host:0",
           "sip:*06#@pbx.example",
           "sip:x@y;line=abc==",
           "sip:a@b?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345&h=",
           "tel:+1-201-555-0123",
           "tel:7042;phone-context=example.com",
           "tel:863-1234;phone-context=+1-914-555",
       })
    BOOST_TEST(to_string(uri(text)) == text);
}

BOOST_AUTO_TEST_CASE(a_semicolon_in_front_of_the_at_sign_belongs_to_the_user) {
  const Uri parsed = uri("sip:user;par=u%40example.net@example.com");
  BOOST_TEST(parsed.user == "user;par=u%40example.net");
  BOOST_TEST(parsed.parameters.empty());
}

BOOST_AUTO_TEST_CASE(ipv6_hosts_keep_their_brackets) {
  const Uri parsed = uri("sip:[2001:db8::1]:5061;lr");
  BOOST_TEST(parsed.host == "[2001:db8::1]");
  BOOST_TEST((parsed.port == 5061));
  BOOST_TEST(parsed.user.empty());
}

BOOST_AUTO_TEST_CASE(a_tel_uri_has_its_number_as_host) {
  const Uri parsed = uri("tel:7042;phone-context=example.com");
  BOOST_TEST(parsed.host == "7042");
  BOOST_TEST((find(parsed.parameters, "phone-context") == "example.com"));
}

BOOST_AUTO_TEST_CASE(errors_point_at_the_octet) {
  const std::array<std::pair<const char*, std::size_t>, 24> bad = {{
      {"", 0},
      {"alice@atlanta.com", 0},
      {"nobodyKnowsThisScheme:totallyopaquecontent", 0}, // RFC 4475 §3.3.2 unkscm
      {"<sip:user@example.com>", 0},                     // RFC 4475 §3.1.2.7 ltgtruri
      {"sip:", 4},
      {"sip:@host", 4},
      {"sip:user@", 9},
      {"sip:user@host:", 14},
      {"sip:user@host:65536", 18},
      {"sip:user@host:5060x", 18},
      {"sip:user@host :5060", 13},
      {"sip:us er@host", 6},
      {"sip:us%4@host", 6},
      {"sip:us%zz@host", 6},
      {"sip:us\"er@host", 6},
      {"sip:user@ho$st", 11},
      {"sip:user@[2001:db8::1", 21},
      {"sip:user@[2001:db8::zz]", 20},
      {"sip:user@[192.0.2.1]", 10},
      {"sip:user@host;", 14},
      {"sip:user@host;;lr", 14},
      {"sip:user@host;a=", 16},
      {"sip:user@host?subject", 14},
      {"tel:+1-2x", 8},
  }};
  for (const auto& [text, offset] : bad) {
    const auto parsed = parse_uri(text);
    BOOST_TEST(!parsed, text);
    if (!parsed) BOOST_TEST((parsed.error().offset == offset), text << ": " << to_string(parsed.error()));
  }
  BOOST_TEST(!parse_uri("tel:"));
  BOOST_TEST(!parse_uri("tel:-"));
  BOOST_TEST(!parse_uri(std::string_view("sip:a\0b@host", 12)));
}

BOOST_AUTO_TEST_CASE(parameters_are_changed_in_place) {
  Parameters parameters = uri("sip:h;a=1;lr;b=2").parameters;
  set(parameters, "A", "9");
  set(parameters, "c", std::nullopt);
  remove(parameters, "LR");
  BOOST_TEST((parameters == Parameters{{"a", "9"}, {"b", "2"}, {"c", std::nullopt}}));
}

BOOST_AUTO_TEST_SUITE_END()

// The examples of RFC 3261 §19.1.4.
BOOST_AUTO_TEST_SUITE(uri_equivalence)

BOOST_AUTO_TEST_CASE(the_same) {
  BOOST_TEST(same("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtlanTa.CoM;Transport=tcp"));
  BOOST_TEST(same("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
  BOOST_TEST(same("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"));
  BOOST_TEST(same("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"));
  BOOST_TEST(same("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                  "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"));
  BOOST_TEST(same("sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                  "sip:alice@atlanta.com?priority=urgent&subject=project%20x"));
}

BOOST_AUTO_TEST_CASE(not_the_same) {
  BOOST_TEST(!same("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
  BOOST_TEST(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
  BOOST_TEST(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
  BOOST_TEST(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
  BOOST_TEST(!same("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
  BOOST_TEST(!same("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"));
}

BOOST_AUTO_TEST_CASE(the_relation_is_not_transitive) {
  BOOST_TEST(!same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
}

BOOST_AUTO_TEST_CASE(rules_of_the_text) {
  BOOST_TEST(!same("sip:a@b", "sips:a@b"));
  BOOST_TEST(!same("sip:a@b", "sip:a:@b"));
  BOOST_TEST(!same("sip:a@b", "sip:b"));
  BOOST_TEST(!same("sip:a@b;maddr=192.0.2.1", "sip:a@b"));
  BOOST_TEST(!same("sip:a@b;user=ip", "sip:a@b"));
  BOOST_TEST(!same("sip:a@b;ttl=1", "sip:a@b"));
  // A reserved character is not its escape.
  BOOST_TEST(!same("sip:a%3Bb@c", "sip:a;b@c"));
  BOOST_TEST(same("sip:a%3bb@c", "sip:a%3Bb@c"));
  BOOST_TEST(same("sip:a@[2001:DB8::1]", "sip:a@[2001:db8:0:0:0:0:0:1]"));
}

// RFC 3966 §4.
BOOST_AUTO_TEST_CASE(telephone_numbers) {
  BOOST_TEST(same("tel:+1-201-555-0123", "tel:+12015550123"));
  BOOST_TEST(!same("tel:+12015550123", "tel:12015550123;phone-context=+1"));
  BOOST_TEST(same("tel:7042;ext=1;phone-context=Example.com", "tel:7042;phone-context=example.com;ext=1"));
  BOOST_TEST(!same("tel:7042;phone-context=example.com", "tel:7042;phone-context=example.org"));
}

BOOST_AUTO_TEST_SUITE_END()
