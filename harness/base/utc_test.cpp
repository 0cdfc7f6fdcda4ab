#include "base/utc.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;

BOOST_AUTO_TEST_SUITE(utc)

BOOST_AUTO_TEST_CASE(writes_and_reads_the_same) {
  // From `date -u -d @N +%FT%TZ`.
  const std::pair<long, const char*> pairs[] = {
      {0, "1970-01-01T00:00:00Z"},           {1767225600, "2026-01-01T00:00:00Z"},
      {1709208000, "2024-02-29T12:00:00Z"},  {-1, "1969-12-31T23:59:59Z"},
      {-9214560000, "1678-01-01T00:00:00Z"}, {9214646399, "2261-12-31T23:59:59Z"}};
  for (const auto& [seconds, text] : pairs) {
    const Instant when{std::chrono::seconds(seconds)};
    BOOST_TEST(to_utc(when) == text);
    BOOST_TEST((parse_utc(text).value() == when));
  }
  BOOST_TEST(to_utc(Instant{std::chrono::milliseconds(1999)}) == "1970-01-01T00:00:01Z");
}

BOOST_AUTO_TEST_CASE(refuses_other_forms_and_times_that_do_not_exist) {
  for (const char* text : {"", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00.5Z",
                           "2026-01-01 00:00:00Z", "2026-01-01T00:00:00+00:00", "2026-1-01T00:00:00ZZ"})
    BOOST_TEST(parse_utc(text).error().what.starts_with("expected a time as "), text);
  for (const char* text : {"2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
                           "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:60Z", "1677-12-31T00:00:00Z", "2262-01-01T00:00:00Z"})
    BOOST_TEST(parse_utc(text).error().what.starts_with("expected a time that exists"), text);
}

BOOST_AUTO_TEST_SUITE_END()
