#include "frames/decode.hpp"

#include "frames/test_frames.hpp"

namespace sipvet::frames {

namespace {

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(decode_frames)

BOOST_AUTO_TEST_CASE(ethernet_with_and_without_vlan_tags) {
  auto plain = Tins::EthernetII() / ipv4() / udp() / content();
  expect_hello(link::ethernet, made(plain));
  auto tagged = Tins::EthernetII() / Tins::Dot1Q(7) / ipv4() / udp() / content();
  expect_hello(link::ethernet, made(tagged));
  const Bytes addresses(12);
  expect_hello(link::ethernet, joined(addresses, joined(hex("88a8 0064 8100 0007 0800"), raw_udp())));
  expect_hello(link::ethernet, joined(addresses, joined(hex("86dd"), raw_udp_v6())), true);
}

BOOST_AUTO_TEST_CASE(linux_cooked) {
  Tins::SLL header;
  auto packet = header / ipv4() / udp() / content();
  expect_hello(link::linux_cooked, made(packet));
  // Version 2: protocol, reserved, interface, ARPHRD, packet type, address length, address.
  expect_hello(link::linux_cooked_v2,
               joined(hex("0800 0000 00000002 0001 00 06 0102030405060000"), raw_udp()));
  expect_hello(link::linux_cooked_v2,
               joined(hex("86dd 0000 00000002 0001 00 06 0102030405060000"), raw_udp_v6()), true);
}

BOOST_AUTO_TEST_CASE(raw_ip_and_bsd_loopback) {
  for (const std::uint32_t type : {link::raw, link::raw_bsd, link::raw_openbsd}) {
    expect_hello(type, raw_udp());
    expect_hello(type, raw_udp_v6(), true);
  }
  expect_hello(link::ipv4, raw_udp());
  expect_hello(link::ipv6, raw_udp_v6(), true);
  for (const std::uint32_t type : {link::null, link::loop})
    for (const char* family : {"00000002", "02000000"}) expect_hello(type, joined(hex(family), raw_udp()));
  for (const char* family : {"0000001e", "1e000000", "0000001c", "18000000", "0000000a"})
    expect_hello(link::null, joined(hex(family), raw_udp_v6()), true);
}

BOOST_AUTO_TEST_CASE(tcp_segment) {
  Tins::TCP tcp(5061, 5060);
  tcp.seq(0x01020304);
  tcp.ack_seq(0xFFFFFFF0);
  tcp.flags(Tins::TCP::SYN | Tins::TCP::ACK);
  tcp.mss(1460); // options are gone past
  auto packet = ipv4() / tcp / content();
  const Bytes frame = made(packet);
  const auto decoded = decode(link::raw, frame);
  BOOST_TEST_REQUIRE(decoded.has_value());
  const auto* segment = std::get_if<Segment>(&*decoded);
  BOOST_TEST_REQUIRE(segment != nullptr);
  BOOST_TEST(segment->sequence == 0x01020304u);
  BOOST_TEST(segment->acknowledgment == 0xFFFFFFF0u);
  BOOST_TEST((segment->syn && segment->ack && !segment->fin && !segment->rst));
  BOOST_TEST(as_text(segment->payload) == "hello");
  BOOST_TEST((segment->source == client && segment->destination == server));
}

BOOST_AUTO_TEST_CASE(padding_behind_the_packet_is_no_payload) {
  expect_hello(link::raw, joined(raw_udp(), Bytes(17)));
  expect_hello(link::raw, joined(raw_udp_v6(), Bytes(17)), true);
}

BOOST_AUTO_TEST_CASE(length_zero_means_all_of_a_large_packet) {
  Bytes frame = raw_udp();
  frame[2] = frame[3] = 0;
  expect_hello(link::raw, frame);
  Bytes v6 = raw_udp_v6();
  v6[4] = v6[5] = 0;
  expect_hello(link::raw, v6, true);
}

BOOST_AUTO_TEST_CASE(ipv6_extension_headers) {
  const Bytes whole = raw_udp_v6();
  Bytes chain = hex("3c 00 01 04 00000000" // hop-by-hop, destination options next
                    "2b 01 01 0c 00000000 00000000 00000000"
                    "33 00 00 00 00000000" // routing, authentication next
                    "11 02 0000 00000001 00000001 00000000");
  append(chain, ByteView(whole).subspan(40));
  Bytes frame(whole.begin(), whole.begin() + 40);
  frame[5] = static_cast<std::uint8_t>(chain.size());
  frame[6] = 0;
  append(frame, chain);
  expect_hello(link::raw, frame, true);
  frame[41] = 200; // the first extension header reaches beyond the packet
  BOOST_TEST(contains(error_of(link::raw, frame), "extension header"));
}

BOOST_AUTO_TEST_CASE(what_is_passed_over) {
  auto arp = Tins::EthernetII() / Tins::ARP();
  BOOST_TEST(is_ignored(link::ethernet, made(arp)));
  auto icmp = ipv4() / Tins::ICMP();
  BOOST_TEST(is_ignored(link::raw, made(icmp)));
  BOOST_TEST(is_ignored(link::raw, hex("50")));
  BOOST_TEST(is_ignored(link::null, hex("00000007 45")));
}

BOOST_AUTO_TEST_CASE(every_truncation_is_an_error) {
  Tins::TCP tcp(5061, 5060);
  tcp.mss(1460);
  auto segment = Tins::EthernetII() / Tins::Dot1Q(7) / ipv4() / tcp / content();
  auto datagram = Tins::EthernetII() / ipv6() / udp() / content();
  for (const Bytes& frame : {made(segment), made(datagram)})
    for (std::size_t size = 0; size < frame.size(); ++size) {
      // In a block of exactly this size, so that reading past it is noticed.
      const Bytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
      error_of(link::ethernet, cut);
    }
}

BOOST_AUTO_TEST_CASE(errors_say_what_is_wrong) {
  Bytes frame = raw_udp();
  frame.resize(30);
  BOOST_TEST(contains(error_of(link::raw, frame), "IPv4 packet of 33 octets is cut: the frame holds 30"));
  BOOST_TEST(contains(error_of(9999, raw_udp()), "link type 9999"));
  const auto changed = [](Bytes octets, std::size_t at, std::uint8_t value) {
    octets[at] = value;
    return octets;
  };
  BOOST_TEST(contains(error_of(link::raw, changed(raw_udp(), 0, 0x44)), "header length of 16"));
  BOOST_TEST(contains(error_of(link::raw, changed(raw_udp(), 3, 19)), "shorter than its header"));
  BOOST_TEST(contains(error_of(link::ipv4, raw_udp_v6()), "expected IP version 4, found 6"));
  BOOST_TEST(contains(error_of(link::ipv6, raw_udp()), "expected IP version 6, found 4"));
  BOOST_TEST(contains(error_of(link::raw, changed(raw_udp(), 25, 7)), "UDP length of 7"));
  BOOST_TEST(contains(error_of(link::raw, changed(raw_udp(), 25, 99)), "UDP datagram of 99"));
  auto segment = ipv4() / Tins::TCP(1, 2);
  BOOST_TEST(contains(error_of(link::raw, changed(made(segment), 32, 0x40)), "TCP header length of 16"));
}

BOOST_AUTO_TEST_CASE(link_types) {
  BOOST_TEST(knows_link_type(link::linux_cooked_v2));
  BOOST_TEST(knows_link_type(link::wifi_radiotap));
  BOOST_TEST(!knows_link_type(147)); // for users to define
}

namespace {

// All that a packet says, as text; of an error only that it is one.
std::string told(const Result<Packet>& packet) {
  if (!packet) return "error";
  const auto ends = [](const auto& of) {
    return to_string(of.source) + " " + to_string(of.destination) + " " + to_hex(of.payload);
  };
  if (const auto* segment = std::get_if<Segment>(&*packet))
    return "TCP " + ends(*segment) + " " + std::to_string(segment->sequence) + " " +
           std::to_string(segment->acknowledgment) + (segment->syn ? "S" : "") + (segment->ack ? "A" : "") +
           (segment->fin ? "F" : "") + (segment->rst ? "R" : "");
  if (const auto* datagram = std::get_if<Datagram>(&*packet)) return "UDP " + ends(*datagram);
  return "ignored";
}

} // namespace

// A VLAN tag is gone past layer by layer; without one there is a shorter way.
BOOST_AUTO_TEST_CASE(the_short_way_reads_what_the_long_way_reads) {
  Tins::TCP tcp(5061, 5060);
  tcp.flags(Tins::TCP::PSH | Tins::TCP::ACK | Tins::TCP::FIN);
  tcp.mss(1460);
  auto with_options = ipv4() / tcp / content();
  auto without = ipv4() / Tins::TCP(1, 2) / content();
  for (const Bytes& packet : {raw_udp(), made(with_options), made(without)}) {
    const Bytes padded = joined(packet, Bytes(4));
    for (std::size_t at = 0; at < 44; ++at)
      for (int octet = 0; octet < 256; ++octet) {
        Bytes changed = padded;
        if (at < changed.size()) changed[at] = static_cast<std::uint8_t>(octet);
        const auto plain = told(decode(link::ethernet, joined(Bytes(12), joined(hex("0800"), changed))));
        const auto tagged =
            told(decode(link::ethernet, joined(Bytes(12), joined(hex("8100 0007 0800"), changed))));
        if (plain != tagged) BOOST_ERROR(plain << " or " << tagged);
        const auto cooked = told(decode(link::linux_cooked, joined(Bytes(14), joined(hex("0800"), changed))));
        const auto raw = told(decode(link::raw, changed));
        const auto raw_bsd = told(decode(link::raw_bsd, changed)); // the long way
        if (cooked != tagged) BOOST_ERROR(cooked << " or " << tagged);
        if (raw != raw_bsd) BOOST_ERROR(raw << " or " << raw_bsd);
      }
    for (std::size_t octets = 0; octets < padded.size(); ++octets) {
      const Bytes cut = Bytes(padded.begin(), padded.begin() + static_cast<std::ptrdiff_t>(octets));
      BOOST_TEST(told(decode(link::ethernet, joined(Bytes(12), joined(hex("0800"), cut)))) ==
                 told(decode(link::ethernet, joined(Bytes(12), joined(hex("8100 0007 0800"), cut)))));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sipvet::frames
