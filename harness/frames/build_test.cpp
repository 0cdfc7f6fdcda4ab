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

// The Internet checksum, folded (RFC 1071 §1): 0xFFFF over octets that hold a right one.
std::uint32_t folded_sum(ByteView octets) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < octets.size(); ++i) sum += i % 2 == 0 ? octets[i] * 256u : octets[i];
  while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
  return sum;
}

// RFC 9293 §3.1, RFC 768: addresses, protocol and length stand in front of what the transport checksum
// covers.
std::uint32_t transport_sum(const Bytes& packet) {
  const bool v6 = packet[0] >> 4 == 6;
  const std::size_t header = v6 ? 40 : 20, addresses = v6 ? 8 : 12;
  Bytes covered(packet.begin() + static_cast<std::ptrdiff_t>(addresses), packet.end());
  covered.resize(covered.size() + covered.size() % 2);
  const std::size_t octets = packet.size() - header;
  for (const std::size_t octet :
       {octets >> 8, octets & 0xFF, std::size_t{0}, std::size_t{packet[v6 ? 6 : 9]}})
    covered.push_back(static_cast<std::uint8_t>(octet));
  return folded_sum(covered);
}

} // namespace

BOOST_AUTO_TEST_SUITE(build)

// RFC 1071 §3 adds up these octets to ddf2.
BOOST_AUTO_TEST_CASE(the_sum_of_these_tests_is_that_of_rfc_1071) {
  BOOST_TEST(folded_sum(*from_hex("0001 f203 f4f5 f6f7")) == 0xDDF2u);
}

BOOST_AUTO_TEST_CASE(checksums_are_right) {
  for (std::size_t octets = 0; octets < 40; ++octets) {
    const Bytes payload(octets, static_cast<std::uint8_t>(0xF0 + octets));
    Bytes tcp, udp, tcp_v6, udp_v6;
    BOOST_TEST_REQUIRE(append_packet(tcp, segment(client, server, payload)).has_value());
    BOOST_TEST_REQUIRE(append_packet(udp, Datagram{client, server, payload}).has_value());
    BOOST_TEST_REQUIRE(append_packet(tcp_v6, segment(client_v6, server_v6, payload)).has_value());
    BOOST_TEST_REQUIRE(append_packet(udp_v6, Datagram{client_v6, server_v6, payload}).has_value());
    for (const Bytes* packet : {&tcp, &udp}) BOOST_TEST(folded_sum(ByteView(*packet).first(20)) == 0xFFFFu);
    for (const Bytes* packet : {&tcp, &udp, &tcp_v6, &udp_v6}) BOOST_TEST(transport_sum(*packet) == 0xFFFFu);
    BOOST_TEST(tcp.size() == 40 + octets);
    BOOST_TEST(udp_v6.size() == 48 + octets);
  }
}

BOOST_AUTO_TEST_CASE(fields_are_where_they_belong) {
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
  BOOST_TEST(to_hex(ByteView(packet).first(10)) == "4500002d000040004006"); // no options, DF, 64 hops, TCP
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

// The tap knows no local address of a connection that was refused at once.
BOOST_AUTO_TEST_CASE(an_unspecified_source_stays_unspecified) {
  Bytes packet;
  BOOST_TEST_REQUIRE(append_packet(packet, Datagram{Endpoint{}, server, as_bytes("x")}).has_value());
  BOOST_TEST(to_hex(ByteView(packet).subspan(12, 4)) == "00000000");
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
