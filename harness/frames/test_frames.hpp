// For tests: IP packets that say hello, made by libtins, an independent witness of what the formats are.
#pragma once

#include "base/hex.hpp"
#include "frames/decode.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <tins/tins.h>

namespace sipvet::frames {

inline const Endpoint client = *parse_endpoint("192.0.2.1:5060");
inline const Endpoint server = *parse_endpoint("198.51.100.2:5061");
inline const Endpoint client_v6 = *parse_endpoint("[2001:db8::1]:5060");
inline const Endpoint server_v6 = *parse_endpoint("[2001:db8::2]:5061");

inline Bytes made(Tins::PDU& pdu) { return pdu.serialize(); }
inline Tins::UDP udp() { return Tins::UDP(5061, 5060); }
inline Tins::RawPDU content() { return Tins::RawPDU("hello"); }
inline Tins::IP ipv4() { return Tins::IP("198.51.100.2", "192.0.2.1"); }
inline Tins::IPv6 ipv6() { return Tins::IPv6("2001:db8::2", "2001:db8::1"); }

inline Bytes raw_udp() {
  auto packet = ipv4() / udp() / content();
  return made(packet);
}
inline Bytes raw_udp_v6() {
  auto packet = ipv6() / udp() / content();
  return made(packet);
}

inline Bytes joined(const Bytes& front, const Bytes& back) {
  Bytes out = front;
  append(out, back);
  return out;
}
inline Bytes hex(std::string_view text) { return *from_hex(text); }

inline Result<Packet> decode(std::uint32_t link_type, const Bytes& frame) {
  static Bytes kept; // payloads are views
  static Decoder decoder;
  kept = frame;
  decoder = Decoder();
  return decoder.decode(link_type, kept, {});
}

inline void expect_hello(std::uint32_t link_type, const Bytes& frame, bool v6 = false) {
  const auto packet = decode(link_type, frame);
  BOOST_TEST_REQUIRE(packet.has_value());
  const auto* datagram = std::get_if<Datagram>(&*packet);
  BOOST_TEST_REQUIRE(datagram != nullptr);
  BOOST_TEST(as_text(datagram->payload) == "hello");
  BOOST_TEST((datagram->source == (v6 ? client_v6 : client)));
  BOOST_TEST((datagram->destination == (v6 ? server_v6 : server)));
}

inline std::string error_of(std::uint32_t link_type, const Bytes& frame) {
  const auto packet = decode(link_type, frame);
  BOOST_TEST_REQUIRE(packet.has_error());
  BOOST_TEST((packet.error().offset && *packet.error().offset <= frame.size()));
  return packet.error().what;
}

inline bool is_ignored(std::uint32_t link_type, const Bytes& frame) {
  const auto packet = decode(link_type, frame);
  return packet && std::holds_alternative<Ignored>(*packet);
}

} // namespace sipvet::frames
