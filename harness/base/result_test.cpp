#include "base/result.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace sipvet;

namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return fail("expected an even number", static_cast<std::size_t>(value));
  return value / 2;
}

Result<std::string> quarter(int value) {
  SIPVET_TRY(const int once, half(value));
  SIPVET_TRY(const int twice, half(once));
  const std::string out = std::to_string(twice);
  return out;
}

Result<void> even(int value) {
  SIPVET_CHECK(half(value));
  return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(result)

BOOST_AUTO_TEST_CASE(try_passes_values_on_and_errors_out) {
  BOOST_TEST(quarter(12).value() == "3");
  BOOST_TEST((quarter(6).error() == fail("expected an even number", 3)));
  BOOST_TEST(even(2).has_value());
  BOOST_TEST(!even(3));
}

BOOST_AUTO_TEST_CASE(an_error_says_where) {
  BOOST_TEST(to_string(fail("no colon", 17)) == "no colon (at octet 17)");
  BOOST_TEST(to_string(fail("no colon")) == "no colon");
}

BOOST_AUTO_TEST_CASE(value_throws_the_sentence) {
  BOOST_CHECK_EXCEPTION(half(5).value(), std::runtime_error, [](const std::runtime_error& thrown) {
    return std::string(thrown.what()) == "expected an even number (at octet 5)";
  });
}

BOOST_AUTO_TEST_SUITE_END()
