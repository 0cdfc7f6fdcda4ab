#include "crypto/modp.hpp"

#include "base/hex.hpp"
#include "crypto/hash.hpp"

#include <boost/test/unit_test.hpp>

#include <numeric>

BOOST_AUTO_TEST_SUITE(modp)

using namespace sipvet;
using namespace sipvet::crypto;

namespace {

// Octets that count upwards from `first`.
class Counting final : public Random {
 public:
  explicit Counting(std::uint8_t first) : next_(first) {}
  void fill(std::span<std::uint8_t> out) override {
    for (auto& octet : out) octet = next_++;
  }

 private:
  std::uint8_t next_;
};

ModpKey key(ModpGroup group, std::uint8_t first) {
  Counting random(first);
  return ModpKey::make(group, random);
}

std::string sha256(ByteView data) { return to_hex(digest(Hash::sha256, data)); }

// Expected: SHA-256 of the values that Python's pow() gives with the primes of RFC 2409 §6.1, §6.2 and RFC
// 3526 §2.
struct Vector {
  ModpGroup group;
  const char *one, *other, *shared;
};
const Vector vectors[] = {
    {ModpGroup::oakley_1, "8c78418306cae48af0aa6b2c45b823b29d8064acefd9acd328b13c3dec884de6",
     "1af36217fb870401ebeff31ea7f468f9ec98cb392268a81050b73579e757c80a",
     "9bd2ecf60a2887ac79665ce1d1404e26f852b1c802846ba6dca91097bba4a804"},
    {ModpGroup::oakley_2, "1d096a46d790f69f661d2ebaf30c731c60ed773742bddcdd18a0c395e2c1339c",
     "32dbfb2462a71fdf0a22466b582ca3c833c8b87c1baf26d06864b251d5e292b8",
     "119b3f7358b32c73bb90cb1f6f1e24d1c79fad28e783c1959e4ae585fbd75b3b"},
    {ModpGroup::oakley_5, "6beeffb6e556afd99a4b20650d14e9c973d1713bd0db32ff2d3825f029a551d6",
     "5b62c29fa463b7ce1d401a07934d451c1243a55f36b3431988ddacd0abd7366a",
     "ec9ef25fd03aae32b8ec1c46d7d7c37e49cff1bce5b22481f0d3d6cd8f336c14"},
};

} // namespace

BOOST_AUTO_TEST_CASE(both_sides_get_the_secret_that_python_gets) {
  for (const Vector& vector : vectors) {
    const ModpKey one = key(vector.group, 1), other = key(vector.group, 101);
    BOOST_TEST(one.public_value().size() == value_octets(vector.group));
    BOOST_TEST(sha256(one.public_value()) == vector.one);
    BOOST_TEST(sha256(other.public_value()) == vector.other);
    BOOST_TEST(sha256(one.shared_secret(other.public_value()).value()) == vector.shared);
    BOOST_TEST(sha256(other.shared_secret(one.public_value()).value()) == vector.shared);
  }
}

BOOST_AUTO_TEST_CASE(values_that_no_honest_peer_sends) {
  const ModpKey mine = key(ModpGroup::oakley_1, 1);
  const auto refusal = [&](const Bytes& value) { return mine.shared_secret(value).error().what; };
  BOOST_TEST(refusal(Bytes(95, 1)) == "expected a public value of OAKLEY 1 of 96 octets, got 95");
  const std::string none = "the public value is none of OAKLEY 1: expected one from 2 to the prime less 2";
  Bytes value(96, 0);
  BOOST_TEST(refusal(value) == none);
  value.back() = 1;
  BOOST_TEST(refusal(value) == none);
  value.back() = 2;
  BOOST_TEST(mine.shared_secret(value).has_value());
  BOOST_TEST(refusal(Bytes(96, 0xFF)) == none);
  Bytes less_one = from_hex("FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22"
                            "514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6"
                            "F44C42E9A63A3620FFFFFFFFFFFFFFFE")
                       .value();
  BOOST_TEST(refusal(less_one) == none);
  less_one.back() = 0xFD;
  BOOST_TEST(mine.shared_secret(less_one).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
