#include "crypto/hmac.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

BOOST_AUTO_TEST_SUITE(hmac_suite)

BOOST_AUTO_TEST_CASE(rfc2202_vectors) {
  const Bytes key(16, 0x0b);
  BOOST_TEST(to_hex(hmac(Hash::md5, key, as_bytes("Hi There"))) == "9294727a3638bb1c13f48ef8158bfc9d");
  const Bytes key20(20, 0x0b);
  BOOST_TEST(to_hex(hmac(Hash::sha1, key20, as_bytes("Hi There"))) ==
             "b617318655057264e28bc0b6fb378c8ef146be00");
  const auto what = as_bytes("what do ya want for nothing?");
  BOOST_TEST(to_hex(hmac(Hash::md5, as_bytes("Jefe"), what)) == "750c783e6ab0b503eaa86e310a5db738");
  BOOST_TEST(to_hex(hmac(Hash::sha1, as_bytes("Jefe"), what)) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  const Bytes long_key(80, 0xaa); // longer than a block
  const auto text = as_bytes("Test Using Larger Than Block-Size Key - Hash Key First");
  BOOST_TEST(to_hex(hmac(Hash::sha1, long_key, text)) == "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

BOOST_AUTO_TEST_CASE(rfc4231_vectors) {
  const auto what = as_bytes("what do ya want for nothing?");
  BOOST_TEST(to_hex(hmac(Hash::sha256, as_bytes("Jefe"), what)) ==
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  BOOST_TEST(
      to_hex(hmac(Hash::sha384, as_bytes("Jefe"), what)) ==
      "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649");
  const Bytes key(131, 0xaa);
  const auto text = as_bytes("Test Using Larger Than Block-Size Key - Hash Key First");
  BOOST_TEST(to_hex(hmac(Hash::sha256, key, text)) ==
             "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  BOOST_TEST(
      to_hex(hmac(Hash::sha512, key, text)) ==
      "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e52"
      "95e64f73f63f0aec8b915a985d786598");
}

BOOST_AUTO_TEST_CASE(one_key_serves_many_messages) {
  Hmac keyed(Hash::sha1, as_bytes("Jefe"));
  for (int i = 0; i < 3; ++i) {
    keyed.update(as_bytes("what do ya want "));
    keyed.update(as_bytes("for nothing?"));
    BOOST_TEST(to_hex(keyed.finish()) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  }
  keyed.update(as_bytes("forgotten"));
  keyed.reset();
  keyed.update(as_bytes("what do ya want for nothing?"));
  BOOST_TEST(to_hex(keyed.finish()) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

// Against the same in pieces, over lengths around blocks and keys longer than one.
BOOST_AUTO_TEST_CASE(two_parts_at_once_are_one_message) {
  for (const auto hash : {Hash::md5, Hash::sha1, Hash::sha256, Hash::sha384, Hash::sha512})
    for (const std::size_t key_octets : {0, 20, 64, 65, 200})
      for (const std::size_t octets : {0, 1, 13, 50, 51, 52, 64, 127, 700}) {
        const Bytes key(key_octets, 0x42);
        Bytes whole(octets);
        for (std::size_t i = 0; i < octets; ++i) whole[i] = static_cast<std::uint8_t>(i * 7);
        Hmac keyed(hash, key);
        keyed.update(as_bytes("what was fed before"));
        const ByteView first = ByteView(whole).first(octets / 3);
        Bytes computed(keyed.octets());
        keyed.compute(first, ByteView(whole).subspan(first.size()), computed);
        BOOST_TEST((computed == hmac(hash, key, whole)));
        BOOST_TEST((keyed.finish() == hmac(hash, key, as_bytes("what was fed before"))));
      }
}

BOOST_AUTO_TEST_CASE(comparison) {
  BOOST_TEST(equal_constant_time(as_bytes("abc"), as_bytes("abc")));
  BOOST_TEST(!equal_constant_time(as_bytes("abc"), as_bytes("abd")));
  BOOST_TEST(!equal_constant_time(as_bytes("abc"), as_bytes("ab")));
}

BOOST_AUTO_TEST_SUITE_END()
