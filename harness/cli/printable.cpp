#include "cli/printable.hpp"

#include "base/ascii.hpp"
#include "report/text_width.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>

namespace sipvet::cli {

void append_printable(std::string& to, std::string_view text) {
  if (is_printable_ascii(text)) {
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
  const auto left = static_cast<std::uint64_t>(
      (micros - std::chrono::floor<std::chrono::days>(micros)).count()); // below 2^37
  const auto seconds = static_cast<std::uint32_t>(left / 1'000'000);
  std::array<char, 15> text;
  char* end = text.data();
  const auto two_digits = [&end](std::uint32_t value, char behind) {
    *end++ = static_cast<char>('0' + value / 10);
    *end++ = static_cast<char>('0' + value % 10);
    if (behind != '\0') *end++ = behind;
  };
  two_digits(seconds / 3600, ':');
  two_digits(seconds / 60 % 60, ':');
  two_digits(seconds % 60, '.');
  const auto fraction = static_cast<std::uint32_t>(left % 1'000'000);
  two_digits(fraction / 10'000, '\0');
  two_digits(fraction / 100 % 100, '\0');
  two_digits(fraction % 100, '\0');
  to.append(text.data(), end);
}

void append_number(std::string& to, std::uint64_t number) {
  std::array<char, 20> text; // 2^64 - 1 has 20 digits
  char* const end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  to.append(text.data(), end);
}

std::string time_of_day(Instant time) {
  std::string out;
  append_time_of_day(out, time);
  return out;
}

} // namespace sipvet::cli
