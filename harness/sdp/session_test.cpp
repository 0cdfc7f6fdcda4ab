#include "sdp/session.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::sdp;

namespace {

void check_wrong(std::string_view text, std::size_t offset, std::string_view in_message) {
  const auto session = parse_session(text);
  BOOST_TEST_CONTEXT(text) {
    BOOST_REQUIRE(!session);
    BOOST_TEST(session.error().offset.value_or(9999) == offset);
    BOOST_TEST(session.error().what.find(in_message) != std::string::npos, session.error().what);
  }
}

const std::string head = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n";
const std::string start = head + "t=0 0\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(session)

// RFC 8866 §5, the example description, with its lines kept in order.
BOOST_AUTO_TEST_CASE(example_of_the_standard) {
  const std::string text = "v=0\r\n"
                           "o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\r\n"
                           "s=Call to John Smith\r\n"
                           "i=SDP Offer #1\r\n"
                           "u=http://www.jdoe.example.com/home.html\r\n"
                           "e=Jane Doe <jane@jdoe.example.com>\r\n"
                           "p=+1 617 555-6011\r\n"
                           "c=IN IP4 198.51.100.1\r\n"
                           "t=0 0\r\n"
                           "m=audio 49170 RTP/AVP 0\r\n"
                           "m=audio 49180 RTP/AVP 0\r\n"
                           "m=video 51372 RTP/AVP 99\r\n"
                           "c=IN IP6 2001:db8::2\r\n"
                           "a=rtpmap:99 h263-1998/90000\r\n";
  const auto session = parse_session(text);
  BOOST_REQUIRE(session);
  BOOST_TEST(session->origin.username == "jdoe");
  BOOST_TEST(session->origin.session_id == "3724394400");
  BOOST_TEST(session->origin.version == "3724394405");
  BOOST_TEST(session->origin.address == "198.51.100.1");
  BOOST_TEST(session->name == "Call to John Smith");
  BOOST_TEST(*session->information == "SDP Offer #1");
  BOOST_REQUIRE(session->media.size() == 3u);
  BOOST_TEST(session->media[0].port == 49170);
  BOOST_TEST(session->media[0].protocol == "RTP/AVP");
  BOOST_TEST(session->media[0].line == 10u);
  BOOST_TEST(session->media[2].type == "video");
  BOOST_TEST(session->media[2].formats == std::vector<std::string>{"99"}, boost::test_tools::per_element());
  BOOST_TEST(*session->media[2].attributes.value("rtpmap") == "99 h263-1998/90000");
  BOOST_TEST(media_address(*session, session->media[0]) == "198.51.100.1");
  BOOST_TEST(media_address(*session, session->media[2]) == "2001:db8::2");
  BOOST_TEST(serialize(*session) == text);
}

BOOST_AUTO_TEST_CASE(every_kind_of_line_comes_back) {
  const std::string text =
      head + "e=a@example.com\r\ne=b@example.com\r\nb=AS:64\r\nb=TIAS:64000\r\n"
             "t=3724394400 3724398000\r\nr=7d 1h 0 25h\r\nt=1 2\r\nz=2882844526 -1h\r\nk=prompt\r\n"
             "a=recvonly\r\na=key-mgmt:mikey AAAA\r\na=empty:\r\n"
             "m=audio 49170/2 RTP/SAVP 0 8 101\r\ni=title\r\nc=IN IP4 224.2.1.1/127\r\n"
             "c=IN IP4 224.2.1.2/127\r\nb=AS:64\r\nk=clear:x\r\na=crypto:1 S inline:AAAA\r\n"
             "m=image 0 udptl t38\r\n";
  const auto session = parse_session(text);
  BOOST_REQUIRE(session);
  BOOST_TEST(session->times == (std::vector<std::string>{"3724394400 3724398000", "r=7d 1h 0 25h", "1 2"}),
             boost::test_tools::per_element());
  BOOST_TEST(session->media[0].port_count == 2u);
  BOOST_TEST(session->media[0].connections.size() == 2u);
  BOOST_TEST(!session->attributes[0].value);
  BOOST_TEST((session->attributes[2].value == ""));
  BOOST_TEST(serialize(*session) == text);
}

BOOST_AUTO_TEST_CASE(bare_line_feeds_and_a_missing_last_end) {
  const auto session = parse_session("v=0\no=- 1 1 IN IP4 192.0.2.1\ns= \nt=0 0\na=sendonly");
  BOOST_REQUIRE(session);
  BOOST_TEST(session->name == " ");
  BOOST_TEST(session->attributes.size() == 1u);
  BOOST_TEST(serialize(*session) == "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns= \r\nt=0 0\r\na=sendonly\r\n");
}

BOOST_AUTO_TEST_CASE(a_session_made_here) {
  Session session;
  session.origin.address = "192.0.2.7";
  session.connection = Connection{"IN", "IP4", "192.0.2.7"};
  Media media;
  media.type = "audio";
  media.port = 4000;
  media.protocol = "RTP/AVP";
  media.formats = {"0"};
  media.attributes.add("ptime", "20");
  media.attributes.add("sendrecv");
  session.media.push_back(media);
  BOOST_TEST(serialize(session) == "v=0\r\no=- 0 0 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
                                   "m=audio 4000 RTP/AVP 0\r\na=ptime:20\r\na=sendrecv\r\n");
}

BOOST_AUTO_TEST_CASE(attribute_list) {
  AttributeList list;
  list.add("crypto", "1");
  list.add("Crypto", "other case");
  list.add("sendrecv");
  list.add("crypto", "2");
  BOOST_TEST(*list.value("crypto") == "1");
  BOOST_TEST(*list.value("sendrecv") == "");
  BOOST_TEST(!list.value("SENDRECV"));
  BOOST_TEST(list.values("crypto") == (std::vector<std::string_view>{"1", "2"}),
             boost::test_tools::per_element());
  list.remove("crypto");
  BOOST_TEST(list.size() == 2u);
  BOOST_TEST(list.front().name == "Crypto");
}

BOOST_AUTO_TEST_CASE(directions) {
  const auto session =
      parse_session(start + "a=inactive\r\nm=audio 1 RTP/AVP 0\r\na=sendonly\r\nm=audio 2 RTP/AVP 0\r\n");
  BOOST_REQUIRE(session);
  BOOST_TEST(direction(*session, session->media[0]) == "sendonly");
  BOOST_TEST(direction(*session, session->media[1]) == "inactive");
  const auto plain = parse_session(start + "m=audio 1 RTP/AVP 0\r\n");
  BOOST_TEST(direction(*plain, plain->media[0]) == "sendrecv");
  BOOST_TEST(media_address(*plain, plain->media[0]) == "");
}

BOOST_AUTO_TEST_CASE(wrong_lines) {
  check_wrong("v=0\r\n\r\n", 5, "line 2");
  check_wrong("v=1\r\n", 2, "version 0");
  check_wrong("v 0\r\n", 0, "'='");
  check_wrong("v=0\r\no=- 1 1 IN IP4\r\n", 19, "o=<user>");
  check_wrong("v=0\r\no=-  1 1 IN IP4 a\r\n", 9, "empty field");
  check_wrong(head + "t=0\r\n", head.size() + 3, "t=<start>");
  check_wrong(head + "t=0 x\r\n", head.size() + 4, "seconds");
  check_wrong(head + "c=IN IP4\r\n", head.size() + 8, "c=<net>");
  check_wrong(start + "a=\r\n", start.size() + 2, "attribute");
  check_wrong(start + "a=:x\r\n", start.size() + 2, "attribute");
  check_wrong(start + "a=x\ry\r\n", start.size() + 3, "CR");
  check_wrong(start + std::string("a=x\0y\r\n", 7), start.size() + 3, "NUL");
}

BOOST_AUTO_TEST_CASE(wrong_media_lines) {
  check_wrong(start + "m=audio 65536 RTP/AVP 0\r\n", start.size() + 8, "port");
  check_wrong(start + "m=audio x RTP/AVP 0\r\n", start.size() + 8, "port");
  check_wrong(start + "m=audio 1/0 RTP/AVP 0\r\n", start.size() + 10, "number of ports");
  check_wrong(start + "m=audio 1/ RTP/AVP 0\r\n", start.size() + 10, "number of ports");
  check_wrong(start + "m=audio 1 RTP/AVP\r\n", start.size() + 17, "m=<media>");
  check_wrong(start + "m=audio 1 RTP/AVP 0 \r\n", start.size() + 20, "empty field");
}

BOOST_AUTO_TEST_CASE(wrong_order) {
  check_wrong("", 0, "v=");
  check_wrong("o=- 1 1 IN IP4 a\r\n", 0, "v=");
  check_wrong("v=0\r\ns=-\r\n", 5, "o=");
  check_wrong("v=0\r\nv=0\r\n", 5, "second v=");
  check_wrong(head, head.size(), "t=");
  check_wrong(head + "m=audio 1 RTP/AVP 0\r\n", head.size(), "t=");
  check_wrong(head + "r=1 2 3\r\n", head.size(), "r= without");
  check_wrong(start + "c=IN IP4 a\r\n", start.size(), "too late");
  check_wrong(start + "x=1\r\n", start.size(), "'x'");
  check_wrong(start + "m=audio 1 RTP/AVP 0\r\na=x\r\nc=IN IP4 a\r\n", start.size() + 26, "too late");
  check_wrong(start + "m=audio 1 RTP/AVP 0\r\nt=0 0\r\n", start.size() + 21, "'t'");
  check_wrong(start + "m=audio 1 RTP/AVP 0\r\ni=a\r\ni=b\r\n", start.size() + 26, "second i=");
}

BOOST_AUTO_TEST_CASE(limits) {
  std::string many = start;
  for (std::size_t i = 0; i < max_media_sections; ++i) many += "m=audio 1 RTP/AVP 0\r\n";
  BOOST_TEST(parse_session(many).has_value());
  check_wrong(many + "m=audio 1 RTP/AVP 0\r\n", many.size(), "media sections");
  BOOST_TEST(!parse_session(std::string(max_description_octets + 1, 'v')));
}

BOOST_AUTO_TEST_SUITE_END()
