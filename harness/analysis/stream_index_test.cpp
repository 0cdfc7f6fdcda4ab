#include "analysis/stream_index.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <vector>

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

struct Numbered {
  Numbered(const StreamKey& stream, int value) : key(stream), number(value) {}
  StreamKey key;
  int number;
};

StreamKey key_of(int number) {
  StreamKey key;
  key.source = {IpAddress::v4(10, 1, 0, static_cast<std::uint8_t>(number % 7)), 5004};
  key.destination = {IpAddress::v4(10, 2, 0, 1), static_cast<std::uint16_t>(number / 7)};
  key.ssrc = static_cast<std::uint32_t>(number % 3);
  return key;
}

} // namespace

BOOST_AUTO_TEST_SUITE(stream_index)

BOOST_AUTO_TEST_CASE(streams_are_found_stay_in_place_and_come_out_in_order) {
  constexpr int count = 20'000;
  StreamIndex<Numbered> index;
  BOOST_TEST(index.find(key_of(0)) == nullptr);
  std::vector<Numbered*> places;
  for (int number = 0; number < count; ++number) {
    BOOST_REQUIRE(index.find(key_of(number)) == nullptr);
    places.push_back(&index.add(key_of(number), number));
  }
  for (int number = 0; number < count; ++number)
    BOOST_REQUIRE(index.find(key_of(number)) == places[static_cast<std::size_t>(number)]);
  BOOST_TEST(index.size() == static_cast<std::size_t>(count));
  int next = 0;
  index.take_all([&](const Numbered& stream) { BOOST_REQUIRE(stream.number == next++); });
  BOOST_TEST(next == count);
  BOOST_TEST(index.size() == 0U);
  BOOST_TEST(index.find(key_of(0)) == nullptr);
}

// Neighbouring ports and addresses, as calls have them, are no neighbours in the table.
BOOST_AUTO_TEST_CASE(hashes_spread) {
  std::set<std::uint64_t> low, high;
  for (int number = 0; number < 4096; ++number) {
    low.insert(hash_of(key_of(number)) & 0xfff);
    high.insert(hash_of(key_of(number)) >> 52);
  }
  // Of 4096 random values 2589 are different.
  BOOST_TEST(low.size() > 2450U);
  BOOST_TEST(high.size() > 2450U);
  StreamKey six = key_of(1);
  six.source.ip.v6 = true;
  BOOST_TEST(hash_of(six) != hash_of(key_of(1)));
}

BOOST_AUTO_TEST_SUITE_END()
