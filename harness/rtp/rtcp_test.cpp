#include "rtp/rtcp.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::rtp;

namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

// A sender report with one block, a CNAME, and a goodbye with a reason, laid out by hand after RFC 3550
// §6.4.1, §6.5, §6.6.
const std::string sr = "81c8000c 11111111 e5f1c2d380000000 00003e80 00000064 00003e80"
                       "22222222 40fffffe 00010005 00000007 c2d38000 00010000";
const std::string bye = "81cb0003 11111111 04646f6e65 000000";

std::vector<RtcpPacket> one(RtcpPacket packet) { return {std::move(packet)}; }

} // namespace

BOOST_AUTO_TEST_SUITE(rtcp)

BOOST_AUTO_TEST_CASE(compound) {
  const Bytes datagram = hex(sr + "81ca0004 11111111 0107616c6963654068 000000" + bye);
  const auto packets = parse_rtcp(datagram);
  BOOST_REQUIRE(packets);
  BOOST_REQUIRE(packets->size() == 3u);
  const auto& report = std::get<SenderReport>((*packets)[0]);
  BOOST_TEST(report.ssrc == 0x11111111u);
  BOOST_TEST(report.ntp_time == 0xe5f1c2d380000000u);
  BOOST_TEST(report.rtp_timestamp == 16000u);
  BOOST_TEST(report.packets == 100u);
  BOOST_TEST(report.octets == 16000u);
  BOOST_REQUIRE(report.blocks.size() == 1u);
  BOOST_TEST(report.blocks[0].fraction_lost == 64);
  BOOST_TEST(report.blocks[0].cumulative_lost == -2);
  BOOST_TEST(report.blocks[0].highest_sequence == 0x00010005u);
  BOOST_TEST(report.blocks[0].jitter == 7u);
  BOOST_TEST(report.blocks[0].last_sr == 0xc2d38000u);
  BOOST_TEST(report.blocks[0].delay_since_last_sr == 65536u);
  const auto& description = std::get<SourceDescription>((*packets)[1]);
  BOOST_REQUIRE(description.chunks.size() == 1u);
  BOOST_REQUIRE(description.chunks[0].items.size() == 1u);
  BOOST_TEST(description.chunks[0].items[0].type == 1);
  BOOST_TEST(description.chunks[0].items[0].text == "alice@h");
  const auto& goodbye = std::get<Goodbye>((*packets)[2]);
  BOOST_TEST(goodbye.ssrcs == std::vector<std::uint32_t>{0x11111111}, boost::test_tools::per_element());
  BOOST_TEST((goodbye.reason == "done"));
  BOOST_TEST(to_hex(serialize(*packets)) == to_hex(datagram));
  BOOST_TEST(check_compound(*packets).has_value());
  BOOST_TEST(*rtcp_sender_ssrc(datagram) == 0x11111111u);
}

BOOST_AUTO_TEST_CASE(receiver_report_with_an_extension) {
  const Bytes datagram = hex("80c90002 11111111 01020304");
  const auto packets = parse_rtcp(datagram);
  BOOST_REQUIRE(packets);
  const auto& report = std::get<ReceiverReport>(packets->front());
  BOOST_TEST(report.blocks.empty());
  BOOST_TEST(to_hex(report.profile_extension) == "01020304");
  BOOST_TEST(to_hex(serialize(*packets)) == to_hex(datagram));
}

BOOST_AUTO_TEST_CASE(unknown_types_are_kept) {
  const Bytes datagram = hex("85cc0002 11111111 6e616d65");
  const auto packets = parse_rtcp(datagram);
  BOOST_REQUIRE(packets);
  const auto& app = std::get<OtherRtcp>(packets->front());
  BOOST_TEST(app.type == 204);
  BOOST_TEST(app.count == 5);
  BOOST_TEST(to_hex(serialize(*packets)) == to_hex(datagram));
}

BOOST_AUTO_TEST_CASE(goodbye_without_reason_and_without_sources) {
  const auto packets = parse_rtcp(hex("80cb0000"));
  BOOST_REQUIRE(packets);
  BOOST_TEST(std::get<Goodbye>(packets->front()).ssrcs.empty());
  BOOST_TEST(!std::get<Goodbye>(packets->front()).reason);
}

BOOST_AUTO_TEST_CASE(two_chunks_start_on_words) {
  SourceDescription description;
  description.chunks = {{1, {{1, "a"}, {2, "bcd"}}}, {2, {}}};
  const Bytes datagram = serialize(one(description));
  BOOST_TEST(to_hex(datagram) == "82ca0006"
                                 "00000001"
                                 "010161"
                                 "0203626364"
                                 "00000000" // the end of the items and three octets up to the next word
                                 "00000002"
                                 "00000000");
  const auto packets = parse_rtcp(datagram);
  BOOST_REQUIRE(packets);
  BOOST_TEST((std::get<SourceDescription>(packets->front()) == description));
}

BOOST_AUTO_TEST_CASE(padding_of_the_last_packet_is_dropped) {
  const auto packets = parse_rtcp(hex("80c90001 11111111 a0c90002 22222222 00000004"));
  BOOST_REQUIRE(packets);
  BOOST_TEST(std::get<ReceiverReport>((*packets)[1]).profile_extension.empty());
  BOOST_TEST(!parse_rtcp(hex("a0c90002 11111111 00000004 80c90001 11111111"))); // not the last
  BOOST_TEST(!parse_rtcp(hex("a0c90001 11111100")));
  BOOST_TEST(!parse_rtcp(hex("a0c90001 11111103")));
  BOOST_TEST(!parse_rtcp(hex("a0c90001 1111110c")));
}

BOOST_AUTO_TEST_CASE(every_truncation_fails) {
  const Bytes whole = hex(sr);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    BOOST_TEST(!parse_rtcp(ByteView(whole).first(length)));
  }
}

BOOST_AUTO_TEST_CASE(wrong_fields) {
  const std::pair<std::string_view, std::size_t> wrong[] = {
      {"41c90001 11111111", 0},                   // version
      {"81c90001 11111111", 8},                   // a block is missing
      {"80c90001 11111111 41c90001 11111111", 8}, // version of the second
      {"80c90002 11111111", 4},                   // length
      {"81ca0002 11111111 01ff6161", 10},         // item longer than the packet
      {"81ca0001 11111111", 8},                   // items without an end
      {"80ca0001 00000000", 4},                   // octets after the last chunk
      {"81cb0002 11111111 05616263", 9},          // reason longer than the packet
      {"82cb0001 11111111", 8},                   // a source is missing
  };
  for (const auto& [text, offset] : wrong) {
    BOOST_TEST_CONTEXT(text) {
      const auto packets = parse_rtcp(hex(text));
      BOOST_REQUIRE(!packets);
      BOOST_TEST(packets.error().offset.value_or(999) == offset);
    }
  }
  BOOST_TEST(!rtcp_sender_ssrc(hex("80c80006 0000")));
}

BOOST_AUTO_TEST_CASE(rules_of_a_compound) {
  const SourceDescription cname{{{1, {{1, "a"}}}}};
  const SourceDescription tool{{{1, {{6, "a"}}}}};
  const auto check = [](std::vector<RtcpPacket> packets) { return check_compound(packets).has_value(); };
  BOOST_TEST(check({ReceiverReport{}, cname}));
  BOOST_TEST(!check({}));
  BOOST_TEST(!check({cname, ReceiverReport{}}));
  BOOST_TEST(!check({ReceiverReport{}, tool}));
  BOOST_TEST(!check({SenderReport{}}));
}

BOOST_AUTO_TEST_SUITE_END()
