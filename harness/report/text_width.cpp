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

std::string replace_controls(std::string_view text,
                             const std::function<std::string(std::string_view)>& instead) {
  const auto octet_at = [&](std::size_t i) {
    return static_cast<unsigned char>(i < text.size() ? text[i] : 0);
  };
  const auto second_set = [](unsigned char octet) { return octet >= 0x80 && octet < 0xA0; };
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto octet = octet_at(i);
    std::size_t octets = 1;
    bool control = octet < 0x20 || octet == 0x7F || second_set(octet);
    if (octet == 0xC2 && second_set(octet_at(i + 1))) {
      control = true;
      octets = 2;
    } else if (octet >= 0xC0) { // what follows belongs to this character
      while (i + octets < text.size() && !starts_character(text[i + octets])) ++octets;
    }
    const auto character = text.substr(i, octets);
    out += control ? instead(character) : std::string(character);
    i += octets;
  }
  return out;
}

std::string printable(std::string_view text) {
  return replace_controls(text, [](std::string_view control) { return std::string(control.size(), ' '); });
}

} // namespace sipvet::report
