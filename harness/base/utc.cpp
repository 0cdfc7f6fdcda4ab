#include "base/utc.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace sipvet {
namespace {

constexpr std::string_view form = "0000-00-00T00:00:00Z"; // a digit for each 0
constexpr int first_year = 1678;
constexpr int last_year = 2261;

bool has_form(std::string_view text) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !digit : text[i] != form[i]) return false;
  }
  return true;
}

int number(std::string_view digits) {
  int value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

} // namespace

std::string to_utc(Instant when) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(when);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(seconds - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

Result<Instant> parse_utc(std::string_view text) {
  if (!has_form(text))
    return fail("expected a time as 2026-01-31T09:05:00Z, got \"" + std::string(text) + '"');
  const std::chrono::year_month_day date(std::chrono::year(number(text.substr(0, 4))),
                                         std::chrono::month(static_cast<unsigned>(number(text.substr(5, 2)))),
                                         std::chrono::day(static_cast<unsigned>(number(text.substr(8, 2)))));
  const int hour = number(text.substr(11, 2));
  const int minute = number(text.substr(14, 2));
  const int second = number(text.substr(17, 2));
  const int year = static_cast<int>(date.year());
  if (!date.ok() || hour > 23 || minute > 59 || second > 59 || year < first_year || year > last_year)
    return fail("expected a time that exists, between 1678 and 2261, got \"" + std::string(text) + '"');
  return Instant(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

} // namespace sipvet
