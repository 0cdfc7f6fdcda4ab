// The comparison rules of RFC 3261 §19.1.4 and RFC 3966 §4.
#include "sip/uri.hpp"

#include "base/text.hpp"
#include "sip/host_port.hpp"

#include <algorithm>
#include <array>

namespace sipvet::sip {

namespace {

// §19.1.4: these never match a URI without them, because their absence means a default that may be another
// value.
constexpr std::array<std::string_view, 5> needed_in_both = {"transport", "user", "ttl", "method", "maddr"};

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return (c | 0x20) - 'a' + 10;
}

// Characters outside `reserved` equal their escapes; reserved ones do not, so their escapes stay, with
// capital digits.
std::string normalise(std::string_view text) {
  constexpr std::string_view reserved = ";/?:@&=+$,";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%' || i + 2 >= text.size()) {
      out += text[i];
      continue;
    }
    const char c = static_cast<char>(hex_value(text[i + 1]) << 4 | hex_value(text[i + 2]));
    if (reserved.find(c) == reserved.npos) {
      out += c;
    } else {
      constexpr std::string_view digits = "0123456789ABCDEF";
      out += '%';
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 15];
    }
    i += 2;
  }
  return out;
}

bool same_value(const std::optional<std::string>& a, const std::optional<std::string>& b) {
  return iequals(normalise(a.value_or("")), normalise(b.value_or("")));
}

// Every parameter of `a` that `b` has too is the same there; those that may not be missing are not.
bool parameters_agree(const Parameters& a, const Parameters& b) {
  return std::all_of(a.begin(), a.end(), [&](const Parameter& one) {
    const auto other = find(b, normalise(one.name));
    if (other) return same_value(one.value, other);
    const std::string name = to_lower(normalise(one.name));
    return std::find(needed_in_both.begin(), needed_in_both.end(), name) == needed_in_both.end();
  });
}

using Headers = std::vector<std::pair<std::string, std::string>>;

Headers sorted(const Headers& headers) {
  Headers out;
  for (const auto& [name, value] : headers) out.emplace_back(to_lower(normalise(name)), normalise(value));
  std::sort(out.begin(), out.end());
  return out;
}

std::string digits_of(std::string_view number) {
  std::string out = to_lower(number);
  std::erase_if(out, [](char c) { return c == '-' || c == '.' || c == '(' || c == ')'; });
  return out;
}

// RFC 3966 §4: visual separators do not count, parameters do, in any order.
bool same_tel(const Uri& a, const Uri& b) {
  const auto all_in = [](const Parameters& some, const Parameters& others) {
    return std::all_of(some.begin(), some.end(), [&](const Parameter& one) {
      const auto other = find(others, one.name);
      return other && iequals(*other, one.value.value_or(""));
    });
  };
  return digits_of(a.host) == digits_of(b.host) && all_in(a.parameters, b.parameters) &&
         all_in(b.parameters, a.parameters);
}

} // namespace

bool equivalent(const Uri& a, const Uri& b) {
  if (a.scheme != b.scheme) return false;
  if (a.scheme == "tel") return same_tel(a, b);
  if (normalise(a.user) != normalise(b.user)) return false;
  if (a.password.has_value() != b.password.has_value()) return false;
  if (normalise(a.password.value_or("")) != normalise(b.password.value_or(""))) return false;
  if (!same_host(a.host, b.host) || a.port != b.port) return false;
  if (!parameters_agree(a.parameters, b.parameters) || !parameters_agree(b.parameters, a.parameters))
    return false;
  return sorted(a.headers) == sorted(b.headers);
}

} // namespace sipvet::sip
