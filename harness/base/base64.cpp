#include "base/base64.hpp"

#include <algorithm>
#include <array>

namespace sipvet {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_value = 0xff;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_value);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}

constexpr std::array<std::uint8_t, 256> values = make_values();

// The length of `text` without its padding, or why the padding is wrong.
Result<std::size_t> length_without_padding(std::string_view text, Padding padding) {
  std::size_t length = text.size();
  while (length > 0 && text.size() - length < 2 && text[length - 1] == '=') --length;
  const std::size_t pads = text.size() - length;
  if (length % 4 == 1) return fail("base64 ends with a single character, expected 2 to 4", length);
  const std::size_t expected = (4 - length % 4) % 4;
  if (pads == expected || (pads == 0 && padding == Padding::lenient)) return length;
  if (pads > expected) return fail("base64 has more padding than its length needs", length + expected);
  return fail("base64 lacks padding, expected '='", text.size());
}

} // namespace

std::string to_base64(ByteView bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16;
    if (have > 1) group |= static_cast<std::uint32_t>(bytes[i + 1]) << 8;
    if (have > 2) group |= bytes[i + 2];
    out += alphabet[group >> 18];
    out += alphabet[group >> 12 & 63];
    out += have > 1 ? alphabet[group >> 6 & 63] : '=';
    out += have > 2 ? alphabet[group & 63] : '=';
  }
  return out;
}

Result<Bytes> from_base64(std::string_view text, Padding padding) {
  // Characters are looked at first: a '=' in the middle is named where it stands, not as wrong padding at the
  // end.
  const std::size_t last_data = text.find_last_not_of('=');
  for (std::size_t i = 0; last_data != text.npos && i <= last_data; ++i)
    if (values[static_cast<std::uint8_t>(text[i])] == no_value)
      return fail("expected a character of the base64 alphabet", i);
  SIPVET_TRY(const std::size_t length, length_without_padding(text, padding));

  Bytes out;
  out.reserve(length / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned held = 0; // bits not yet written
  for (std::size_t i = 0; i < length; ++i) {
    const std::uint8_t value = values[static_cast<std::uint8_t>(text[i])];
    if (value == no_value) return fail("expected a character of the base64 alphabet", i);
    bits = (bits << 6 | value) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out.push_back(static_cast<std::uint8_t>(bits >> held));
  }
  // RFC 4648 §3.5: other encodings of the same octets are refused.
  if ((bits & ((1u << held) - 1)) != 0) return fail("the bits after the last octet are not zero", length - 1);
  return out;
}

} // namespace sipvet
