#include "mikey/timestamp.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(timestamp)

using namespace sipvet;
using namespace sipvet::mikey;

BOOST_AUTO_TEST_CASE(three_kinds) {
  check_payload(&parse_timestamp, "00 c9981cab314aa10e", {TimestampType::ntp_utc, 0xc9981cab314aa10e});
  check_payload(&parse_timestamp, "01 0000000100000002", {TimestampType::ntp, 0x0000000100000002});
  check_payload(&parse_timestamp, "02 00000007", {TimestampType::counter, 7});
  BOOST_TEST(refusal(&parse_timestamp, "03 00000007") ==
             "timestamp type 3 is unknown, expected 0 (NTP-UTC), 1 (NTP) or 2 (counter) (at octet 0)");
}

BOOST_AUTO_TEST_CASE(ntp_counts_from_1900) {
  // RFC 5905 figure 4: 1 January 1970 is second 2,208,988,800.
  BOOST_TEST(ntp_utc(Instant{}).value == 2'208'988'800ull << 32);
  BOOST_TEST(ntp_utc(Instant(std::chrono::milliseconds(500))).value ==
             ((2'208'988'800ull << 32) | 0x80000000));
}

BOOST_AUTO_TEST_CASE(there_and_back) {
  const Instant time(std::chrono::seconds(1'700'000'000) + std::chrono::milliseconds(250));
  BOOST_TEST((to_instant(ntp_utc(time), time + std::chrono::hours(1000)) == time));
}

BOOST_AUTO_TEST_CASE(the_wrap_of_2036) {
  // RFC 5905 figure 4: era 1 begins on 7 February 2036 at 06:28:16, with all digits zero.
  const Instant wrap(std::chrono::sys_days(std::chrono::year(2036) / 2 / 7) + std::chrono::hours(6) +
                     std::chrono::minutes(28) + std::chrono::seconds(16));
  BOOST_TEST(ntp_utc(wrap).value == 0u);
  BOOST_TEST((to_instant({TimestampType::ntp_utc, 0}, wrap - std::chrono::minutes(1)) == wrap));
  const Instant before = wrap - std::chrono::seconds(1);
  BOOST_TEST((to_instant(ntp_utc(before), wrap + std::chrono::minutes(1)) == before));
}

BOOST_AUTO_TEST_SUITE_END()
