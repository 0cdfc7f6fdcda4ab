#include "frames/build.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>
#include <tins/tins.h>

namespace sipvet::frames {

namespace {

const Endpoint client = *parse_endpoint("192.0.2.1:49152");
const Endpoint server = *parse_endpoint("198.51.100.2:5061");
const Endpoint client_v6 = *parse_endpoint("[2001:db8::1]:49152");
const Endpoint server_v6 = *parse_endpoint("[2001:db8:ffff:ffff:ffff:ffff:ffff:2]:5061");

Segment segment(const Endpoint& from, const Endpoint& to, ByteView payload) {
  Segment result;
  result.source = from;
  result.destination = to;
  result.sequence = 0xFFFFFFFF;
  result.acknowledgment = 0x12345678;
  result.ack = result.fin = true;
  result.payload = payload;
  return result;
}

// libtins reads a packet and writes it again with checksums of its own reckoning: nothing may change.
template <typename Ip>
Bytes rewritten(const Bytes& packet) {
  Ip parsed(packet.data(), static_cast<std::uint32_t>(packet.size()));
  return parsed.serialize();
}

} // namespace

BOOST_AUTO_TEST_SUITE(build)

// RFC 1071 §3 adds up these octets to ddf2; the checksum is the complement.
BOOST_AUTO_TEST_CASE(checksum_of_rfc_1071) {
  const Bytes octets = *from_hex("0001 f203 f4f5 f6f7");
  BOOST_TEST(checksum_add(0, octets) == 0xDDF2u);
  BOOST_TEST(checksum_finish(0xDDF2) == 0x220D);
  BOOST_TEST(checksum_add(checksum_add(0, ByteView(octets).first(4)), ByteView(octets).subspan(4)) ==
             0xDDF2u);
  BOOST_TEST(checksum_add(0, *from_hex("01")) == 0x0100u); // padded with a zero octet
}

BOOST_AUTO_TEST_CASE(libtins_agrees) {
  for (std::size_t octets = 0; octets < 40; ++octets) {
    const Bytes payload(octets, static_cast<std::uint8_t>(0xF0 + octets));
    Bytes tcp;
    BOOST_TEST_REQUIRE(append_packet(tcp, segment(client, server, payload)).has_value());
    BOOST_TEST(to_hex(rewritten<Tins::IP>(tcp)) == to_hex(tcp));
    Bytes udp;
    BOOST_TEST_REQUIRE(append_packet(udp, Datagram{client, server, payload}).has_value());
    BOOST_TEST(to_hex(rewritten<Tins::IP>(udp)) == to_hex(udp));
    Bytes tcp_v6;
    BOOST_TEST_REQUIRE(append_packet(tcp_v6, segment(client_v6, server_v6, payload)).has_value());
    BOOST_TEST(to_hex(rewritten<Tins::IPv6>(tcp_v6)) == to_hex(tcp_v6));
    Bytes udp_v6;
    BOOST_TEST_REQUIRE(append_packet(udp_v6, Datagram{client_v6, server_v6, payload}).has_value());
    BOOST_TEST(to_hex(rewritten<Tins::IPv6>(udp_v6)) == to_hex(udp_v6));
  }
}

BOOST_AUTO_TEST_CASE(fields_are_where_libtins_finds_them) {
  Bytes packet;
  BOOST_TEST_REQUIRE(append_packet(packet, segment(client, server, as_bytes("hello")), 1234).has_value());
  const Tins::IP ip(packet.data(), static_cast<std::uint32_t>(packet.size()));
  BOOST_TEST(ip.src_addr().to_string() == "192.0.2.1");
  const auto& tcp = ip.rfind_pdu<Tins::TCP>();
  BOOST_TEST(tcp.sport() == 49152);
  BOOST_TEST(tcp.dport() == 5061);
  BOOST_TEST(tcp.seq() == 0xFFFFFFFFu);
  BOOST_TEST(tcp.ack_seq() == 0x12345678u);
  BOOST_TEST(tcp.window() == 1234);
  BOOST_TEST((tcp.flags() == (Tins::TCP::ACK | Tins::TCP::FIN | Tins::TCP::PSH)));
}

// RFC 768: a checksum that comes out as zero is sent as all ones.
BOOST_AUTO_TEST_CASE(udp_checksum_is_never_zero) {
  bool seen = false;
  for (std::uint32_t i = 0; i <= 0xFFFF; ++i) {
    const Bytes payload{static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
    Bytes packet;
    BOOST_TEST_REQUIRE(append_packet(packet, Datagram{client, server, payload}).has_value());
    const std::uint32_t checksum = packet[26] * 256u + packet[27];
    if (checksum == 0) BOOST_FAIL("checksum 0 for " + to_hex(payload));
    seen = seen || checksum == 0xFFFF;
  }
  BOOST_TEST(seen);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit) {
  Bytes out;
  BOOST_TEST(!append_packet(out, Datagram{client, server_v6, {}}).has_value());
  BOOST_TEST(!append_packet(out, Datagram{client, server, Bytes(65'508)}).has_value());
  BOOST_TEST(!append_packet(out, segment(client_v6, server_v6, Bytes(65'516))).has_value());
  BOOST_TEST(out.empty());
  BOOST_TEST(append_packet(out, Datagram{client, server, Bytes(65'507)}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sipvet::frames
