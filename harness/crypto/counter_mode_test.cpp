#include "crypto/counter_mode.hpp"

#include "base/hex.hpp"
#include "base/random.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

namespace {

Bytes keystream(std::string_view key, std::string_view first_block, std::size_t octets) {
  auto mode = CounterMode::make(*from_hex(key));
  BOOST_REQUIRE(mode);
  const Bytes block = *from_hex(first_block);
  Bytes out(octets);
  BOOST_REQUIRE(mode->process(std::span<const std::uint8_t, 16>(block.data(), 16), out, out));
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(counter_mode)

// NIST SP 800-38A F.5.1: the first output block.
BOOST_AUTO_TEST_CASE(published_block) {
  BOOST_TEST(to_hex(keystream("2b7e151628aed2a6abf7158809cf4f3c", "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", 16)) ==
             "ec8cdf7398607cb0f2d21675ea9ea1e4");
}

// Every length across the pieces that keystream is made in, and a counter that runs over, as the library has
// it.
BOOST_AUTO_TEST_CASE(same_as_the_library) {
  SeededRandom random(1);
  for (const std::size_t key_octets : {16u, 24u, 32u}) {
    const Bytes key = random.bytes(key_octets);
    auto ours = CounterMode::make(key);
    auto theirs = Ctr::make(key);
    BOOST_REQUIRE(ours);
    for (std::size_t octets = 0; octets < 1600; octets += octets < 300 ? 1 : 61) {
      Bytes block = random.bytes(16);
      if (octets % 3 == 0) std::fill(block.begin() + 3, block.end(), std::uint8_t{0xff});
      const Bytes in = random.bytes(octets);
      Bytes mine(octets), other(octets);
      BOOST_REQUIRE(ours->process(std::span<const std::uint8_t, 16>(block.data(), 16), in, mine));
      BOOST_REQUIRE(theirs->process(block, in, other));
      BOOST_REQUIRE(mine == other);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
  BOOST_TEST(!CounterMode::make(Bytes(17)));
  auto mode = CounterMode::make(Bytes(16));
  const std::array<std::uint8_t, 16> block{};
  Bytes out(3);
  BOOST_TEST(!mode->process(block, Bytes(4), out));
}

BOOST_AUTO_TEST_SUITE_END()
