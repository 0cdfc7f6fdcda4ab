#include "sip/framer.hpp"

#include <boost/test/unit_test.hpp>

#include <fmt/format.h>

using namespace sipvet;
using namespace sipvet::sip;
using namespace std::string_literals;

namespace {

struct Describe {
  std::string operator()(const Framed& framed) const {
    return fmt::format("{}@{}+{} ",
                       framed.message.is_request() ? framed.message.method()
                                                   : std::to_string(framed.message.status()),
                       framed.offset, framed.octets);
  }
  std::string operator()(const Ping&) const { return "ping "; }
  std::string operator()(const Pong&) const { return "pong "; }
  std::string operator()(const FramingLost& lost) const { return "lost: " + to_string(lost.error); }
};

std::string describe(const std::vector<StreamEvent>& events) {
  std::string out;
  for (const StreamEvent& event : events) out += std::visit(Describe{}, event);
  return out;
}

std::string in_pieces(std::string_view stream, std::size_t piece, KeepAlives keep_alives = KeepAlives::pairs,
                      FramerLimits limits = {}) {
  Framer framer(keep_alives, limits);
  std::string out;
  for (std::size_t at = 0; at < stream.size(); at += piece)
    out += describe(framer.receive(as_bytes(stream.substr(at, piece))));
  return out;
}

// The events of the stream, the same for every way to cut it.
std::string events_of(const std::string& stream, KeepAlives keep_alives = KeepAlives::pairs,
                      FramerLimits limits = {}) {
  const std::string whole = in_pieces(stream, stream.size() + 1, keep_alives, limits);
  for (const std::size_t piece : {1, 2, 3, 7, 64})
    BOOST_TEST(in_pieces(stream, piece, keep_alives, limits) == whole, "pieces of " << piece);
  return whole;
}

const std::string bye = "BYE sip:b SIP/2.0\r\nl: 0\r\n\r\n";
const std::string with_body = "INVITE sip:b SIP/2.0\r\nContent-Length: 6\r\n\r\na\r\n\r\nb";
const std::string ok = "SIP/2.0 200 OK\r\nContent-Length   :  3 \r\n\r\nxyz";

} // namespace

BOOST_AUTO_TEST_SUITE(framer)

BOOST_AUTO_TEST_CASE(heads_and_bodies_have_limits) {
  const auto limited = [](const std::string& stream, FramerLimits limits) {
    return events_of(stream, KeepAlives::pairs, limits);
  };
  const std::size_t head = with_body.size() - 6;
  BOOST_TEST(limited(bye + with_body + bye, {head, 6}) == "BYE@0+27 INVITE@27+49 BYE@76+27 ");
  BOOST_TEST(
      limited(bye + with_body + bye, {head, 5}).starts_with("BYE@0+27 lost: body: expected at most 5 "));
  BOOST_TEST(limited(bye + with_body + bye, {head - 1, 6})
                 .starts_with("BYE@0+27 lost: head: expected an empty line within 42 octets"));
}

BOOST_AUTO_TEST_CASE(a_body_over_its_limit_leaves_the_head) {
  Framer framer(KeepAlives::pairs, {1000, 5});
  std::string octets = with_body;
  const auto events = framer.receive(as_bytes(octets));
  octets.assign(octets.size(), 'x'); // the head keeps its own
  BOOST_TEST_REQUIRE(events.size() == 1u);
  const auto& lost = std::get<FramingLost>(events[0]);
  BOOST_TEST((lost.overrun == FramingLost::Overrun::body));
  BOOST_TEST_REQUIRE(lost.head.has_value());
  BOOST_TEST(lost.head->method() == "INVITE");
  BOOST_TEST(lost.head->header("Content-Length").value_or("") == "6");
}

BOOST_AUTO_TEST_CASE(several_messages) {
  BOOST_TEST(events_of(bye) == "BYE@0+27 ");
  BOOST_TEST(events_of(with_body + ok + bye) == "INVITE@0+49 200@49+45 BYE@94+27 ");
}

BOOST_AUTO_TEST_CASE(a_body_may_look_like_a_message_or_a_keep_alive) {
  Framer framer;
  const auto events = framer.receive(as_bytes(with_body));
  BOOST_REQUIRE(events.size() == 1u);
  BOOST_TEST(std::get<Framed>(events[0]).message.body() == "a\r\n\r\nb");
  BOOST_TEST(std::get<Framed>(events[0]).message.serialize() == with_body);
  BOOST_TEST(framer.pending_octets() == 0u);
}

BOOST_AUTO_TEST_CASE(pending_octets_are_those_of_the_message_that_is_not_complete) {
  Framer framer;
  BOOST_TEST(framer.receive(as_bytes(bye + with_body.substr(0, 45))).size() == 1u);
  BOOST_TEST(framer.pending_octets() == 45u);
  BOOST_TEST(framer.receive(as_bytes(with_body.substr(45))).size() == 1u);
  BOOST_TEST(framer.pending_octets() == 0u);
}

// RFC 5626 §3.5.1 and RFC 3261 §7.5.
BOOST_AUTO_TEST_CASE(keep_alives_of_the_side_that_is_pinged) {
  BOOST_TEST(events_of("\r\n\r\n") == "ping ");
  BOOST_TEST(events_of("\r\n") == "");
  BOOST_TEST(events_of("\r\n" + bye) == "pong BYE@2+27 ");
  BOOST_TEST(events_of("\r\n\r\n" + bye + "\r\n\r\n\r\n" + bye) == "ping BYE@4+27 ping pong BYE@37+27 ");
  BOOST_TEST(events_of("\n\n" + bye) == "ping BYE@2+27 ");
}

BOOST_AUTO_TEST_CASE(keep_alives_of_the_side_that_pings) {
  BOOST_TEST(events_of("\r\n", KeepAlives::pongs) == "pong ");
  BOOST_TEST(events_of("\r\n\r\n" + bye + "\r\n", KeepAlives::pongs) == "pong pong BYE@4+27 pong ");
}

BOOST_AUTO_TEST_CASE(bare_lf) {
  BOOST_TEST(events_of("BYE sip:b SIP/2.0\nl: 1\n\nx" + bye) == "BYE@0+25 BYE@25+27 ");
}

BOOST_AUTO_TEST_CASE(no_content_length) {
  BOOST_TEST(
      events_of(bye + "ACK sip:b SIP/2.0\r\nTo: x\r\n\r\n") ==
      "BYE@0+27 lost: a message on a stream has no Content-Length, so its end cannot be found (at octet 27)");
}

BOOST_AUTO_TEST_CASE(wrong_content_length) {
  BOOST_TEST(events_of("ACK sip:b SIP/2.0\r\nl: -1\r\n\r\n") ==
             "lost: Content-Length: expected a decimal digit (at octet 19)");
  BOOST_TEST(events_of("ACK sip:b SIP/2.0\r\nl: 4294967296\r\n\r\n") ==
             "lost: Content-Length: expected a number of at most 262144 (at octet 19)");
  BOOST_TEST(events_of("ACK sip:b SIP/2.0\r\nl: 262144\r\n\r\n") ==
             "lost: message: expected at most 262144 octets (at octet 0)");
  BOOST_TEST(events_of("ACK sip:b SIP/2.0\r\nl: 1\r\nl: 2\r\n\r\nxx")
                 .starts_with("lost: Content-Length: expected the same value"));
}

BOOST_AUTO_TEST_CASE(nothing_after_a_loss_counts) {
  Framer framer;
  BOOST_TEST(describe(framer.receive(as_bytes("\x16"s))).starts_with("lost"));
  BOOST_TEST(framer.lost());
  BOOST_TEST(framer.receive(as_bytes(bye)).empty());
  BOOST_TEST(framer.pending_octets() == 0u);
}

// What is no SIP is noticed at its first octets, not when 256 KiB have come.
BOOST_AUTO_TEST_CASE(other_protocols) {
  BOOST_TEST(events_of("\x16\x03\x01\x02\x00"s) ==
             "lost: expected a SIP start line: a method or SIP/2.0 (at octet 0)");
  BOOST_TEST(events_of("\x80\x2e\x01"s).starts_with("lost: expected a SIP start line"));
  BOOST_TEST(events_of("HTTP/1.1 200") ==
             "lost: expected a SIP start line: a method or SIP/2.0 (at octet 4)");
  BOOST_TEST(events_of("GET / HTTP/1.1\r\n") ==
             "lost: request line: expected SIP/2.0 at its end (at octet 6)");
  BOOST_TEST(events_of("SSH-2.0-OpenSSH_9.2\r\n").starts_with("lost: expected a SIP start line"));
  BOOST_TEST(events_of("A\0B"s).starts_with("lost: expected a SIP start line"));
  BOOST_TEST(events_of("INVITE \x01"s) == "lost: start line: expected no control characters (at octet 7)");
  BOOST_TEST(events_of("\rX").starts_with("lost: expected a SIP start line"));
  BOOST_TEST(events_of("SIP/2.0 2000 x\r\n").starts_with("lost: status line"));
  BOOST_TEST(events_of(" " + bye).starts_with("lost: expected a SIP start line"));
}

BOOST_AUTO_TEST_CASE(a_bad_header_field_loses_the_stream_where_it_stands) {
  BOOST_TEST(events_of(bye + "BYE sip:b SIP/2.0\r\nno colon\r\nl: 0\r\n\r\n") ==
             "BYE@0+27 lost: header field: expected a name and a colon (at octet 46)");
}

BOOST_AUTO_TEST_CASE(what_never_ends_is_bounded) {
  BOOST_TEST(in_pieces(std::string(1000, 'A'), 10) ==
             "lost: start line: expected a method of at most 128 octets (at octet 128)");
  const std::string long_line = "INVITE sip:" + std::string(20000, 'b');
  for (const std::size_t piece : {1, 100, 30000})
    BOOST_TEST(in_pieces(long_line, piece) ==
               "lost: start line: expected at most 16384 octets (at octet 16384)");
  const std::string long_head = "INVITE sip:b SIP/2.0\r\nX: " + std::string(300000, 'y');
  for (const std::size_t piece : {1, 1000, 400000})
    BOOST_TEST(in_pieces(long_head, piece) ==
               "lost: head: expected an empty line within 262144 octets (at octet 0)");
}

BOOST_AUTO_TEST_CASE(the_largest_message) {
  const std::string head = "INVITE sip:b SIP/2.0\r\nl: 262109\r\n\r\n";
  const std::string stream = head + std::string(262109, '\n') + bye;
  BOOST_TEST(head.size() + 262109 == max_message_octets);
  for (const std::size_t piece : {1, 997, 300000})
    BOOST_TEST(in_pieces(stream, piece) == "INVITE@0+262144 BYE@262144+27 ");
}

// A rescan of what is pending for every octet would take hours here.
BOOST_AUTO_TEST_CASE(time_is_linear_in_the_octets) {
  std::string stream;
  for (int i = 0; i < 20000; ++i) stream += bye;
  BOOST_TEST(in_pieces(stream, 1).size() > 20000u);
  std::string folded = "INVITE sip:b SIP/2.0\r\nX: y\r\n";
  while (folded.size() < 200000) folded += " \r\n";
  folded += "l: 0\r\n\r\n";
  BOOST_TEST(in_pieces(folded, 1).starts_with("INVITE@0"));
}

BOOST_AUTO_TEST_SUITE_END()
