#include "frames/fragments.hpp"

#include "frames/build.hpp"
#include "frames/decode.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace sipvet::frames {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t piece_octets = 400;
const Endpoint client = *parse_endpoint("192.0.2.1:5060");
const Endpoint server = *parse_endpoint("192.0.2.2:5060");
const Endpoint client_v6 = *parse_endpoint("[2001:db8::1]:5060");
const Endpoint server_v6 = *parse_endpoint("[2001:db8::2]:5060");

std::string long_text() {
  std::string text;
  for (int i = 0; text.size() < 1500; ++i) text += std::to_string(i) + " ";
  return text;
}

Bytes packet(const Endpoint& from, const Endpoint& to, std::string_view payload) {
  Bytes out;
  BOOST_TEST_REQUIRE(append_packet(out, Datagram{from, to, as_bytes(payload)}).has_value());
  return out;
}

Bytes ipv4_fragment(const Bytes& whole, std::size_t from, std::size_t to, std::uint16_t id) {
  Bytes out(whole.begin(), whole.begin() + 20);
  const std::size_t total = 20 + to - from;
  const std::size_t field = from / 8 | (20 + to < whole.size() ? 0x2000u : 0u);
  out[2] = static_cast<std::uint8_t>(total >> 8);
  out[3] = static_cast<std::uint8_t>(total);
  out[4] = static_cast<std::uint8_t>(id >> 8);
  out[5] = static_cast<std::uint8_t>(id);
  out[6] = static_cast<std::uint8_t>(field >> 8);
  out[7] = static_cast<std::uint8_t>(field);
  append(out, ByteView(whole).subspan(20 + from, to - from));
  return out;
}

Bytes ipv6_fragment(const Bytes& whole, std::size_t from, std::size_t to, std::uint8_t id) {
  Bytes out(whole.begin(), whole.begin() + 40);
  const std::size_t length = 8 + to - from;
  const std::size_t field = from | (40 + to < whole.size() ? 1u : 0u);
  out[4] = static_cast<std::uint8_t>(length >> 8);
  out[5] = static_cast<std::uint8_t>(length);
  out[6] = 44;
  for (const std::size_t octet : {std::size_t{17}, std::size_t{0}, field >> 8, field & 0xFF, std::size_t{0},
                                  std::size_t{0}, std::size_t{0}, std::size_t{id}})
    out.push_back(static_cast<std::uint8_t>(octet));
  append(out, ByteView(whole).subspan(40 + from, to - from));
  return out;
}

std::vector<Bytes> split(const Bytes& whole, bool v6, std::uint8_t id) {
  const std::size_t header = v6 ? 40 : 20;
  std::vector<Bytes> pieces;
  for (std::size_t from = 0; from < whole.size() - header; from += piece_octets) {
    const std::size_t to = std::min(from + piece_octets, whole.size() - header);
    pieces.push_back(v6 ? ipv6_fragment(whole, from, to, id) : ipv4_fragment(whole, from, to, id));
  }
  return pieces;
}

// The payload that decoding `frame` completes, or nothing.
std::optional<std::string> feed(Decoder& decoder, const Bytes& frame, Instant time = {}) {
  const auto decoded = decoder.decode(link::raw, frame, time);
  BOOST_TEST_REQUIRE(decoded.has_value());
  const auto* datagram = std::get_if<Datagram>(&*decoded);
  if (datagram == nullptr) return std::nullopt;
  return std::string(as_text(datagram->payload));
}

} // namespace

BOOST_AUTO_TEST_SUITE(fragments)

BOOST_AUTO_TEST_CASE(any_order_and_duplicates) {
  const std::string text = long_text();
  for (const bool v6 : {false, true}) {
    std::vector<Bytes> pieces =
        split(v6 ? packet(client_v6, server_v6, text) : packet(client, server, text), v6, 7);
    BOOST_TEST_REQUIRE(pieces.size() == 4u);
    std::vector<std::size_t> order{0, 1, 2, 3};
    do {
      Decoder decoder;
      for (std::size_t i = 0; i < 3; ++i) {
        BOOST_TEST(!feed(decoder, pieces[order[i]]));
        BOOST_TEST(!feed(decoder, pieces[order[i]]));
      }
      BOOST_TEST(feed(decoder, pieces[order[3]]).value_or("") == text);
      BOOST_TEST(decoder.incomplete_datagrams() == 0u);
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

BOOST_AUTO_TEST_CASE(interleaved_datagrams_are_kept_apart) {
  const auto first = split(packet(client, server, std::string(1000, 'a')), false, 1);
  const auto second = split(packet(client, server, std::string(1000, 'b')), false, 2);
  Decoder decoder;
  for (std::size_t i = 0; i + 1 < first.size(); ++i) {
    feed(decoder, first[i]);
    feed(decoder, second[i]);
  }
  BOOST_TEST(decoder.incomplete_datagrams() == 2u);
  BOOST_TEST(feed(decoder, first.back()).value_or("") == std::string(1000, 'a'));
  BOOST_TEST(feed(decoder, second.back()).value_or("") == std::string(1000, 'b'));
}

BOOST_AUTO_TEST_CASE(the_first_copy_wins) {
  const std::string honest = long_text();
  const auto good = split(packet(client, server, honest), false, 1);
  const auto bad = split(packet(client, server, std::string(honest.size(), '!')), false, 1);
  Decoder decoder;
  feed(decoder, good[0]);
  feed(decoder, good[1]);
  feed(decoder, bad[1]);
  feed(decoder, good[2]);
  BOOST_TEST(feed(decoder, good[3]).value_or("") == honest);
}

BOOST_AUTO_TEST_CASE(old_ones_are_given_up) {
  const auto pieces = split(packet(client, server, long_text()), false, 1);
  Decoder decoder;
  for (std::size_t i = 0; i < 3; ++i) feed(decoder, pieces[i]);
  BOOST_TEST(!feed(decoder, pieces[3], Instant(61s)));
  BOOST_TEST(decoder.abandoned_datagrams() == 1u);
  BOOST_TEST(decoder.incomplete_datagrams() == 1u); // the late piece waits for others of a new datagram
}

BOOST_AUTO_TEST_CASE(their_number_is_bounded) {
  Decoder decoder;
  const Bytes whole = packet(client, server, long_text());
  for (int id = 0; id < 1000; ++id)
    feed(decoder, ipv4_fragment(whole, 0, 400, static_cast<std::uint16_t>(id)));
  BOOST_TEST(decoder.incomplete_datagrams() == Fragments::max_datagrams);
  BOOST_TEST(decoder.abandoned_datagrams() == 1000u - Fragments::max_datagrams);
}

BOOST_AUTO_TEST_CASE(contradictions) {
  const Bytes whole = packet(client, server, long_text());
  const Bytes shorter = packet(client, server, long_text().substr(0, 1000));
  Decoder decoder;
  feed(decoder, split(whole, false, 1).back());
  feed(decoder, split(shorter, false, 1).back()); // another end
  BOOST_TEST(decoder.abandoned_datagrams() == 1u);

  BOOST_TEST(
      Decoder().decode(link::raw, ipv4_fragment(whole, 0, 401, 1), {}).has_error()); // no multiple of 8
  Bytes beyond = ipv4_fragment(whole, 0, 400, 1);
  beyond[6] = 0x3F;
  beyond[7] = 0xFF; // offset 65528
  BOOST_TEST(Decoder().decode(link::raw, beyond, {}).has_error());
}

// RFC 6946: offset 0 and no more to come.
BOOST_AUTO_TEST_CASE(an_atomic_fragment_stands_alone) {
  const Bytes whole = packet(client_v6, server_v6, "hello");
  Decoder decoder;
  BOOST_TEST(feed(decoder, ipv6_fragment(whole, 0, whole.size() - 40, 1)).value_or("") == "hello");
  BOOST_TEST(decoder.incomplete_datagrams() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sipvet::frames
