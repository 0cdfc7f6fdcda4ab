#include "crypto/scoped_random.hpp"

#include "base/bytes.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/rand.h>

#include <thread>

using namespace sipvet;
using namespace sipvet::crypto;

namespace {

Bytes drawn() {
  Bytes out(16);
  RAND_bytes(out.data(), 16);
  return out;
}

Bytes drawn_in_private() {
  Bytes out(16);
  RAND_priv_bytes(out.data(), 16);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(scoped_random)

BOOST_AUTO_TEST_CASE(the_innermost_scope_wins_and_ends) {
  SeededRandom outer(1);
  SeededRandom inner(2);
  SeededRandom expected_outer(1);
  SeededRandom expected_inner(2);
  {
    const ScopedRandom scope(outer);
    BOOST_TEST((drawn() == expected_outer.bytes(16)));
    {
      const ScopedRandom nested(inner);
      BOOST_TEST((drawn() == expected_inner.bytes(16)));
      BOOST_TEST((drawn_in_private() == expected_inner.bytes(16)));
    }
    BOOST_TEST((drawn() == expected_outer.bytes(16)));
    Bytes elsewhere;
    std::thread([&] { elsewhere = drawn(); }).join();
    BOOST_TEST((drawn() == expected_outer.bytes(16))); // the other thread took nothing from here
    BOOST_TEST(elsewhere.size() == 16u);
  }
  BOOST_TEST((drawn() != expected_outer.bytes(16)));
  BOOST_TEST((drawn() != drawn()));
}

BOOST_AUTO_TEST_SUITE_END()
