#include "analysis/frame_queue.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

struct Listener final : FrameSink {
  void on_frame(io::CapturedFrame frame) override {
    heard += "f" + std::to_string(frame.number) + " ";
    if (frame.number == throws_at) throw std::runtime_error("enough");
  }
  void on_secret_line(std::string line) override { heard += line + " "; }
  void on_unreadable(std::size_t file, std::size_t last_frame, Error error) override {
    heard += error.what + " " + std::to_string(file) + " " + std::to_string(last_frame);
  }
  std::string heard;
  std::size_t throws_at = 0;
};

const Bytes octets(100);

// More than may wait at once, with something else among them.
void give_much(FrameSink& to, std::size_t count) {
  for (std::size_t number = 1; number <= count; ++number) {
    if (number % 1000 == 0) to.on_secret_line("s" + std::to_string(number));
    to.on_frame({number, {}, 1, octets.size(), octets});
  }
  to.on_unreadable(2, 7, fail("cut"));
}

constexpr std::size_t much = 2 * FrameQueue::most_batches * FrameQueue::batch_events + 5;

} // namespace

BOOST_AUTO_TEST_SUITE(frame_queue)

BOOST_AUTO_TEST_CASE(all_comes_in_order) {
  Listener straight, queued;
  give_much(straight, much);
  FrameQueue queue([](FrameSink& to) { give_much(to, much); });
  queue.hand_over(queued);
  BOOST_TEST(queued.heard == straight.heard);
  BOOST_TEST(queued.heard.ends_with("cut 2 7"));
}

BOOST_AUTO_TEST_CASE(what_the_reader_of_files_throws_comes_out_behind_what_it_gave) {
  Listener listener;
  FrameQueue queue([](FrameSink& to) {
    give_much(to, FrameQueue::batch_events);
    throw std::runtime_error("no memory");
  });
  BOOST_CHECK_THROW(queue.hand_over(listener), std::runtime_error);
  BOOST_TEST(listener.heard.ends_with("f" + std::to_string(FrameQueue::batch_events) + " "));
}

BOOST_AUTO_TEST_CASE(a_receiver_that_throws_ends_the_other_thread) {
  Listener listener;
  listener.throws_at = 3;
  {
    FrameQueue queue([](FrameSink& to) { give_much(to, 1'000'000'000); });
    BOOST_CHECK_THROW(queue.hand_over(listener), std::runtime_error);
  }
  BOOST_TEST(listener.heard == "f1 f2 f3 ");
}

BOOST_AUTO_TEST_SUITE_END()
