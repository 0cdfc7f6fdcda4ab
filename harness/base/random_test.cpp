#include "base/hex.hpp"
#include "base/random.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace sipvet;

BOOST_AUTO_TEST_SUITE(random_source)

// The first outputs of the reference splitmix64 for seed 1234567, low octet first.
BOOST_AUTO_TEST_CASE(seeded_is_splitmix64) {
  SeededRandom random(1234567);
  const Bytes octets = random.bytes(16);
  const std::array<std::uint64_t, 2> expected = {6457827717110365317ull, 3203168211198807973ull};
  for (std::size_t i = 0; i < 16; ++i)
    BOOST_TEST(octets[i] == static_cast<std::uint8_t>(expected[i / 8] >> (8 * (i % 8))));
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_octets_and_another_does_not) {
  SeededRandom a(7);
  SeededRandom b(7);
  SeededRandom c(8);
  const Bytes first = a.bytes(33);
  BOOST_TEST((first == b.bytes(33)));
  BOOST_TEST((first != c.bytes(33)));
  BOOST_TEST((first != a.bytes(33)));
}

BOOST_AUTO_TEST_CASE(below_stays_below_and_reaches_everything) {
  SeededRandom random(1);
  std::array<int, 5> counts{};
  for (int i = 0; i < 5000; ++i) ++counts.at(random.below(5));
  for (const int count : counts) BOOST_TEST((count > 800 && count < 1200));
  for (int i = 0; i < 10; ++i) BOOST_TEST(random.below(1) == 0u);
}

BOOST_AUTO_TEST_CASE(below_draws_again_where_small_results_would_be_likelier) {
  // With this bound, values from 2^63 + 1 to the top have to be refused; taking them modulo would double the
  // chance of small results.
  class Fixed final : public Random {
   public:
    void fill(std::span<std::uint8_t> out) override {
      for (std::uint8_t& octet : out) octet = calls_ == 0 ? 0xff : 0x01;
      ++calls_;
    }
    int calls_ = 0;
  } random;
  BOOST_TEST(random.below((1ull << 63) + 1) == 0x0101010101010101ull);
  BOOST_TEST(random.calls_ == 2);
}

BOOST_AUTO_TEST_CASE(the_kernels_octets_differ) {
  SystemRandom random;
  BOOST_TEST((random.bytes(32) != random.bytes(32)));
  BOOST_TEST(random.bytes(1000).size() == 1000u);
}

BOOST_AUTO_TEST_SUITE_END()
