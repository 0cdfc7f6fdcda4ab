#include "analysis/sip_stream.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

struct Seen final : SipSink {
  void on_sip(const SipOrigin&, frames::Captured at, const sip::MessageView& message) override {
    methods.push_back(message.is_request() ? std::string(message.method())
                                           : std::to_string(message.status()));
    frames.push_back(at.frame);
  }
  void on_framing_lost(const SipOrigin&, frames::Captured at, const Error&) override {
    lost.push_back(at.frame);
  }
  std::vector<std::string> methods;
  std::vector<std::size_t> frames, lost;
};

const std::string options = "OPTIONS sip:b@test SIP/2.0\r\nCSeq: 1 OPTIONS\r\nContent-Length: 3\r\n\r\nabc";

void feed(SipStream& stream, std::string_view text, std::size_t frame) {
  stream.feed(as_bytes(text), {frame, Instant{}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(sip_stream)

BOOST_AUTO_TEST_CASE(start_lines_are_told_from_other_text) {
  for (const auto text : {"INVITE sip:b@test SIP/2.0\r\n", "SIP/2.0 200 OK\r\n", "\r\n\r\nSIP/2.0 100 ",
                          "X-New sip:a SIP/2.0\n"})
    BOOST_TEST((begins_with_sip(text) == Guess::yes), text);
  for (const auto text : {"GET / HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\n", "\x16\x03\x01",
                          " INVITE sip:b SIP/2.0\r\n", "INVITE SIP/2.0\r\n", "EHLO test\r\n"})
    BOOST_TEST((begins_with_sip(text) == Guess::no), text);
  for (const auto text : {"", "\r\n", "SIP", "SIP/2.0", "INV", "INVITE sip:b@test"})
    BOOST_TEST((begins_with_sip(text) == Guess::more), text);
  BOOST_TEST((begins_with_sip("INVITE " + std::string(20'000, 'a')) == Guess::no));
}

BOOST_AUTO_TEST_CASE(a_message_belongs_to_the_frame_that_completed_it) {
  Seen seen;
  SipStream stream({}, seen);
  feed(stream, options.substr(0, 10), 1);
  feed(stream, options.substr(10, 50), 2);
  feed(stream, options.substr(60) + options, 3);
  BOOST_TEST((seen.methods == std::vector<std::string>{"OPTIONS", "OPTIONS"}));
  BOOST_TEST((seen.frames == std::vector<std::size_t>{3, 3}));
}

BOOST_AUTO_TEST_CASE(after_lost_octets_the_next_start_line_takes_it_up_again) {
  Seen seen;
  SipStream stream({}, seen);
  feed(stream, options, 1);
  feed(stream, options.substr(0, 30), 2);
  stream.gap({3, Instant{}});
  feed(stream, "rest of something\r\n", 3);
  feed(stream, options, 4);
  BOOST_TEST((seen.frames == std::vector<std::size_t>{1, 4}));
  BOOST_TEST((seen.lost == std::vector<std::size_t>{3}));
}

BOOST_AUTO_TEST_CASE(what_is_no_sip_stays_silent) {
  Seen seen;
  SipStream stream({}, seen);
  feed(stream, "GET / HTTP/1.1\r\n\r\n", 1);
  feed(stream, options, 2);
  BOOST_TEST(seen.methods.empty());
  BOOST_TEST(seen.lost.empty());
  BOOST_TEST(!stream.is_sip());
}

BOOST_AUTO_TEST_SUITE_END()
