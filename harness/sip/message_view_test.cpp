#include "sip/message.hpp"
#include "sip/message_view.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace sipvet;
using namespace sipvet::sip;

namespace {

const std::string invite = "\r\nINVITE sip:b@test SIP/2.0\r\nv: SIP/2.0/TLS a\r\nSubject : one\r\n two\r\n"
                           "Route: <sip:a>, <sip:b>\r\nContent-Length: 3\r\n\r\nabcdef";

} // namespace

BOOST_AUTO_TEST_SUITE(message_view)

BOOST_AUTO_TEST_CASE(everything_stands_where_it_was_read) {
  const auto view = view_message(invite).value();
  const auto inside = [&](std::string_view part) {
    return part.data() >= invite.data() && part.data() + part.size() <= invite.data() + invite.size();
  };
  BOOST_TEST(view.is_request());
  BOOST_TEST(view.method() == "INVITE");
  BOOST_TEST(view.uri() == "sip:b@test");
  BOOST_TEST(view.header("Via").value() == "SIP/2.0/TLS a");
  BOOST_TEST((view.list("Route") == std::vector<std::string>{"<sip:a>", "<sip:b>"}));
  BOOST_TEST(view.body() == "abc");
  BOOST_TEST(view.text() == invite.substr(0, invite.size() - 3)); // what stands behind the body is none of it
  for (const auto part : {view.method(), view.uri(), view.header("Via").value(), view.body(), view.text()})
    BOOST_TEST(inside(part));
  BOOST_TEST(view.header("Subject").value() == "one two"); // unfolded: the only thing that is made
  BOOST_TEST(!view.header("To"));
}

BOOST_AUTO_TEST_CASE(a_message_made_of_a_view_owns_its_text) {
  std::string octets = invite;
  const Message message(view_message(octets).value());
  octets.assign(octets.size(), 'x');
  BOOST_TEST(message.serialize() == invite.substr(0, invite.size() - 3));
  BOOST_TEST(message.header("Subject").value() == "one two");
  BOOST_TEST(message.header("Content-Length").value() == "3");
}

BOOST_AUTO_TEST_CASE(nothing_of_the_message_before_is_left) {
  MessageView view;
  BOOST_REQUIRE(read_message(invite, view));
  BOOST_REQUIRE(read_message("SIP/2.0 180 Ringing\r\nTo: <sip:b>\r\n\r\n", view));
  BOOST_TEST(!view.is_request());
  BOOST_TEST(view.status() == 180);
  BOOST_TEST(view.reason() == "Ringing");
  BOOST_TEST(view.method().empty());
  BOOST_TEST(view.uri().empty());
  BOOST_TEST(view.body().empty());
  BOOST_TEST(view.fields().size() == 1u);
  BOOST_TEST(read_message("SIP/2.0 180 Ringing\r\nTo\r\n\r\n", view).error().what ==
             "header field: expected a name and a colon");
}

// Whatever the place, case and form of a known field, both ways to ask for it find the first one.
BOOST_AUTO_TEST_CASE(known_fields_are_found_by_number) {
  const std::vector<std::pair<KnownHeader, std::vector<std::string>>> names = {
      {KnownHeader::via, {"Via", "VIA", "via", "v", "V"}},
      {KnownHeader::from, {"From", "fROM", "f", "F"}},
      {KnownHeader::to, {"To", "TO", "to", "t", "T"}},
      {KnownHeader::call_id, {"Call-ID", "Call-Id", "CALL-ID", "i", "I"}},
      {KnownHeader::cseq, {"CSeq", "cseq", "CSEQ"}},
      {KnownHeader::contact, {"Contact", "contact", "m", "M"}},
      {KnownHeader::route, {"Route", "ROUTE"}},
      {KnownHeader::record_route, {"Record-Route", "record-route"}},
      {KnownHeader::content_type, {"Content-Type", "content-type", "c", "C"}},
      {KnownHeader::content_length, {"Content-Length", "CONTENT-LENGTH", "l", "L"}},
  };
  BOOST_TEST(names.size() == known_headers);
  for (const auto& [known, forms] : names)
    for (const auto& name : forms) {
      BOOST_TEST((known_header(name) == known), name);
      const auto text = "A sip:b SIP/2.0\r\nX: 0\r\n" + name + ": 1\r\nY: 0\r\n" + forms[0] + ": 1\r\n\r\n ";
      const auto view = view_message(text).value();
      BOOST_REQUIRE(view.header(known));
      BOOST_TEST(view.header(known)->data() == text.data() + text.find(": 1") + 2, name);
      for (const auto& asked : forms) BOOST_TEST(view.header(asked)->data() == view.header(known)->data());
    }
  for (const std::string other :
       {"", "x", "k", "Tp", "Vie", "Form", "CSec", "Roots", "Call-IE", "Kontakt", "Content-Tyke",
        "Record-Rouge", "Content-Lengti", "Subject", "Max-Forwards"})
    BOOST_TEST((known_header(other) == KnownHeader::other), other);
  const auto empty = view_message("A sip:b SIP/2.0\r\n\r\n");
  for (std::size_t known = 0; known < known_headers; ++known)
    BOOST_TEST(!empty->header(static_cast<KnownHeader>(known)));
}

BOOST_AUTO_TEST_CASE(a_start_line_in_our_own_form_is_seen) {
  const std::pair<std::string, std::string> lines[] = {
      {"INVITE sip:b@test SIP/2.0\r\n", "INVITE sip:b@test SIP/2.0"},
      {"\r\n\nA b SIP/2.0\n", "A b SIP/2.0"},
      {"INVITE sip:b@test sip/2.0\r\n", ""},
      {"SIP/2.0 200 OK\r\n", "SIP/2.0 200 OK"},
      {"\nSIP/2.0 200  two  words \n", "SIP/2.0 200  two  words "},
      {"SIP/2.0 200 \r\n", "SIP/2.0 200 "},
      {"SIP/2.0 200\r\n", ""},
      {"SIP/2.0 200\n", ""},
      {"sip/2.0 200 OK\r\n", ""},
  };
  for (const auto& [line, plain] : lines) {
    const auto text = line + "To: a\r\n\r\n";
    BOOST_TEST(view_message(text)->plain_start_line() == plain, line);
  }
  BOOST_TEST(MessageView().plain_start_line() == "");
}

BOOST_AUTO_TEST_SUITE_END()
