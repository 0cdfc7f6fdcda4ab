#include "sip/message.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <utility>

using namespace sipvet;
using namespace sipvet::sip;

namespace {

// RFC 3261 §24.2, F1 and F12, shortened.
const std::string invite = "INVITE sip:bob@biloxi.com SIP/2.0\r\n"
                           "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8\r\n"
                           "Max-Forwards: 70\r\n"
                           "To: Bob <sip:bob@biloxi.com>\r\n"
                           "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
                           "Call-ID: a84b4c76e66710\r\n"
                           "CSeq: 314159 INVITE\r\n"
                           "Contact: <sip:alice@pc33.atlanta.com>\r\n"
                           "Content-Type: application/sdp\r\n"
                           "Content-Length: 4\r\n"
                           "\r\n"
                           "v=0\n";

Message parsed(std::string_view text) { return parse_message(text).value(); }

} // namespace

BOOST_AUTO_TEST_SUITE(message)

BOOST_AUTO_TEST_CASE(a_request) {
  const Message message = parsed(invite);
  BOOST_TEST(message.is_request());
  BOOST_TEST(message.method() == "INVITE");
  BOOST_TEST(message.uri() == "sip:bob@biloxi.com");
  BOOST_TEST(message.fields().size() == 9u);
  BOOST_TEST((message.header("call-id") == "a84b4c76e66710"));
  BOOST_TEST(!message.header("Route").has_value());
  BOOST_TEST(message.body() == "v=0\n");
  BOOST_TEST(message.serialize() == invite);
}

BOOST_AUTO_TEST_CASE(a_response) {
  const std::string text = "SIP/2.0 486 Busy Here\r\nl: 0\r\n\r\n";
  const Message message = parsed(text);
  BOOST_TEST(!message.is_request());
  BOOST_TEST(message.status() == 486);
  BOOST_TEST(message.reason() == "Busy Here");
  BOOST_TEST(message.method().empty());
  BOOST_TEST(message.serialize() == text);
}

BOOST_AUTO_TEST_CASE(a_reason_may_be_missing_with_its_space) {
  BOOST_TEST(parsed("SIP/2.0 100 \r\n\r\n").reason().empty()); // RFC 4475 noreason
  BOOST_TEST(parsed("SIP/2.0 100\r\n\r\n").status() == 100);
  BOOST_TEST(parsed("sip/2.0 200 OK\r\n\r\n").status() == 200); // §7.1: case does not count
}

// §7.3.3: names without regard to case, compact forms as their long names, both ways.
BOOST_AUTO_TEST_CASE(names_and_compact_forms) {
  const Message message = parsed("BYE sip:b SIP/2.0\r\nv: 1\r\nVIA: 2\r\nvia:3\r\nF: x\r\n\r\n");
  BOOST_TEST((message.headers("Via") == std::vector<std::string_view>{"1", "2", "3"}));
  BOOST_TEST((message.headers("V") == std::vector<std::string_view>{"1", "2", "3"}));
  BOOST_TEST((message.header("From") == "x"));
  BOOST_TEST(message.fields()[1].name == "VIA");
  for (const auto& [compact, full] :
       std::vector<std::pair<const char*, const char*>>{{"i", "Call-ID"},
                                                        {"m", "Contact"},
                                                        {"e", "Content-Encoding"},
                                                        {"l", "Content-Length"},
                                                        {"c", "Content-Type"},
                                                        {"f", "From"},
                                                        {"s", "Subject"},
                                                        {"k", "Supported"},
                                                        {"t", "To"},
                                                        {"v", "Via"}, // RFC 3261 §20
                                                        {"o", "Event"},
                                                        {"u", "Allow-Events"},
                                                        {"r", "Refer-To"},
                                                        {"b", "Referred-By"},
                                                        {"x", "Session-Expires"}})
    BOOST_TEST(long_name(compact) == full);
  BOOST_TEST(long_name("z") == "z");
  BOOST_TEST(long_name("Via") == "Via");
}

// §7.3.1.
BOOST_AUTO_TEST_CASE(folded_values_are_one_line_and_written_as_they_came) {
  const std::string text = "OPTIONS sip:b SIP/2.0\r\nSubject: I know you're there,\r\n  \t pick up the phone "
                           "  \r\n \r\n\tand talk \r\nX:\r\n  y\r\n\r\n";
  const Message message = parsed(text);
  BOOST_TEST((message.header("Subject") == "I know you're there, pick up the phone and talk"));
  BOOST_TEST((message.header("X") == "y"));
  BOOST_TEST(message.serialize() == text);
}

// §7.3.1's three equal spellings of Route.
BOOST_AUTO_TEST_CASE(lists_in_one_field_or_several) {
  const std::vector<std::string> expected = {"<sip:alice@atlanta.com>", "<sip:bob@biloxi.com>",
                                             "<sip:carol@chicago.com>"};
  for (const char* fields : {"Route: <sip:alice@atlanta.com>\r\nSubject: Lunch\r\nRoute: "
                             "<sip:bob@biloxi.com>\r\nRoute: <sip:carol@chicago.com>\r\n",
                             "Route: <sip:alice@atlanta.com>, <sip:bob@biloxi.com>\r\nRoute: "
                             "<sip:carol@chicago.com>\r\nSubject: Lunch\r\n",
                             "Subject: Lunch\r\nRoute: <sip:alice@atlanta.com>, <sip:bob@biloxi.com>,\r\n "
                             "<sip:carol@chicago.com>\r\n"})
    BOOST_TEST((parsed("BYE sip:x SIP/2.0\r\n" + std::string(fields) + "\r\n").list("Route") == expected));
}

BOOST_AUTO_TEST_CASE(commas_in_quotes_and_brackets_do_not_separate) {
  Message message = Message::request("REGISTER", "sip:x");
  message.add("Contact", "\"Bell, \\\"A\\\", <x\" <sip:a,b@c;x=1>;q=0.5 ,, <sip:d@e>,");
  BOOST_TEST((message.list("Contact") ==
              std::vector<std::string>{"\"Bell, \\\"A\\\", <x\" <sip:a,b@c;x=1>;q=0.5", "<sip:d@e>"}));
}

BOOST_AUTO_TEST_CASE(bare_lf_line_ends_are_taken_and_kept) {
  const std::string text = "BYE sip:b SIP/2.0\nTo: x\r\nFrom:\n y\nl: 2\n\nab";
  const Message message = parsed(text);
  BOOST_TEST((message.header("From") == "y"));
  BOOST_TEST(message.body() == "ab");
  BOOST_TEST(message.serialize() == text);
}

BOOST_AUTO_TEST_CASE(empty_lines_in_front_are_skipped_and_kept) {
  const std::string text = "\r\n\r\nBYE sip:b SIP/2.0\r\n\r\n";
  BOOST_TEST(parsed(text).method() == "BYE");
  BOOST_TEST(parsed(text).serialize() == text);
}

// §18.3.
BOOST_AUTO_TEST_CASE(the_body_ends_where_content_length_says) {
  BOOST_TEST(parsed("BYE sip:b SIP/2.0\r\nl: 2\r\n\r\nabcd").body() == "ab");
  BOOST_TEST(parsed("BYE sip:b SIP/2.0\r\n\r\nabcd").body() == "abcd");
  BOOST_TEST(parsed("BYE sip:b SIP/2.0\r\nl: 2\r\nContent-Length:2\r\n\r\nab").body() == "ab");
  BOOST_TEST(!parse_message("BYE sip:b SIP/2.0\r\nl: 2\r\nContent-Length:3\r\n\r\nabc"));
}

BOOST_AUTO_TEST_CASE(changes_leave_the_rest_as_it_was) {
  Message message = parsed("BYE sip:b SIP/2.0\r\nv:  a\r\nX-Odd   :  1\r\nt: y\r\nVia: b\r\nl: 0\r\n\r\n");
  message.add_first("Via", "new");
  message.set("To", "<sip:z>");
  message.add("Reason", "SIP;cause=200");
  BOOST_TEST(message.serialize() == "BYE sip:b SIP/2.0\r\nVia: new\r\nv:  a\r\nX-Odd   :  1\r\nTo: "
                                    "<sip:z>\r\nVia: b\r\nl: 0\r\nReason: SIP;cause=200\r\n\r\n");
  message.set("v", "only");
  message.remove("content-length");
  message.set_uri("sip:c");
  BOOST_TEST(message.serialize() ==
             "BYE sip:c SIP/2.0\r\nv: only\r\nX-Odd   :  1\r\nTo: <sip:z>\r\nReason: SIP;cause=200\r\n\r\n");
  message.add_first("Route", "<sip:first>");
  BOOST_TEST(message.fields().front().name == "Route");
}

BOOST_AUTO_TEST_CASE(made_here) {
  Message message = Message::request("OPTIONS", "sip:h");
  message.add("Max-Forwards", "70");
  message.set_body("v=0\r\n", "application/sdp");
  const std::string text = "OPTIONS sip:h SIP/2.0\r\nMax-Forwards: 70\r\nContent-Type: "
                           "application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n";
  BOOST_TEST(message.serialize() == text);
  BOOST_TEST(parsed(text).body() == "v=0\r\n");
  Message answer = Message::response(200, "OK");
  answer.set_body("", "");
  BOOST_TEST(answer.serialize() == "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n");
  // A wrong length is a deviation that tests ask for.
  message.set("Content-Length", "99");
  BOOST_TEST(message.serialize().find("Content-Length: 99\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(errors_point_at_the_octet) {
  const std::array<std::pair<const char*, std::size_t>, 26> bad = {{
      {"", 0},
      {"\r\n", 2},
      {"BYE sip:b SIP/2.0", 17},
      {"BYE sip:b SIP/2.0\r\n", 19},
      {"BYE sip:b SIP/2.0\r\nTo: x\r\n", 26},
      {"BYE\r\n\r\n", 0},
      {"BYE sip:b\r\n\r\n", 0},
      {"B/E sip:b SIP/2.0\r\n\r\n", 0},
      {" BYE sip:b SIP/2.0\r\n\r\n", 0},
      {"BYE  sip:b SIP/2.0\r\n\r\n", 4}, // RFC 4475 lwsstart
      {"BYE sip:b  SIP/2.0\r\n\r\n", 9},
      {"BYE sip:b; lr SIP/2.0\r\n\r\n", 10}, // RFC 4475 lwsruri
      {"BYE sip:b SIP/2.0  \r\n\r\n", 19},   // RFC 4475 trws
      {"BYE sip:b SIP/7.0\r\n\r\n", 10},     // RFC 4475 badvers
      {"GET / HTTP/1.1\r\n\r\n", 6},
      {"SIP/2.0 4294967301 better not break the receiver\r\n\r\n", 7}, // RFC 4475 bigcode
      {"SIP/2.0 99 x\r\n\r\n", 7},
      {"SIP/2.0 099 x\r\n\r\n", 7},
      {"SIP/2.0 700 x\r\n\r\n", 7},
      {"SIP/2.0  200 OK\r\n\r\n", 7},
      {"SIP/2.0\r\n\r\n", 7},
      {"BYE sip:b SIP/2.0\r\n folded: x\r\n\r\n", 19},
      {"BYE sip:b SIP/2.0\r\nTo x\r\n\r\n", 19},
      {"BYE sip:b SIP/2.0\r\nT o: x\r\n\r\n", 19},
      {"BYE sip:b SIP/2.0\r\nTo: x\r\n: y\r\n\r\n", 26},
      {"BYE sip:b SIP/2.0\r\nl: 5\r\n\r\nabcd", 31},
  }};
  for (const auto& [text, offset] : bad) {
    const auto result = parse_message(text);
    BOOST_TEST(!result, text);
    if (!result) BOOST_TEST((result.error().offset == offset), text << ": " << to_string(result.error()));
  }
}

BOOST_AUTO_TEST_CASE(limits) {
  std::string many = "BYE sip:b SIP/2.0\r\n";
  for (std::size_t i = 0; i < max_header_fields; ++i) many += "X: y\r\n";
  BOOST_TEST(parsed(many + "\r\n").fields().size() == max_header_fields);
  BOOST_TEST(!parse_message(many + "X: y\r\n\r\n"));

  const std::string head = "BYE sip:b SIP/2.0\r\n\r\n";
  BOOST_TEST(parse_message(head + std::string(max_message_octets - head.size(), 'x')).has_value());
  BOOST_TEST(!parse_message(head + std::string(max_message_octets - head.size() + 1, 'x')));

  BOOST_TEST(!parse_message("BYE sip:b SIP/2.0\r\nContent-Length: 4294967296\r\n\r\n"));
  BOOST_TEST(!parse_message("BYE sip:" + std::string(20000, 'b') + " SIP/2.0\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(reason_phrases) {
  BOOST_TEST(reason_phrase(100) == "Trying");
  BOOST_TEST(reason_phrase(200) == "OK");
  BOOST_TEST(reason_phrase(415) == "Unsupported Media Type");
  BOOST_TEST(reason_phrase(481) == "Call/Transaction Does Not Exist");
  BOOST_TEST(reason_phrase(488) == "Not Acceptable Here");
  BOOST_TEST(reason_phrase(491) == "Request Pending");
  BOOST_TEST(reason_phrase(504) == "Server Time-out");
  BOOST_TEST(reason_phrase(606) == "Not Acceptable");
  BOOST_TEST(reason_phrase(299) == "Unknown");
  BOOST_TEST(reason_phrase(0) == "Unknown");
  BOOST_TEST(reason_phrase(999) == "Unknown");
}

BOOST_AUTO_TEST_SUITE_END()
