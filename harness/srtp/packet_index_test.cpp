#include "srtp/packet_index.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet::srtp;

namespace {

std::uint64_t take(RolloverCounter& counter, std::uint16_t sequence) {
  const auto index = counter.index_of(sequence);
  counter.accept(index);
  return index;
}

} // namespace

BOOST_AUTO_TEST_SUITE(packet_index)

BOOST_AUTO_TEST_CASE(wraps_forth_and_back) {
  RolloverCounter counter;
  BOOST_TEST(take(counter, 0xfffe) == 0xfffeu);
  BOOST_TEST(take(counter, 0x0001) == 0x10001u);
  BOOST_TEST(counter.rollovers() == 1u);
  BOOST_TEST(take(counter, 0xffff) == 0xffffu); // late
  BOOST_TEST(counter.rollovers() == 1u);
  BOOST_TEST(take(counter, 0x0002) == 0x10002u);
  BOOST_TEST(take(counter, 0x7000) == 0x17000u);
  BOOST_TEST(take(counter, 0xe000) == 0x1e000u);
  BOOST_TEST(take(counter, 0x3000) == 0x23000u);
}

// RFC 3711 appendix A at the edges of its comparisons.
BOOST_AUTO_TEST_CASE(half_a_cycle_away) {
  for (const std::uint16_t last : {std::uint16_t{0}, std::uint16_t{0x7fff}}) {
    RolloverCounter counter(5);
    take(counter, last);
    BOOST_TEST(counter.index_of(static_cast<std::uint16_t>(last + 0x8000)) >> 16 == 5u);
    if (last < 0x7fff) BOOST_TEST(counter.index_of(static_cast<std::uint16_t>(last + 0x8001)) >> 16 == 4u);
  }
  RolloverCounter counter(5);
  take(counter, 0x8001);
  BOOST_TEST(counter.index_of(0x0001) >> 16 == 5u);
  BOOST_TEST(counter.index_of(0x0000) >> 16 == 6u);
}

BOOST_AUTO_TEST_CASE(nothing_comes_before_the_first_cycle) {
  RolloverCounter counter;
  take(counter, 5);
  BOOST_TEST(counter.index_of(0xfff0) == 0xfff0u);
}

BOOST_AUTO_TEST_CASE(index_of_48_bits) {
  RolloverCounter counter(0xffffffff);
  BOOST_TEST(take(counter, 0xffff) == 0xffff'ffff'ffffu);
  BOOST_TEST(counter.index_of(0) == 0u);
}

BOOST_AUTO_TEST_CASE(each_index_once) {
  using enum ReplayWindow::Place;
  ReplayWindow window(64);
  BOOST_TEST((window.place(0) == fresh));
  for (const std::uint64_t index : {1000u, 1002u, 1001u, 939u, 1200u, 70000u}) {
    BOOST_TEST((window.place(index) == fresh));
    window.mark(index);
    BOOST_TEST((window.place(index) == seen));
  }
  BOOST_TEST((window.place(69936) == too_old));
  BOOST_TEST((window.place(69937) == fresh));
}

// Against a list of all that was seen, in steps of every size around the window's.
BOOST_AUTO_TEST_CASE(same_as_a_list) {
  for (const std::size_t packets : {64u, 100u, 128u, 1024u}) {
    ReplayWindow window(packets);
    std::vector<bool> seen(200'000);
    std::uint64_t highest = 0;
    std::uint64_t state = packets;
    for (int n = 0; n < 5000; ++n) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      const std::uint64_t step = (state >> 33) % (n % 50 == 0 ? 3 * packets : 9);
      const bool back = (state >> 60) < 6;
      const std::uint64_t reach = (state >> 40) % (packets + 10);
      const std::uint64_t index = back ? highest - std::min(highest, reach) : highest + step;
      if (index >= seen.size()) break;
      const auto expected = index + packets <= highest ? ReplayWindow::Place::too_old
                            : seen[index]              ? ReplayWindow::Place::seen
                                                       : ReplayWindow::Place::fresh;
      BOOST_REQUIRE((window.place(index) == expected));
      if (expected != ReplayWindow::Place::fresh) continue;
      window.mark(index);
      seen[index] = true;
      highest = std::max(highest, index);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
