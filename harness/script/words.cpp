#include "script/words.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace sipvet::script {

namespace {

constexpr std::size_t longest_shown_octets = 60;

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; } // RFC 3629 §3

} // namespace

std::string quote(std::string_view word) {
  std::string shown(word.substr(0, longest_shown_octets));
  if (word.size() > longest_shown_octets) {
    while (!shown.empty() && continues_character(word[shown.size()])) shown.pop_back();
    shown += "…";
  }
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return "'" + shown + "'";
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  if (word.size() > longest_shown_octets) return {};
  const std::optional<std::string> candidate = nearest(word, candidates);
  return candidate ? fmt::format("; did you mean {}?", quote(*candidate)) : std::string();
}

std::string joined(std::span<const std::string> words) { return fmt::format("{}", fmt::join(words, ", ")); }

} // namespace sipvet::script
