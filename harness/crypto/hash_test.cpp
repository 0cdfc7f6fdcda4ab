#include "crypto/hash.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

BOOST_AUTO_TEST_SUITE(hash)

// FIPS 180-4 examples, RFC 1321 appendix A.5.
BOOST_AUTO_TEST_CASE(known_values_of_abc) {
  const ByteView abc = as_bytes("abc");
  BOOST_TEST(to_hex(digest(Hash::md5, abc)) == "900150983cd24fb0d6963f7d28e17f72");
  BOOST_TEST(to_hex(digest(Hash::sha1, abc)) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  BOOST_TEST(to_hex(digest(Hash::sha256, abc)) ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(
      to_hex(digest(Hash::sha384, abc)) ==
      "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
  BOOST_TEST(
      to_hex(digest(Hash::sha512, abc)) ==
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
      "454d4423643ce80e2a9ac94fa54ca49f");
  BOOST_TEST(to_hex(digest(Hash::sha1, {})) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

BOOST_AUTO_TEST_CASE(lengths) {
  for (const Hash each : {Hash::md5, Hash::sha1, Hash::sha256, Hash::sha384, Hash::sha512})
    BOOST_TEST(digest(each, {}).size() == octets(each));
}

BOOST_AUTO_TEST_CASE(pieces_copies_and_peeks) {
  Hasher hasher(Hash::sha384);
  hasher.update(as_bytes("a"));
  const Hasher at_a = hasher;
  hasher.update(as_bytes("bc"));
  BOOST_TEST((hasher.peek() == digest(Hash::sha384, as_bytes("abc"))));
  BOOST_TEST((hasher.finish() == digest(Hash::sha384, as_bytes("abc"))));
  BOOST_TEST((at_a.peek() == digest(Hash::sha384, as_bytes("a"))));
  hasher.update(as_bytes("x"));
  BOOST_TEST((hasher.finish() == digest(Hash::sha384, as_bytes("x"))));
  hasher = at_a;
  BOOST_TEST((hasher.finish() == digest(Hash::sha384, as_bytes("a"))));
}

BOOST_AUTO_TEST_SUITE_END()
