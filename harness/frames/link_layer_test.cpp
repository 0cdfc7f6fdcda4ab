// Every link type, and what may stand between it and IP. Where libtins makes such frames it does so here; the
// others are written down field by field, after the documents that the code names.
#include "frames/fragments.hpp"
#include "frames/test_frames.hpp"

namespace sipvet::frames {
namespace {

Bytes with(std::string_view front, const Bytes& packet) { return joined(hex(front), packet); }

} // namespace

BOOST_AUTO_TEST_SUITE(link_layers)

BOOST_AUTO_TEST_CASE(mpls_pppoe_and_llc_behind_ethernet) {
  const std::string addresses = "020000000001 020000000002 ";
  Tins::MPLS outer, inner;
  outer.label(100), inner.label(200);
  auto labelled = Tins::EthernetII() / outer / inner / ipv4() / udp() / content();
  expect_hello(link::ethernet, made(labelled));
  expect_hello(link::ethernet, with(addresses + "8847 000641ff", raw_udp_v6()), true);
  // A pseudowire: label, control word, Ethernet with a tag.
  expect_hello(link::ethernet,
               with(addresses + "8847 000641ff 00000000" + addresses + "8100 0007 0800", raw_udp()));
  expect_hello(link::ethernet, with(addresses + "8864 11 00 0001 0023 0021", raw_udp()));
  expect_hello(link::ethernet, with(addresses + "8100 0005 8864 11 00 0001 0037 0057", raw_udp_v6()), true);
  auto snap = Tins::Dot3() / Tins::SNAP() / ipv4() / udp() / content();
  expect_hello(link::ethernet, made(snap));
  BOOST_TEST(is_ignored(link::ethernet, with(addresses + "0004 424203", Bytes(40)))); // spanning tree
  BOOST_TEST(is_ignored(link::ethernet, with(addresses + "8863 11 09 0000 0000", Bytes(40)))); // discovery
  // Tags without end.
  std::string tags = addresses;
  for (int i = 0; i < 40; ++i) tags += "8100 0007 ";
  BOOST_TEST(is_ignored(link::ethernet, with(tags + "0800", raw_udp())));
}

BOOST_AUTO_TEST_CASE(ppp_in_its_forms) {
  for (const std::uint32_t type : {link::ppp, link::ppp_hdlc}) {
    expect_hello(type, with("ff03 0021", raw_udp()));
    expect_hello(type, with("0057", raw_udp_v6()), true);
    expect_hello(type, with("21", raw_udp())); // compressed
  }
  expect_hello(link::ppp_hdlc, with("0f00 0800", raw_udp())); // Cisco's
  expect_hello(link::ppp_ether, with("11 00 0001 0023 0021", raw_udp()));
  for (const std::uint32_t type : {link::ppp_pppd, link::ppp_with_direction})
    expect_hello(type, with("01 ff03 0021", raw_udp()));
  BOOST_TEST(is_ignored(link::ppp, with("ff03 c021", Bytes(20)))); // link control
}

BOOST_AUTO_TEST_CASE(leased_lines) {
  expect_hello(link::cisco_hdlc, with("0f00 0800", raw_udp()));
  expect_hello(link::cisco_hdlc_with_direction, with("00 0f00 86dd", raw_udp_v6()), true);
  expect_hello(link::frame_relay, with("1841 03 cc", raw_udp()));
  expect_hello(link::frame_relay, with("1841 03 8e", raw_udp_v6()), true);
  expect_hello(link::frame_relay, with("180041 03 00 80 000000 0800", raw_udp())); // longer address, SNAP
  expect_hello(link::frame_relay, with("1841 0800", raw_udp()));                   // Cisco's
  expect_hello(link::frame_relay_with_direction, with("01 1841 03 cc", raw_udp()));
  BOOST_TEST(is_ignored(link::frame_relay, with("1841 03 08", Bytes(9)))); // Q.933
  expect_hello(link::atm_llc, with("aaaa03 000000 0800", raw_udp()));
  expect_hello(link::mpls, with("000641ff", raw_udp()));
}

BOOST_AUTO_TEST_CASE(wireless) {
  const std::string snap = "aaaa03 000000 0800", addresses = "020000000001 020000000002 020000000003 1000 ";
  Tins::Dot11Data data("02:00:00:00:00:01", "02:00:00:00:00:02");
  auto frame = data / Tins::SNAP() / ipv4() / udp() / content();
  expect_hello(link::wifi, made(frame));
  expect_hello(link::wifi, with("0801 0000" + addresses + snap, raw_udp()));
  expect_hello(link::wifi, with("8801 0000" + addresses + "0000" + snap, raw_udp())); // QoS
  expect_hello(link::wifi,
               with("8881 0000" + addresses + "0000 00000000" + snap, raw_udp())); // and HT control
  expect_hello(link::wifi,
               with("0803 0000" + addresses + "020000000004" + snap, raw_udp()));      // four addresses
  BOOST_TEST(is_ignored(link::wifi, with("0841 0000" + addresses + snap, raw_udp()))); // encrypted
  BOOST_TEST(is_ignored(link::wifi, with("4801 0000" + addresses, {})));               // no data
  BOOST_TEST(is_ignored(link::wifi, with("8000 0000" + addresses, Bytes(60))));        // a beacon
  BOOST_TEST(is_ignored(link::wifi, with("8801 0000" + addresses + "8000" + snap, raw_udp()))); // A-MSDU
  auto tapped = Tins::RadioTap() / data / Tins::SNAP() / ipv4() / udp() / content();
  expect_hello(link::wifi_radiotap, made(tapped));
  // Clock and flags, of which one pads the header of 26 octets to 28.
  expect_hello(
      link::wifi_radiotap,
      with("00 00 1100 03000000 0000000000000000 20 8801 0000" + addresses + "0000 0000" + snap, raw_udp()));
  // Two words of fields.
  expect_hello(link::wifi_radiotap,
               with("00 00 0d00 02000080 00000000 00 0801 0000" + addresses + snap, raw_udp()));
  expect_hello(link::wifi_prism,
               with("44000000 10000000 0000000000000000 0801 0000" + addresses + snap, raw_udp()));
  expect_hello(link::wifi_avs, with("80211001 0000000c 00000000 0801 0000" + addresses + snap, raw_udp()));
}

BOOST_AUTO_TEST_CASE(headers_of_operating_systems) {
  expect_hello(link::enc, with("02000000 00000001 00000000", raw_udp()));
  expect_hello(link::ip_over_infiniband, joined(Bytes(40), with("0800 0000", raw_udp())));
  expect_hello(link::ip_over_firewire, joined(Bytes(16), with("0800", raw_udp())));
  expect_hello(link::nflog, with("02 00 0000 0500 0a00 41000000 2600 0900", raw_udp()));
  expect_hello(link::ppi, with("00 00 0c00 65000000 00000000", raw_udp()));
  expect_hello(link::pktap, with("10000000 01000000 0c000000 00000000", raw_udp()));
  BOOST_TEST(is_ignored(link::ppi, with("00 00 0800 c0000000 00 00 0800 65000000", raw_udp()))); // in itself
  BOOST_TEST(error_of(link::nflog, hex("02 00 0000 0100 0a00")).find("below 4") != std::string::npos);
  BOOST_TEST(error_of(link::ppi, hex("00 00 0400 65000000")).find("below 8") != std::string::npos);
  BOOST_TEST(error_of(link::pktap, hex("04000000 01000000 0c000000")).find("below 12") != std::string::npos);
  BOOST_TEST(error_of(link::wifi_radiotap, hex("00 00 0400")).find("below 8") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(tunnels) {
  auto twice = Tins::IP("10.0.0.1", "10.0.0.2") / ipv4() / udp() / content();
  expect_hello(link::raw, made(twice));
  auto six_in_four = Tins::IP("10.0.0.1", "10.0.0.2") / ipv6() / udp() / content();
  expect_hello(link::raw, made(six_in_four), true);
  const auto in_ip = [](std::uint8_t protocol, const Bytes& payload) {
    Tins::IP outer("10.0.0.1", "10.0.0.2");
    outer.protocol(protocol);
    auto packet = outer / Tins::RawPDU(payload);
    Bytes octets = made(packet);
    octets[9] = protocol;
    return octets;
  };
  const std::string ethernet = "020000000001 020000000002 0800";
  expect_hello(link::raw, in_ip(47, with("0000 0800", raw_udp())));
  expect_hello(link::raw, in_ip(47, with("b000 86dd 00000000 00000007 00000001", raw_udp_v6())), true);
  expect_hello(link::raw, in_ip(47, with("0000 6558" + ethernet, raw_udp())));
  expect_hello(link::raw,
               in_ip(47, with("3081 880b 0025 0001 00000001 00000002 ff03 0021", raw_udp()))); // PPTP
  expect_hello(link::raw, in_ip(47, with("1000 88be 00000001 1000000000000000" + ethernet, raw_udp())));
  expect_hello(link::raw, in_ip(47, with("0000 88be" + ethernet, raw_udp())));
  expect_hello(link::raw, in_ip(97, with("3000" + ethernet, raw_udp())));
  expect_hello(link::raw, in_ip(137, with("000641ff", raw_udp())));
  BOOST_TEST(is_ignored(link::raw, in_ip(47, with("0000 0001", Bytes(30)))));
  BOOST_TEST(is_ignored(link::raw, in_ip(47, with("0002 0800", raw_udp())))); // no such version
  Bytes nested = raw_udp();
  for (int i = 0; i < 6; ++i) nested = in_ip(4, nested);
  BOOST_TEST(is_ignored(link::raw, nested));
}

BOOST_AUTO_TEST_CASE(a_tunnelled_packet_in_fragments) {
  Bytes inner = raw_udp();
  const auto fragment = [&](std::size_t offset, std::size_t octets, bool more) {
    Tins::IP outer("10.0.0.1", "10.0.0.2");
    outer.id(77);
    outer.flags(more ? Tins::IP::MORE_FRAGMENTS : Tins::IP::Flags(0));
    outer.fragment_offset(static_cast<std::uint16_t>(offset / 8));
    const auto at = inner.begin() + static_cast<std::ptrdiff_t>(offset);
    auto packet = outer / Tins::RawPDU(Bytes(at, at + static_cast<std::ptrdiff_t>(octets)));
    Bytes made_of = made(packet);
    made_of[9] = 4;
    return made_of;
  };
  Decoder decoder;
  const Bytes last = fragment(24, inner.size() - 24, false), first = fragment(0, 24, true);
  BOOST_TEST(std::holds_alternative<Ignored>(*decoder.decode(link::raw, last, {})));
  const auto whole = decoder.decode(link::raw, first, {});
  BOOST_TEST_REQUIRE(whole.has_value());
  const auto* datagram = std::get_if<Datagram>(&*whole);
  BOOST_TEST_REQUIRE(datagram != nullptr);
  BOOST_TEST(as_text(datagram->payload) == "hello");
}

// No header, cut anywhere, is read past its end: sanitizers watch.
BOOST_AUTO_TEST_CASE(every_link_type_survives_noise_and_truncation) {
  for (std::uint32_t type = 0; type < 300; ++type) {
    if (!knows_link_type(type)) continue;
    for (std::size_t size = 0; size < 80; ++size)
      for (const int octet : {0x00, 0x01, 0x03, 0x08, 0x45, 0x60, 0xaa, 0xff})
        (void)decode(type, Bytes(size, static_cast<std::uint8_t>(octet)));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sipvet::frames
