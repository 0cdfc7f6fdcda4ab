#include "cli/printable.hpp"

#include "report/text_width.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace sipvet::cli {

namespace {

bool is_plain(unsigned char octet) { return octet >= 0x20 && octet < 0x7f; }

} // namespace

void append_printable(std::string& to, std::string_view text) {
  if (std::ranges::all_of(text, is_plain)) {
    to += text;
    return;
  }
  to += report::replace_controls(text, [](std::string_view control) {
    std::string out;
    for (const char octet : control) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(octet));
    return out;
  });
}

std::string printable(std::string_view text) {
  std::string out;
  append_printable(out, text);
  return out;
}

void append_time_of_day(std::string& to, Instant time) {
  const auto micros = std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch());
  const auto left =
      static_cast<std::uint64_t>((micros - std::chrono::floor<std::chrono::days>(micros)).count());
  const auto digits = [&](std::uint64_t value, std::size_t count) {
    const std::size_t start = to.size();
    to.resize(start + count);
    for (std::size_t i = start + count; i-- > start; value /= 10) to[i] = static_cast<char>('0' + value % 10);
  };
  const std::uint64_t seconds = left / 1'000'000;
  digits(seconds / 3600, 2);
  to += ':';
  digits(seconds / 60 % 60, 2);
  to += ':';
  digits(seconds % 60, 2);
  to += '.';
  digits(left % 1'000'000, 6);
}

std::string time_of_day(Instant time) {
  std::string out;
  append_time_of_day(out, time);
  return out;
}

} // namespace sipvet::cli
