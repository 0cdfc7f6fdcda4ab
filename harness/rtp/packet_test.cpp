#include "rtp/packet.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::rtp;

namespace {
Bytes hex(std::string_view text) { return from_hex(text).value(); }
} // namespace

BOOST_AUTO_TEST_SUITE(packet)

BOOST_AUTO_TEST_CASE(plain_header) {
  const Bytes datagram = hex("80 88 1234 deadbeef cafebabe 0102");
  const auto packet = parse_packet(datagram);
  BOOST_REQUIRE(packet);
  BOOST_TEST(packet->marker);
  BOOST_TEST(!packet->padding);
  BOOST_TEST(packet->payload_type == 8);
  BOOST_TEST(packet->sequence == 0x1234);
  BOOST_TEST(packet->timestamp == 0xdeadbeef);
  BOOST_TEST(packet->ssrc == 0xcafebabe);
  BOOST_TEST(to_hex(packet->payload) == "0102");
  BOOST_TEST(to_hex(serialize(*packet)) == to_hex(datagram));
  BOOST_TEST(*header_octets(datagram) == 12u);
}

// RFC 3550 §5.1 and §5.3.1: padding, two CSRCs, an extension of one word.
BOOST_AUTO_TEST_CASE(everything_a_header_can_have) {
  const Bytes datagram = hex("b2 00 0001 00000002 00000003 00000004 00000005 bede 0001 aabbccdd 99 000003");
  const auto packet = parse_packet(datagram);
  BOOST_REQUIRE(packet);
  BOOST_TEST(packet->padding);
  BOOST_TEST(packet->csrcs == (std::vector<std::uint32_t>{4, 5}), boost::test_tools::per_element());
  BOOST_TEST(*packet->extension_profile == 0xbede);
  BOOST_TEST(to_hex(packet->extension) == "aabbccdd");
  BOOST_TEST(to_hex(packet->payload) == "99000003");
  BOOST_TEST(to_hex(serialize(*packet)) == to_hex(datagram));
  BOOST_TEST(*header_octets(datagram) == 28u);
}

BOOST_AUTO_TEST_CASE(every_truncation_of_the_header_fails) {
  const Bytes whole = hex("b2 00 0001 00000002 00000003 00000004 00000005 bede 0001 aabbccdd");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const ByteView cut = ByteView(whole).first(length);
    BOOST_TEST(!parse_packet(cut));
    BOOST_TEST(!header_octets(cut));
    BOOST_TEST(!looks_like_rtp(cut));
  }
  BOOST_TEST(parse_packet(whole).has_value());
}

BOOST_AUTO_TEST_CASE(wrong_version) {
  const auto packet = parse_packet(hex("40 00 0001 00000002 00000003"));
  BOOST_REQUIRE(!packet);
  BOOST_TEST(packet.error().offset.value_or(99) == 0u);
  BOOST_TEST(!header_octets(hex("c0 00 0001 00000002 00000003")));
}

BOOST_AUTO_TEST_CASE(extension_of_odd_length_is_filled_up) {
  Packet packet;
  packet.extension_profile = 1;
  packet.extension = {1, 2, 3, 4, 5};
  BOOST_TEST(to_hex(serialize(packet)) == "900000000000000000000000"
                                          "000100020102030405000000");
}

// RFC 5761 §4
BOOST_AUTO_TEST_CASE(rtcp_is_told_apart) {
  const auto with_type = [](std::string_view second) {
    return hex("80" + std::string(second) + "000600000001000000020000000300000004");
  };
  BOOST_TEST(looks_like_rtcp(with_type("c8")));
  BOOST_TEST(!looks_like_rtp(with_type("c8")));
  BOOST_TEST(looks_like_rtcp(with_type("c0")));
  BOOST_TEST(looks_like_rtcp(with_type("df")));
  BOOST_TEST(!looks_like_rtcp(with_type("bf")));
  BOOST_TEST(looks_like_rtp(with_type("e0")));
  BOOST_TEST(looks_like_rtp(with_type("00")));
  BOOST_TEST(!looks_like_rtp(hex("")));
  BOOST_TEST(!looks_like_rtcp(hex("80c80001")));
}

BOOST_AUTO_TEST_SUITE_END()
