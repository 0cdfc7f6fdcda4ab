#include "base/hex.hpp"

namespace sipvet {

namespace {

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

} // namespace

std::string to_hex(ByteView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t octet : bytes) {
    out += digits[octet >> 4];
    out += digits[octet & 0x0f];
  }
  return out;
}

Result<Bytes> from_hex(std::string_view text) {
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size();) {
    if (is_blank(text[i])) {
      ++i;
      continue;
    }
    const int high = digit_value(text[i]);
    if (high < 0) return fail("expected a hexadecimal digit", i);
    if (i + 1 == text.size()) return fail("expected a second hexadecimal digit for the last octet", i + 1);
    const int low = digit_value(text[i + 1]);
    if (low < 0) return fail("expected the second hexadecimal digit of an octet", i + 1);
    out.push_back(static_cast<std::uint8_t>(high << 4 | low));
    i += 2;
  }
  return out;
}

} // namespace sipvet
