#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Levenshtein's distance with swaps of neighbours, the commonest slip of the fingers, as one edit (optimal
// string alignment); three rows at a time.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_previous(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({replaced, previous[j] + 1, current[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) current[j] = std::min(current[j], before_previous[j - 2] + 1);
    }
    std::swap(before_previous, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

} // namespace

bool iequals(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a == b) return true; // most are
  return std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

std::string_view trim(std::string_view text) {
  // By hand: it runs for every line of every header field, and the library searches a set for each character.
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  std::size_t first = 0;
  while (first < text.size() && is_blank(text[first])) ++first;
  std::size_t end = text.size();
  while (end > first && is_blank(text[end - 1])) --end;
  return text.substr(first, end - first);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  for (std::size_t end = text.find(separator); end != text.npos; end = text.find(separator)) {
    out.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  out.push_back(text);
  return out;
}

std::optional<std::pair<std::string_view, std::string_view>> split_once(std::string_view text,
                                                                        char separator) {
  const std::size_t at = text.find(separator);
  if (at == text.npos) return std::nullopt;
  return std::pair(text.substr(0, at), text.substr(at + 1));
}

Result<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t max, std::string_view field) {
  if (text.empty()) return fail(fmt::format("{}: expected a decimal number, found nothing", field), 0);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return fail(fmt::format("{}: expected a decimal digit", field), i);
    const std::uint64_t digit = static_cast<std::uint64_t>(text[i] - '0');
    if (digit > max || value > (max - digit) / 10)
      return fail(fmt::format("{}: expected a number of at most {}", field, max), i);
    value = value * 10 + digit;
  }
  return value;
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  std::optional<std::string> best;
  std::size_t best_distance = 0;
  const std::string wanted = to_lower(word);
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edits(wanted, to_lower(candidate));
    if (distance * 3 > candidate.size()) continue;
    if (best && best_distance <= distance) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

} // namespace sipvet
