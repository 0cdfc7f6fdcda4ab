#include "cli/printable.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace sipvet::cli {

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    const auto before = static_cast<unsigned char>(i == 0 ? 0 : text[i - 1]);
    const bool second_set = octet >= 0x80 && octet < 0xa0 && (before < 0x80 || before == 0xc2);
    if (octet < 0x20 || octet == 0x7f || second_set)
      out += fmt::format("\\x{:02x}", octet);
    else
      out += text[i];
  }
  return out;
}

std::string time_of_day(Instant time) {
  const auto micros = std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(micros);
  return fmt::format("{:%H:%M:%S}.{:06}", fmt::gmtime(static_cast<std::time_t>(seconds.count())),
                     (micros - seconds).count());
}

} // namespace sipvet::cli
