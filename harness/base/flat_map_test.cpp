#include "base/flat_map.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>

using namespace sipvet;

BOOST_AUTO_TEST_SUITE(flat_map)

BOOST_AUTO_TEST_CASE(an_empty_one_finds_nothing) {
  FlatMap<int> map;
  BOOST_TEST(map.find(0) == nullptr);
  map.erase(0);
  BOOST_TEST(map.size() == 0u);
}

BOOST_AUTO_TEST_CASE(zero_is_a_key_like_any_other) {
  FlatMap<std::string> map;
  *map.try_emplace(0).first = "zero";
  BOOST_TEST(!map.try_emplace(0).second);
  BOOST_TEST(*map.find(0) == "zero");
  BOOST_TEST(map.find(16) == nullptr);
  map.erase(0);
  BOOST_TEST(map.find(0) == nullptr);
}

BOOST_AUTO_TEST_CASE(values_of_one_key_are_told_apart) {
  FlatMap<int> map;
  const auto is = [](int wanted) { return [wanted](int value) { return value == wanted; }; };
  for (int value = 0; value < 100; ++value) map.add(7, value);
  map.add(8, 42);
  BOOST_TEST(map.size() == 101u);
  for (int value = 0; value < 100; ++value) BOOST_TEST(*map.find(7, is(value)) == value);
  BOOST_TEST(map.find(7, is(100)) == nullptr);
  BOOST_TEST(map.find(8, is(7)) == nullptr);
  for (int value = 0; value < 100; value += 2) map.erase(7, is(value));
  for (int value = 0; value < 100; ++value)
    BOOST_TEST((map.find(7, is(value)) != nullptr) == (value % 2 == 1));
  BOOST_TEST(*map.find(8) == 42);
}

// Against the library's map, with keys that collide in their low bits and at the end of the table.
BOOST_AUTO_TEST_CASE(it_holds_what_a_map_holds) {
  FlatMap<std::uint64_t> map;
  std::map<std::uint64_t, std::uint64_t> expected;
  std::uint64_t state = 1;
  for (int step = 0; step < 50'000; ++step) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const std::uint64_t key = (state >> 60) * 256 + ((state >> 40) & 15) + 240 * ((state >> 50) & 1);
    if ((state >> 33) % 3 == 0) {
      map.erase(key);
      expected.erase(key);
    } else {
      const auto [value, added] = map.try_emplace(key);
      BOOST_REQUIRE(added == expected.try_emplace(key, 0).second);
      *value = expected[key] = state;
    }
    BOOST_REQUIRE(map.size() == expected.size());
    if (step % 100 != 0) continue;
    for (std::uint64_t wanted = 0; wanted < 16 * 256; ++wanted) {
      const auto found = expected.find(wanted);
      const auto* value = map.find(wanted);
      BOOST_REQUIRE((value != nullptr) == (found != expected.end()));
      if (value != nullptr) BOOST_REQUIRE(*value == found->second);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
