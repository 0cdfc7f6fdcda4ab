#include "crypto/sha256.hpp"

#include "base/hex.hpp"
#include "crypto/hash.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

BOOST_AUTO_TEST_SUITE(sha256)

// FIPS 180-2 appendix B.1 and B.2, and the hash of nothing.
BOOST_AUTO_TEST_CASE(published_examples_as_they_grow) {
  Sha256 hash;
  BOOST_TEST(to_hex(hash.peek()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  hash.update(as_bytes("abc"));
  BOOST_TEST(to_hex(hash.peek()) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  hash.update(as_bytes("dbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"));
  BOOST_TEST(to_hex(hash.peek()) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

BOOST_AUTO_TEST_CASE(pieces_of_any_length_and_copies) {
  Bytes all;
  Sha256 hash;
  for (std::size_t size = 0; size < 300; ++size) {
    const Bytes piece(size, static_cast<std::uint8_t>(size));
    append(all, piece);
    Sha256 copy = hash;
    copy.update(as_bytes("not of the other"));
    hash.update(piece);
    BOOST_REQUIRE(to_hex(hash.peek()) == to_hex(digest(Hash::sha256, all)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
