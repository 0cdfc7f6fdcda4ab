#include "io/frame_sorter.hpp"

#include "base/random.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::io;
using namespace std::chrono_literals;

namespace {

Instant at(std::int64_t milliseconds) {
  return Instant(std::chrono::hours(400'000) + std::chrono::milliseconds(milliseconds));
}

struct Sorted {
  explicit Sorted(FrameSorter& from) : sorter(from) {}
  void take() {
    while (const auto frame = sorter.next()) {
      numbers.push_back(frame->number);
      BOOST_TEST(frame->data.size() == frame->original_octets);
      BOOST_TEST((frame->data.empty() || frame->data[0] == static_cast<std::uint8_t>(frame->number)));
    }
  }
  void add(std::size_t number, Instant time, std::size_t octets = 10) {
    const Bytes data(octets, static_cast<std::uint8_t>(number)); // gone when it is asked for
    sorter.add({number, time, 101, octets, data});
    take();
  }
  std::vector<std::size_t> end() {
    sorter.finish();
    take();
    return numbers;
  }
  FrameSorter& sorter;
  std::vector<std::size_t> numbers;
};

} // namespace

BOOST_AUTO_TEST_SUITE(frame_sorter)

BOOST_AUTO_TEST_CASE(late_frames_find_their_places_and_equal_times_keep_theirs) {
  FrameSorter sorter;
  Sorted sorted(sorter);
  const std::int64_t times[] = {10, 20, 20, 5, 40, 20, 39, 0};
  for (std::size_t i = 0; i < std::size(times); ++i) sorted.add(i + 1, at(times[i]));
  BOOST_TEST(sorted.numbers.empty()); // all held
  BOOST_TEST((sorted.end() == std::vector<std::size_t>{8, 4, 1, 2, 3, 6, 7, 5}));
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_changes_nothing) {
  FrameSorter sorter;
  Sorted sorted(sorter);
  sorted.add(1, at(0));
  sorted.add(2, at(3'600'000));
  sorted.add(3, at(1'000)); // an hour back
  sorted.add(4, at(500));
  sorted.add(5, Instant{}); // no time at all
  sorted.add(6, at(2'000));
  sorted.add(7, at(1'999));
  BOOST_TEST((sorted.end() == std::vector<std::size_t>{1, 2, 4, 3, 5, 7, 6}));
}

BOOST_AUTO_TEST_CASE(what_is_held_is_bounded) {
  FrameSorter sorter;
  Sorted sorted(sorter);
  const std::size_t octets = 1000, most = FrameSorter::max_held_octets / octets + 1;
  for (std::size_t i = 1; i <= 3 * most; ++i) {
    sorted.add(i, at(static_cast<std::int64_t>(i)), octets);
    BOOST_TEST(i - sorted.numbers.size() <= most);
  }
  BOOST_TEST(sorted.end().size() == 3 * most);
  BOOST_TEST(std::ranges::is_sorted(sorted.numbers));
  FrameSorter empty;
  Sorted small(empty);
  for (std::size_t i = 1; i <= FrameSorter::max_held_frames + 5; ++i) small.add(i, at(0), 0);
  BOOST_TEST(small.numbers.size() == 5u);
}

BOOST_AUTO_TEST_CASE(disorder_within_the_window_is_undone) {
  SeededRandom random(6);
  std::vector<std::size_t> order(2000);
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i + 1;
  for (std::size_t i = 0; i + 20 < order.size(); ++i) std::swap(order[i], order[i + random.below(20)]);
  FrameSorter sorter;
  Sorted sorted(sorter);
  for (const auto number : order) sorted.add(number, at(static_cast<std::int64_t>(number)), 1 + number % 700);
  BOOST_TEST(sorted.end().size() == order.size());
  BOOST_TEST(std::ranges::is_sorted(sorted.numbers));
}

BOOST_AUTO_TEST_SUITE_END()
