#include "crypto/scoped_time.hpp"

#include <sys/time.h>

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace std::chrono_literals;

namespace {

std::chrono::microseconds library_time() {
  timeval now{};
  gettimeofday(&now, nullptr);
  return std::chrono::seconds(now.tv_sec) + std::chrono::microseconds(now.tv_usec);
}

} // namespace

BOOST_AUTO_TEST_SUITE(scoped_time)

BOOST_AUTO_TEST_CASE(the_time_is_the_innermost_one_and_the_machines_outside) {
  const auto before = library_time();
  BOOST_TEST(std::chrono::abs(before - SystemClock().now().time_since_epoch()).count() < (10s / 1us) * 1000);
  {
    const crypto::ScopedTime outer(Instant(1000s + 5us));
    BOOST_TEST(library_time().count() == (1000s + 5us) / 1us);
    {
      const crypto::ScopedTime inner(Instant(2000s));
      BOOST_TEST(library_time().count() == 2000s / 1us);
    }
    BOOST_TEST(library_time().count() == (1000s + 5us) / 1us);
  }
  BOOST_TEST(library_time().count() >= before.count());
}

BOOST_AUTO_TEST_SUITE_END()
