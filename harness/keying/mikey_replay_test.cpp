#include "keying/mikey_replay.hpp"

#include "mikey/psk.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(mikey_replay)

using namespace sipvet;
using namespace sipvet::keying;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const Instant noon(seconds(1'700'000'000));

mikey::InitMessage message(mikey::Timestamp timestamp, std::uint32_t csb_id = 1) {
  mikey::InitPlan plan;
  plan.header.csb_id = csb_id;
  plan.timestamp = timestamp;
  plan.rand.value = Bytes(16, 1);
  plan.keys = {{mikey::KeyKind::tgk, Bytes(32, 2), {}, {}}};
  return mikey::seal_psk_init(plan, as_bytes("secret")).value();
}

template <typename T>
std::string error_of(const Result<T>& result) {
  return result ? "no error" : to_string(result.error());
}

} // namespace

BOOST_AUTO_TEST_CASE(clocks_may_differ_by_the_skew) {
  MikeyReplayGuard guard;
  BOOST_TEST(guard.accept(message(mikey::ntp_utc(noon)), noon).has_value());
  BOOST_TEST(guard.accept(message(mikey::ntp_utc(noon - minutes(4)), 2), noon).has_value());
  BOOST_TEST(guard.accept(message(mikey::ntp_utc(noon + minutes(4)), 3), noon).has_value());
  BOOST_TEST(error_of(guard.accept(message(mikey::ntp_utc(noon - minutes(6)), 4), noon)) ==
             "the timestamp is 360 s behind our clock, expected at most 300 s");
  BOOST_TEST(error_of(guard.accept(message(mikey::ntp_utc(noon + minutes(6)), 5), noon)) ==
             "the timestamp is 360 s ahead of our clock, expected at most 300 s");
}

BOOST_AUTO_TEST_CASE(the_same_message_twice) {
  MikeyReplayGuard guard;
  const auto init = message(mikey::ntp_utc(noon));
  BOOST_TEST(guard.accept(init, noon).has_value());
  BOOST_TEST(error_of(guard.accept(init, noon + seconds(1))) ==
             "the message is a replay: it was accepted before");
}

BOOST_AUTO_TEST_CASE(a_message_from_the_future_is_remembered_as_long_as_its_timestamp_is_good) {
  MikeyReplayGuard guard;
  const auto init = message(mikey::ntp_utc(noon + minutes(5)));
  BOOST_TEST(guard.accept(init, noon).has_value());
  BOOST_TEST(!guard.accept(init, noon + minutes(10)).has_value());
  BOOST_TEST(!guard.accept(init, noon + minutes(11)).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_only_looked_at_is_not_remembered) {
  MikeyReplayGuard guard;
  const auto init = message(mikey::ntp_utc(noon));
  for (int n = 0; n < 2; ++n) BOOST_TEST(guard.check(init.octets, init.message, noon).has_value());
  BOOST_TEST(guard.accept(init, noon).has_value());
  BOOST_TEST(error_of(guard.check(init.octets, init.message, noon)) ==
             "the message is a replay: it was accepted before");
  BOOST_TEST(!guard.check(init.octets, init.message, noon + minutes(6)).has_value());
  BOOST_TEST(!guard.check(init.octets, {}, noon).has_value()); // without T
}

BOOST_AUTO_TEST_CASE(counters_only_grow) {
  MikeyReplayGuard guard;
  const auto at = [](std::uint64_t value) { return mikey::Timestamp{mikey::TimestampType::counter, value}; };
  BOOST_TEST(guard.accept(message(at(7)), noon).has_value());
  BOOST_TEST(error_of(guard.accept(message(at(7), 2), noon)) ==
             "the timestamp counter is 7, expected more than 7");
  BOOST_TEST(guard.accept(message(at(8)), noon).has_value());
}

BOOST_AUTO_TEST_CASE(memory_is_bounded_and_freed) {
  MikeyReplayGuard guard({minutes(1), 2});
  BOOST_TEST(guard.accept(message(mikey::ntp_utc(noon), 1), noon).has_value());
  BOOST_TEST(guard.accept(message(mikey::ntp_utc(noon), 2), noon).has_value());
  BOOST_TEST(error_of(guard.accept(message(mikey::ntp_utc(noon), 3), noon)) ==
             "2 messages within 120 s are all that is remembered");
  const Instant later = noon + minutes(3);
  BOOST_TEST(guard.accept(message(mikey::ntp_utc(later), 3), later).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
