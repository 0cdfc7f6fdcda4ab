#include "analysis/payload_sequence.hpp"

#include "base/hex.hpp"
#include "crypto/hash.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

std::string hash_of(std::string_view text) {
  return to_hex(crypto::digest(crypto::Hash::sha256, as_bytes(text)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(payload_sequence)

BOOST_AUTO_TEST_CASE(payloads_are_hashed_in_the_order_of_their_numbers) {
  WaitingPayloads all;
  PayloadSequence sequence(all);
  for (const int number : {3, 1, 2, 65535, 0, 5}) // 65535 and 0 come before 1
    BOOST_TEST(sequence.add(static_cast<std::uint16_t>(number), as_bytes(std::to_string(number)), {}));
  BOOST_TEST(!sequence.add(2, as_bytes("2"), {}));
  BOOST_TEST(all.octets > 0);
  sequence.finish();
  BOOST_TEST(all.octets == 0);
  BOOST_TEST(sequence.packets() == 6);
  BOOST_TEST(sequence.lost() == 1);
  BOOST_TEST(sequence.sha256() == hash_of("65535" + std::string("01235")));
}

// What came too late is given up when more wait than the reach: the reach is that of memory at hand.
BOOST_AUTO_TEST_CASE(a_late_packet_is_waited_for_as_far_as_memory_permits) {
  const std::string payload(160, 'x');
  constexpr std::size_t mebi = 1024 * 1024; // 300 octets less: with one packet more it is still as far
  for (const auto& [octets, reach] : std::vector<std::pair<std::size_t, std::size_t>>{
           {0, 128}, {mebi * 4 - 300, 128}, {mebi * 6 - 300, 68}, {mebi * 8, 8}, {1U << 30, 8}}) {
    WaitingPayloads all;
    all.octets = octets;
    BOOST_TEST(all.reach() == reach);
    const auto taken_late = [&](std::size_t later) {
      all.octets = octets;
      PayloadSequence sequence(all);
      for (std::uint16_t number = 0; number < 20; ++number)
        BOOST_TEST(sequence.add(number, as_bytes(payload), {}));
      for (std::size_t number = 21; number < 21 + later; ++number) {
        all.octets = octets; // of others
        sequence.add(static_cast<std::uint16_t>(number), as_bytes(payload), {});
      }
      return sequence.add(20, as_bytes(payload), {});
    };
    BOOST_TEST(taken_late(reach));
    BOOST_TEST(!taken_late(reach + 1));
  }
}

// The first ones wait for one that was overtaken, until there are eight behind them or it is known that all
// of the beginning is there.
BOOST_AUTO_TEST_CASE(the_start_of_a_stream) {
  const std::string payload(160, 'x');
  const auto taken_late = [&](std::uint16_t before, bool begin) {
    WaitingPayloads all;
    PayloadSequence sequence(all);
    for (std::uint16_t number = 1; number <= before; ++number)
      BOOST_TEST(sequence.add(number, as_bytes(payload), {}));
    if (begin) sequence.begin();
    BOOST_TEST((all.octets == 0) == (begin || before > 8));
    return sequence.add(0, as_bytes(payload), {});
  };
  BOOST_TEST(taken_late(8, false));
  BOOST_TEST(!taken_late(9, false));
  BOOST_TEST(!taken_late(4, true));
}

// Ten thousand calls that begin at once must not hold a hundred packets each.
BOOST_AUTO_TEST_CASE(where_many_streams_wait_each_holds_little) {
  WaitingPayloads all;
  std::vector<std::unique_ptr<PayloadSequence>> streams;
  const std::string payload(160, 'x');
  constexpr std::size_t packets = 60;
  std::string whole;
  for (std::size_t i = 0; i < packets; ++i) whole += payload;
  for (int i = 0; i < 2'000; ++i) streams.push_back(std::make_unique<PayloadSequence>(all));
  std::size_t most = 0;
  for (std::uint16_t number = 0; number < packets; ++number)
    for (const auto& stream : streams) {
      BOOST_REQUIRE(stream->add(number, as_bytes(payload), {}));
      most = std::max(most, all.octets);
    }
  BOOST_TEST(most < 10'000'000U);
  for (const auto& stream : streams) {
    stream->finish();
    BOOST_REQUIRE(stream->packets() == packets);
    BOOST_REQUIRE(stream->lost() == 0);
    BOOST_REQUIRE(stream->sha256() == hash_of(whole));
  }
  BOOST_TEST(all.octets == 0);
}

BOOST_AUTO_TEST_SUITE_END()
