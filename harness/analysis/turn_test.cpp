#include "analysis/turn.hpp"

#include "analysis/test_call.hpp"
#include "base/hex.hpp"
#include "base/writer.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

const Endpoint client = at(1, 50'000), relay = at(9, 3478), relayed = at(9, 49'152), peer = at(2, 20'000);

Bytes xor_address(std::uint16_t type, const Endpoint& endpoint) {
  Writer writer;
  writer.u16(type).u16(8).u8(0).u8(1).u16(static_cast<std::uint16_t>(endpoint.port ^ 0x2112));
  const std::array<std::uint8_t, 4> cookie{0x21, 0x12, 0xa4, 0x42};
  for (std::size_t i = 0; i < 4; ++i) writer.u8(endpoint.ip.octets[i] ^ cookie[i]);
  return writer.take();
}

Bytes attribute(std::uint16_t type, ByteView value) {
  Writer writer;
  writer.u16(type).u16(static_cast<std::uint16_t>(value.size())).bytes(value);
  Bytes out = writer.take();
  out.resize((out.size() + 3) / 4 * 4);
  return out;
}

Bytes stun(std::uint16_t type, const std::vector<Bytes>& attributes) {
  Bytes body;
  for (const auto& each : attributes) append(body, each);
  Writer writer;
  writer.u16(type)
      .u16(static_cast<std::uint16_t>(body.size()))
      .u32(0x2112A442)
      .bytes(Bytes(12, 7))
      .bytes(body);
  return writer.take();
}

Bytes channel_data(std::uint16_t number, ByteView payload, bool padded = false) {
  Writer writer;
  writer.u16(number).u16(static_cast<std::uint16_t>(payload.size())).bytes(payload);
  Bytes out = writer.take();
  if (padded) out.resize((out.size() + 3) / 4 * 4);
  return out;
}

Bytes allocated() { return stun(0x0103, {xor_address(0x0016, relayed), xor_address(0x0020, client)}); }
Bytes bound() {
  return stun(0x0009, {attribute(0x000C, Bytes{0x40, 0x01, 0, 0}), xor_address(0x0012, peer)});
}
Bytes sent(ByteView payload) { return stun(0x0016, {xor_address(0x0012, peer), attribute(0x0013, payload)}); }
Bytes received(ByteView payload) {
  return stun(0x0017, {xor_address(0x0012, peer), attribute(0x0013, payload)});
}

void expect(const std::optional<frames::Datagram>& carried, const Endpoint& from, const Endpoint& to,
            std::string_view text) {
  BOOST_TEST_REQUIRE(carried.has_value());
  BOOST_TEST((carried->source == from));
  BOOST_TEST((carried->destination == to));
  BOOST_TEST(as_text(carried->payload) == text);
}

} // namespace

BOOST_AUTO_TEST_SUITE(turn)

BOOST_AUTO_TEST_CASE(channels_and_indications_give_the_addresses_of_the_signalling) {
  TurnFollower follower;
  const auto up = [&](const Bytes& octets) { return follower.on_message({client, relay, octets}); };
  const auto down = [&](const Bytes& octets) { return follower.on_message({relay, client, octets}); };
  const auto early = channel_data(0x4001, as_bytes("early"));
  expect(up(early), client, relay, "early"); // nothing is known of it
  BOOST_TEST(!down(allocated()).has_value());
  BOOST_TEST(!up(bound()).has_value());
  const auto there = channel_data(0x4001, as_bytes("there")), back = channel_data(0x4001, as_bytes("back"));
  expect(up(there), relayed, peer, "there");
  expect(down(back), peer, relayed, "back");
  const auto send = sent(as_bytes("one")), data = received(as_bytes("two"));
  expect(up(send), relayed, peer, "one");
  expect(down(data), peer, relayed, "two");
  const auto other = channel_data(0x4002, as_bytes("other"));
  expect(down(other), relay, client, "other");
}

BOOST_AUTO_TEST_CASE(what_is_no_turn_is_left_alone) {
  BOOST_TEST(!looks_like_turn(as_bytes("INVITE sip:b@test SIP/2.0\r\n")));
  BOOST_TEST(!looks_like_turn(Bytes{0x40, 1, 0}));
  BOOST_TEST(!looks_like_turn(Bytes{0x40, 1, 0, 9, 1, 2}));
  BOOST_TEST(looks_like_turn(Bytes{0x40, 1, 0, 1, 1, 0, 0, 0}));
  BOOST_TEST(!looks_like_turn(Bytes(40)));
  TurnFollower follower;
  auto cut = sent(as_bytes("payload"));
  for (std::size_t size = 0; size < cut.size(); ++size)
    BOOST_TEST(!follower.on_message({client, relay, ByteView(cut).first(size)}).has_value());
}

BOOST_AUTO_TEST_CASE(streams_are_cut_into_messages) {
  Bytes stream = sent(as_bytes("one"));
  append(stream, channel_data(0x4001, as_bytes("12345"), true));
  append(stream, bound());
  TurnReader reader;
  std::vector<std::size_t> sizes;
  for (const auto octet : stream) {
    reader.feed(Bytes{octet});
    for (auto next = reader.next(); next && *next; next = reader.next()) sizes.push_back((*next)->size());
  }
  BOOST_TEST((sizes == std::vector<std::size_t>{sent(as_bytes("one")).size(), 9, bound().size()}));
  reader.feed(Bytes{0x99, 1, 2, 3});
  BOOST_TEST(reader.next().has_value()); // not enough to tell
  reader.feed(Bytes(8));
  BOOST_TEST(reader.next().has_error());
}

// A call whose caller sits behind a relay: the media is found under the negotiated addresses, and opens.
BOOST_AUTO_TEST_CASE(relayed_media_belongs_to_its_call) {
  for (const bool over_tcp : {false, true}) {
    TestCall call;
    call.alice.media = relayed;
    const auto key = test_key(1), other = test_key(2);
    call.invite("RTP/SAVP", crypto_line(1, key));
    call.answer("RTP/SAVP", crypto_line(1, other));
    auto& capture = call.capture;
    if (over_tcp) capture.connect(client, relay);
    const auto up = [&](const Bytes& octets) {
      over_tcp ? capture.tcp(client, relay, octets) : capture.udp(client, relay, octets);
    };
    const auto down = [&](const Bytes& octets) {
      over_tcp ? capture.tcp(relay, client, octets) : capture.udp(relay, client, octets);
    };
    up(stun(0x0003, {}));
    down(allocated());
    up(bound());
    for (const auto& packet : protect(audio(call.alice, 40), key)) up(channel_data(0x4001, packet, over_tcp));
    for (const auto& packet : protect(audio(call.bob, 40), other)) down(received(packet));
    const auto report = call.report();
    for (const auto* phone : {&call.alice, &call.bob}) {
      const auto* found = stream(report.srtp, *phone);
      BOOST_TEST_REQUIRE(found != nullptr);
      BOOST_TEST(found->authenticated == 40u);
      BOOST_TEST(found->call_id == "call@test");
      BOOST_TEST((found->source == phone->media));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
