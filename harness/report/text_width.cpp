#include "report/text_width.hpp"

#include "base/text.hpp"

namespace sipvet::report {

namespace {

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; } // RFC 3629 §3

} // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) columns += starts_character(c) ? 1U : 0U;
  return columns;
}

std::string shorten(std::string_view text, std::size_t width) {
  if (width == 0 || columns_of(text) <= width) return std::string(text);
  std::size_t columns = 0;
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    if (starts_character(text[end]) && columns++ == width - 1) break;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string pad(std::string_view text, std::size_t width) {
  const std::size_t columns = columns_of(text);
  return std::string(text) + std::string(columns < width ? width - columns : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::size_t columns = columns_of(text);
  return std::string(columns < width ? width - columns : 0, ' ') + std::string(text);
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  for (const std::string_view word : split(text, ' ')) {
    if (width != 0 && !line.empty() && columns_of(line) + 1 + columns_of(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string printable(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto octet = static_cast<unsigned char>(out[i]);
    if (octet < 0x20 || octet == 0x7F) out[i] = ' ';
    // The second set of control characters, U+0080 to U+009F: terminals obey those as well.
    const bool second_set =
        octet == 0xC2 && i + 1 < out.size() && (static_cast<unsigned char>(out[i + 1]) & 0xE0U) == 0x80U;
    if (second_set) out[i] = out[i + 1] = ' ';
  }
  return out;
}

} // namespace sipvet::report
