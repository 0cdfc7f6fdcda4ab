#include "base/ascii.hpp"

#include <algorithm>
#include <cstring>

namespace sipvet {
namespace {

constexpr std::size_t word_octets = 8;

// Of at most eight octets.
std::uint64_t word_of(const char* from, std::size_t octets = word_octets) {
  std::uint64_t out = 0;
  std::memcpy(&out, from, octets);
  return out;
}

constexpr std::uint64_t in_each_octet(std::uint64_t octet) { return octet * 0x0101'0101'0101'0101; }

// A borrow or carry goes to a neighbour only from an octet that is not printable, and then the answer is no
// already.
bool is_printable(std::uint64_t octets) {
  const std::uint64_t below_space = octets - in_each_octet(' ');
  const std::uint64_t above_tilde = octets + in_each_octet(1); // 0x7f gets the top bit, more has it
  return ((octets | below_space | above_tilde) & in_each_octet(0x80)) == 0;
}

// Twice: after one multiplication a difference in the last octet of a word would stay where the next word may
// well have the same difference.
std::uint64_t mixed(std::uint64_t state, std::uint64_t word) {
  state = (state ^ word) * 0x9E37'79B9'7F4A'7C15;
  state = (state ^ (state >> 32)) * 0xD6E8'FEB8'6659'FD93;
  return state ^ (state >> 29);
}

} // namespace

bool is_printable_ascii(std::string_view text) {
  if (text.size() < word_octets)
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  const char* const last = text.data() + text.size() - word_octets;
  for (const char* at = text.data(); at < last; at += word_octets)
    if (!is_printable(word_of(at))) return false;
  return is_printable(word_of(last));
}

std::uint64_t text_hash(std::string_view text, std::uint64_t seed) {
  std::uint64_t state = mixed(mixed(0, seed), text.size() + 1);
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= word_octets; left -= word_octets, at += word_octets) state = mixed(state, word_of(at));
  if (left > 0) { // with some of what came before, if that makes a whole word
    const bool whole = text.size() >= word_octets;
    state = mixed(state, whole ? word_of(at + left - word_octets) : word_of(at, left));
  }
  return state;
}

} // namespace sipvet
