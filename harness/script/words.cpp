#include "script/words.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace sipvet::script {

namespace {

constexpr std::size_t longest_shown_octets = 60;

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; } // RFC 3629 §3

// The commonest slip of the fingers, and two edits by the measure of nearest(): too many for a short word.
bool differs_by_a_swap(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  std::size_t i = 0;
  while (i < a.size() && a[i] == b[i]) ++i;
  return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] && a.substr(i + 2) == b.substr(i + 2);
}

std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string> candidates) {
  for (const std::string& candidate : candidates)
    if (differs_by_a_swap(word, candidate)) return candidate;
  return nearest(word, candidates);
}

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
  const std::optional<std::string> candidate = nearest_word(word, candidates);
  return candidate ? fmt::format("; did you mean {}?", quote(*candidate)) : std::string();
}

std::string joined(std::span<const std::string> words) { return fmt::format("{}", fmt::join(words, ", ")); }

} // namespace sipvet::script
