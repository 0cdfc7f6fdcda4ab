#include "mikey/prf.hpp"

#include "mikey/payload_check.hpp"

#include <numeric>

BOOST_AUTO_TEST_SUITE(prf_function)

using namespace sipvet;
using namespace sipvet::mikey;

namespace {

// Expected values were computed by an independent implementation on Python's hmac module.
Bytes counting(std::size_t count) {
  Bytes out(count);
  std::iota(out.begin(), out.end(), std::uint8_t{0});
  return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(three_key_blocks_the_last_one_short) {
  const auto out = prf(Prf::mikey_1, counting(70), as_bytes("label octets"), 45);
  BOOST_REQUIRE(out.has_value());
  BOOST_TEST(to_hex(*out) ==
             "3007f13c1179d351733b29e9c0c36b15bd0a6dbd92c95a50dfeda5bc196ab1c7bb98819ad25f939967f0c496e1");
}

BOOST_AUTO_TEST_CASE(a_key_shorter_than_a_block) {
  const auto out = prf(Prf::mikey_1, as_bytes("key"), as_bytes("label octets"), 20);
  BOOST_REQUIRE(out.has_value());
  BOOST_TEST(to_hex(*out) == "2319e12bbb92987850ac4dad04b441541ced160e");
}

BOOST_AUTO_TEST_CASE(sha256) {
  const auto out = prf(Prf::hmac_sha256, counting(70), as_bytes("label octets"), 45);
  BOOST_REQUIRE(out.has_value());
  BOOST_TEST(to_hex(*out) ==
             "f8e4c8849b6a166d46518719ed01dddfd4746425363938a1e6f3dbcf3fb786fa904850d0c51ef80bba666edc7b");
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
  BOOST_TEST(error_of(prf(static_cast<Prf>(2), counting(1), {}, 1)) ==
             "PRF function 2 is unknown, expected 0 (MIKEY-1) or 1 (HMAC-SHA-256)");
  BOOST_TEST(error_of(prf(Prf::mikey_1, {}, {}, 1)) ==
             "key to derive from is empty, expected at least one octet");
}

BOOST_AUTO_TEST_SUITE_END()
