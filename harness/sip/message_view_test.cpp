#include "sip/message.hpp"
#include "sip/message_view.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

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

BOOST_AUTO_TEST_SUITE_END()
