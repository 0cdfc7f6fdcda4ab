#include "sdp/rtpmap.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::sdp;

namespace {

Media audio(std::vector<std::string> formats) {
  Media media;
  media.type = "audio";
  media.protocol = "RTP/AVP";
  media.formats = std::move(formats);
  return media;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rtpmap)

BOOST_AUTO_TEST_CASE(values) {
  const auto event = parse_rtpmap("101 telephone-event/8000");
  BOOST_REQUIRE(event);
  BOOST_TEST(event->payload_type == 101);
  BOOST_TEST(event->encoding == "telephone-event");
  BOOST_TEST(event->clock_hz == 8000u);
  BOOST_TEST(event->channels == 1u);
  const auto opus = parse_rtpmap("96 opus/48000/2");
  BOOST_REQUIRE(opus);
  BOOST_TEST(opus->channels == 2u);
  BOOST_TEST(rtpmap_value(*opus) == "96 opus/48000/2");
  BOOST_TEST(rtpmap_value(*event) == "101 telephone-event/8000");
}

BOOST_AUTO_TEST_CASE(wrong_values) {
  const std::pair<std::string_view, std::size_t> wrong[] = {
      {"101", 3},
      {"128 PCMU/8000", 0},
      {"x PCMU/8000", 0},
      {"0 /8000", 2},
      {"0 PCMU", 2},
      {"0 PCMU/", 7},
      {"0 PCMU/0", 7},
      {"0 PCMU/8000/", 12},
      {"0 PCMU/8000/0", 12},
      {"0 PCMU/8000/1/1", 2},
      {"0 PCMU/8k", 7},
      {"0 ", 2},
      {"0 PCMU/99999999", 7},
  };
  for (const auto& [value, offset] : wrong) {
    BOOST_TEST_CONTEXT(value) {
      const auto codec = parse_rtpmap(value);
      BOOST_REQUIRE(!codec);
      BOOST_TEST(codec.error().offset.value_or(999) == offset);
    }
  }
}

// RFC 3551 table 4
BOOST_AUTO_TEST_CASE(static_types) {
  const std::pair<std::uint8_t, std::string_view> types[] = {
      {0, "PCMU"}, {3, "GSM"}, {4, "G723"}, {8, "PCMA"}, {9, "G722"}, {13, "CN"}, {18, "G729"}};
  for (const auto& [number, encoding] : types) {
    const auto codec = static_codec(number);
    BOOST_REQUIRE(codec);
    BOOST_TEST(codec->encoding == encoding);
    BOOST_TEST(codec->clock_hz == 8000u);
  }
  BOOST_TEST(!static_codec(1));
  BOOST_TEST(!static_codec(101));
}

BOOST_AUTO_TEST_CASE(formats_of_a_section) {
  Media media = audio({"18", "0", "101", "96", "97", "x", "8"});
  media.attributes.add("rtpmap", "101 telephone-event/8000");
  media.attributes.add("fmtp", "101 0-15");
  media.attributes.add("rtpmap", "97 broken");
  media.attributes.add("rtpmap", "8 PCMA/8000");
  const auto known = codecs(media);
  BOOST_REQUIRE(known.size() == 4u); // 96 has no rtpmap, 97 a broken one
  BOOST_TEST(known[0].encoding == "G729");
  BOOST_TEST(known[1].encoding == "PCMU");
  BOOST_TEST(known[2].encoding == "telephone-event");
  BOOST_TEST((known[2].fmtp == "0-15"));
  BOOST_TEST(known[3].encoding == "PCMA");
  const auto event = find_codec(media, "Telephone-Event");
  BOOST_REQUIRE(event);
  BOOST_TEST(event->payload_type == 101);
  BOOST_TEST(!find_codec(media, "telephone-event", 16000));
  BOOST_TEST(!find_codec(media, "opus", 48000));
}

BOOST_AUTO_TEST_CASE(adding) {
  Media media = audio({});
  add_codec(media, *static_codec(0));
  add_codec(media, telephone_event_codec());
  BOOST_TEST(media.formats == (std::vector<std::string>{"0", "101"}), boost::test_tools::per_element());
  BOOST_TEST(media.attributes.values("rtpmap") ==
                 (std::vector<std::string_view>{"0 PCMU/8000", "101 telephone-event/8000"}),
             boost::test_tools::per_element());
  BOOST_TEST(*media.attributes.value("fmtp") == "101 0-16");
}

BOOST_AUTO_TEST_CASE(event_lists) {
  BOOST_TEST(lists_event("0-11,16", 11));
  BOOST_TEST(lists_event("0-11,16", 16));
  BOOST_TEST(!lists_event("0-11,16", 12));
  BOOST_TEST(!lists_event("x,5-", 5));
  BOOST_TEST(lists_event(std::nullopt, 15));
  BOOST_TEST(!lists_event(std::nullopt, 16));
}

BOOST_AUTO_TEST_SUITE_END()
