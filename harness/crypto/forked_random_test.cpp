#include "crypto/forked_random.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

BOOST_AUTO_TEST_SUITE(forked_random)

BOOST_AUTO_TEST_CASE(takes_32_octets_however_much_is_drawn) {
  for (const std::size_t drawn : {0u, 1u, 32u, 33u, 1000u}) {
    SeededRandom parent(9);
    SeededRandom expected(9);
    ForkedRandom(parent).bytes(drawn);
    expected.bytes(32);
    BOOST_TEST((parent.bytes(8) == expected.bytes(8)));
  }
}

BOOST_AUTO_TEST_CASE(the_octets_are_hashes_of_the_key_and_a_counter) {
  class Zeros final : public Random {
    void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), 0); }
  } zeros;
  ForkedRandom fork(zeros);
  // `head -c 40 /dev/zero | sha256sum`, and with a last octet of 1
  BOOST_TEST(to_hex(fork.bytes(32)) == "2c34ce1df23b838c5abf2a7f6437cca3d3067ed509ff25f11df6b11b582b51eb");
  BOOST_TEST(to_hex(fork.bytes(32)) == "08e00266fff0aacc64974f22a53622a7dc458ac1b5fd446ae7c99a4a99a564e6");
}

BOOST_AUTO_TEST_SUITE_END()
