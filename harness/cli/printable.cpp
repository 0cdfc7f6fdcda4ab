#include "cli/printable.hpp"

#include "report/text_width.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace sipvet::cli {

namespace {

bool is_plain(unsigned char octet) { return octet >= 0x20 && octet < 0x7f; }

} // namespace

std::string printable(std::string_view text) {
  if (std::ranges::all_of(text, is_plain)) return std::string(text);
  return report::replace_controls(text, [](std::string_view control) {
    std::string out;
    for (const char octet : control) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(octet));
    return out;
  });
}

std::string time_of_day(Instant time) {
  const auto micros = std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch());
  auto left = (micros - std::chrono::floor<std::chrono::days>(micros)).count();
  std::string out = "00:00:00.000000";
  // From the last digit on; a digit of minutes and seconds counts to six in front.
  for (std::size_t i = out.size(); i-- > 0;) {
    if (out[i] != '0') continue;
    const auto base = i == 6 || i == 3 ? 6 : 10;
    out[i] = static_cast<char>('0' + left % base);
    left /= base;
  }
  return out;
}

} // namespace sipvet::cli
