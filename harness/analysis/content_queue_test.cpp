#include "analysis/content_queue.hpp"

#include <boost/test/unit_test.hpp>

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

// Writes down what it is given.
struct Recorder final : ContentSink {
  void note(std::string_view what, const SipOrigin& origin, frames::Captured at, std::string_view text) {
    if (text == "throw") throw std::runtime_error("the reader fails");
    log += fmt::format("{} {}>{} {} {}{} #{} {}\n", what, to_string(origin.source),
                       to_string(origin.destination), to_string(origin.transport),
                       origin.connection ? std::to_string(*origin.connection) : "-",
                       origin.from_client ? "c" : "s", at.frame, text);
  }
  void on_sip(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message) override {
    note("sip", origin, at, message.text());
  }
  void on_turn(const SipOrigin& origin, frames::Captured at, ByteView message) override {
    note("turn", origin, at, as_text(message));
  }
  void on_framing_lost(const SipOrigin& origin, frames::Captured at, const Error& error) override {
    note("lost", origin, at, to_string(error));
  }
  void on_plaintext(const SipOrigin& from, ByteView octets, frames::Captured at) override {
    note("plaintext", from, at, as_text(octets));
  }
  void on_plaintext_gap(const SipOrigin& from, frames::Captured at) override { note("gap", from, at, ""); }
  void on_plaintext_end(std::size_t connection) override { log += fmt::format("end {}\n", connection); }
  void on_datagram(const frames::Datagram& datagram, frames::Captured at) override {
    note("datagram", {datagram.source, datagram.destination, Transport::udp}, at, as_text(datagram.payload));
  }
  void on_secret(std::string_view line) override { log += fmt::format("secret {}\n", line); }
  std::string log;
};

const Endpoint a{IpAddress::v4(192, 0, 2, 1), 4000}, b{IpAddress::v4(192, 0, 2, 2), 5061};
const std::string options = "OPTIONS sip:b SIP/2.0\r\nContent-Length: 3\r\n\r\nabc";

// One of every kind, and again with other numbers: more than the queue holds at once.
void hand_over(ContentSink& to, std::size_t times) {
  for (std::size_t i = 0; i < times; ++i) {
    const frames::Captured at{i + 1, Instant{}};
    const SipOrigin tls{a, b, Transport::tls, i, i % 2 == 0};
    to.on_sip({b, a, Transport::tcp}, at, sip::view_message(options).value());
    to.on_turn({a, b, Transport::tcp}, at, as_bytes("turn"));
    to.on_framing_lost({a, b, Transport::tcp}, at, fail("no length", i));
    to.on_framing_lost({a, b, Transport::tcp}, at, fail("octets are missing"));
    to.on_plaintext(tls, as_bytes(std::string(i % 5'000, 'p')), at);
    to.on_plaintext_gap(tls, at);
    to.on_plaintext_end(i);
    to.on_datagram({a, b, as_bytes("datagram")}, at);
    to.on_secret("CLIENT_RANDOM 00 11");
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(content_queue)

BOOST_AUTO_TEST_CASE(the_reader_gets_everything_in_order) {
  constexpr std::size_t times = 2'000;
  static_assert(times * 9 > ContentQueue::most_batches * ContentQueue::batch_events);
  Recorder direct, behind;
  hand_over(direct, times);
  ContentQueue queue(behind);
  hand_over(queue, times);
  queue.finish();
  BOOST_TEST(direct.log.size() > times * 2'500 / 2);
  BOOST_TEST((behind.log == direct.log));
}

BOOST_AUTO_TEST_CASE(what_the_reader_throws_comes_out_at_the_end) {
  Recorder reader;
  ContentQueue queue(reader);
  hand_over(queue, 3);
  queue.on_plaintext({}, as_bytes("throw"), {});
  hand_over(queue, 5'000); // nobody reads it, and nobody waits for that
  BOOST_CHECK_THROW(queue.finish(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(what_comes_last_is_done_by_the_thread_that_read) {
  Recorder reader;
  ContentQueue queue(reader);
  hand_over(queue, 3'000);
  std::thread::id thread;
  std::size_t read = 0;
  queue.finish([&] {
    thread = std::this_thread::get_id();
    read = reader.log.size();
  });
  BOOST_TEST((thread != std::thread::id() && thread != std::this_thread::get_id()));
  BOOST_TEST(read == reader.log.size());
  BOOST_TEST(read > 0);

  ContentQueue failing(reader);
  BOOST_CHECK_THROW(failing.finish([] { throw std::runtime_error("the end fails"); }), std::runtime_error);
  ContentQueue failed(reader);
  failed.on_plaintext({}, as_bytes("throw"), {});
  bool called = false;
  BOOST_CHECK_THROW(failed.finish([&] { called = true; }), std::runtime_error);
  BOOST_TEST(!called);
}

BOOST_AUTO_TEST_CASE(a_queue_that_is_given_up_ends) {
  Recorder reader;
  {
    ContentQueue queue(reader);
    hand_over(queue, 3'000);
  }
  BOOST_TEST(!reader.log.empty());
}

BOOST_AUTO_TEST_SUITE_END()
