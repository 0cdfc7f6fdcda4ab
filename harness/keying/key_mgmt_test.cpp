#include "keying/key_mgmt.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(key_mgmt)

using namespace sipvet;
using namespace sipvet::keying;

namespace {

sdp::Session description(std::string_view at_session, std::string_view at_media) {
  const auto parsed =
      sdp::parse_session("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" +
                         std::string(at_session) + "m=audio 4000 RTP/SAVP 0\r\n" + std::string(at_media));
  return parsed.value();
}

KeyMgmtLines lines_of(const sdp::Session& session) { return key_mgmt_lines(session, session.media.at(0)); }

} // namespace

BOOST_AUTO_TEST_CASE(attributes_of_the_section_stand_in_place_of_those_of_the_session) {
  const auto session = lines_of(description("a=key-mgmt:mikey AAEC\r\na=key-mgmt:keyp1 /w==\r\n", ""));
  BOOST_TEST((session.level == KeyMgmtLevel::session));
  BOOST_TEST((session.protocols() == std::vector<std::string>{"mikey", "keyp1"}));
  BOOST_TEST((session.data_of("keyp1")->value() == Bytes{0xFF}));
  const auto media = lines_of(description("a=key-mgmt:keyp1 /w==\r\n", "a=key-mgmt:mikey AAEC\r\n"));
  BOOST_TEST((media.level == KeyMgmtLevel::media));
  BOOST_TEST((media.data_of("mikey")->value() == Bytes{0, 1, 2}));
  BOOST_TEST(!media.data_of("keyp1").has_value());
  BOOST_TEST(lines_of(description("", "")).values.empty());
}

BOOST_AUTO_TEST_CASE(data_that_cannot_be_read_say_so) {
  const auto lines = lines_of(description("a=key-mgmt:mikey ?\r\n", ""));
  BOOST_TEST(lines.protocols().front() == "mikey");
  BOOST_REQUIRE(lines.data_of("mikey").has_value());
  BOOST_TEST(!lines.data_of("mikey")->has_value());
}

BOOST_AUTO_TEST_CASE(they_are_written_where_they_are_read) {
  for (const auto level : {KeyMgmtLevel::session, KeyMgmtLevel::media}) {
    sdp::Session session = description("", "");
    add_key_mgmt(session, session.media[0], level, {"mikey AAEC"});
    BOOST_TEST((lines_of(session).level == level));
    BOOST_TEST(lines_of(session).values.front() == "mikey AAEC");
  }
}

BOOST_AUTO_TEST_CASE(several_protocols_are_repeated_where_nobody_can_change_them) {
  using Names = std::vector<std::string>;
  const auto refusal = [](const Names& offered, std::optional<std::string> list) {
    const auto checked = check_protocol_list(offered, list);
    return checked ? std::string("none") : checked.error().what;
  };
  BOOST_TEST(refusal({"mikey"}, std::nullopt) == "none");
  BOOST_TEST(refusal({"mikey"}, "mikey") == "none");
  BOOST_TEST(refusal({"mikey", "keyp1"}, "mikey;keyp1") == "none");
  BOOST_TEST(refusal({"mikey", "keyp1"}, std::nullopt) ==
             "the offer has the key management protocols mikey;keyp1 and its message does not repeat the "
             "list, which "
             "anybody in between may have changed (RFC 4567 §4.1.4)");
  BOOST_TEST(
      refusal({"mikey"}, "keyp1;mikey") ==
      "the message says that the protocols keyp1;mikey were offered, and the offer has mikey: somebody in "
      "between has changed it (RFC 4567 §4.1.4)");
}

BOOST_AUTO_TEST_SUITE_END()
