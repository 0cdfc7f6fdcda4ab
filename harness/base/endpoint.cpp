#include "base/endpoint.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace sipvet {

namespace {

Result<IpAddress> parse_v4(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 4) return fail("IPv4 address: expected four numbers with dots between them", 0);
  IpAddress out;
  std::size_t at = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    // A leading zero reads as octal in some libraries and as decimal in others; nobody writes it and means
    // it.
    if (parts[i].size() > 1 && parts[i][0] == '0')
      return fail("IPv4 address: expected a number without leading zero", at);
    const auto value = parse_decimal(parts[i], 255, "IPv4 address");
    if (!value) return fail(value.error().what, at + value.error().offset.value_or(0));
    out.octets[i] = static_cast<std::uint8_t>(*value);
    at += parts[i].size() + 1;
  }
  return out;
}

Result<std::uint16_t> parse_group(std::string_view text, std::size_t at) {
  if (text.empty() || text.size() > 4) return fail("IPv6 address: expected one to four digits", at);
  unsigned value = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (!letter && !(c >= '0' && c <= '9')) return fail("IPv6 address: expected a hexadecimal digit", at + i);
    value = value << 4 | static_cast<unsigned>(letter ? (c | 0x20) - 'a' + 10 : c - '0');
  }
  return static_cast<std::uint16_t>(value);
}

// The octets of groups with single colons between them; the last may be a dotted quad where `quad_allowed`.
Result<std::vector<std::uint8_t>> parse_groups(std::string_view text, std::size_t at, bool quad_allowed) {
  std::vector<std::uint8_t> out;
  if (text.empty()) return out;
  const auto parts = split(text, ':');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (quad_allowed && i + 1 == parts.size() && parts[i].find('.') != std::string_view::npos) {
      const auto quad = parse_v4(parts[i]);
      if (!quad) return fail(quad.error().what, at + quad.error().offset.value_or(0));
      out.insert(out.end(), quad->octets.begin(), quad->octets.begin() + 4);
    } else {
      SIPVET_TRY(const std::uint16_t group, parse_group(parts[i], at));
      out.push_back(static_cast<std::uint8_t>(group >> 8));
      out.push_back(static_cast<std::uint8_t>(group));
    }
    if (out.size() > 16) return fail("IPv6 address: expected at most eight groups", at);
    at += parts[i].size() + 1;
  }
  return out;
}

Result<IpAddress> parse_v6(std::string_view text) {
  IpAddress out;
  out.v6 = true;
  const std::size_t gap = text.find("::");
  if (gap == text.npos) {
    SIPVET_TRY(const auto octets, parse_groups(text, 0, true));
    if (octets.size() != 16) return fail("IPv6 address: expected eight groups, or :: for some", text.size());
    std::copy(octets.begin(), octets.end(), out.octets.begin());
    return out;
  }
  SIPVET_TRY(const auto front, parse_groups(text.substr(0, gap), 0, false));
  SIPVET_TRY(const auto back, parse_groups(text.substr(gap + 2), gap + 2, true));
  // RFC 4291 §2.2: "::" stands for one group or more.
  if (front.size() + back.size() > 14)
    return fail("IPv6 address: expected fewer than eight groups around ::", gap);
  std::copy(front.begin(), front.end(), out.octets.begin());
  std::copy(back.begin(), back.end(), out.octets.end() - static_cast<std::ptrdiff_t>(back.size()));
  return out;
}

std::uint16_t group_at(const IpAddress& address, std::size_t i) {
  return static_cast<std::uint16_t>(address.octets[2 * i] << 8 | address.octets[2 * i + 1]);
}

// The first of the longest runs of two or more zero groups (RFC 5952 §4.2.2, §4.2.3), or a run of length 0.
struct Run {
  std::size_t start = 0;
  std::size_t length = 0;
};
Run longest_zero_run(const IpAddress& address) {
  Run best;
  for (std::size_t i = 0; i < 8;) {
    std::size_t end = i;
    while (end < 8 && group_at(address, end) == 0) ++end;
    if (end - i >= 2 && end - i > best.length) best = {i, end - i};
    i = end + 1;
  }
  return best;
}

std::string quad_text(const std::uint8_t* octets) {
  std::string out = std::to_string(octets[0]);
  for (std::size_t i = 1; i < 4; ++i) out.append(".").append(std::to_string(octets[i]));
  return out;
}

} // namespace

IpAddress IpAddress::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  IpAddress out;
  out.octets = {a, b, c, d};
  return out;
}

bool IpAddress::is_unspecified() const {
  return std::all_of(octets.begin(), octets.end(), [](std::uint8_t octet) { return octet == 0; });
}

Result<IpAddress> parse_ip(std::string_view text) {
  return text.find(':') == text.npos ? parse_v4(text) : parse_v6(text);
}

std::string to_string(const IpAddress& address) {
  if (!address.v6) return quad_text(address.octets.data());
  // RFC 5952 §5: the mixed form where the prefix says that an IPv4 address is inside (::ffff:0:0/96).
  const bool mapped = std::all_of(address.octets.begin(), address.octets.begin() + 10,
                                  [](std::uint8_t octet) { return octet == 0; }) &&
                      group_at(address, 5) == 0xffff;
  if (mapped) return "::ffff:" + quad_text(address.octets.data() + 12);
  const Run run = longest_zero_run(address);
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (run.length > 0 && i == run.start) {
      out += "::";
      i += run.length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    out += fmt::format("{:x}", group_at(address, i));
  }
  return out;
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  std::size_t colon = text.npos;
  std::string_view address;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == text.npos) return fail("endpoint: expected ] after the IPv6 address", text.size());
    address = text.substr(1, close - 1);
    if (address.find(':') == address.npos)
      return fail("endpoint: expected an IPv6 address between [ and ]", 1);
    colon = close + 1;
  } else {
    colon = text.rfind(':');
    address = text.substr(0, colon);
    if (colon != text.npos && address.find(':') != address.npos)
      return fail("endpoint: expected brackets around the IPv6 address", 0);
  }
  if (colon >= text.size() || text[colon] != ':')
    return fail("endpoint: expected a colon and a port after the address", std::min(colon, text.size()));
  const auto ip = parse_ip(address);
  if (!ip) return fail(ip.error().what, ip.error().offset.value_or(0) + (text[0] == '[' ? 1 : 0));
  const auto port = parse_decimal(text.substr(colon + 1), 65535, "port");
  if (!port) return fail(port.error().what, colon + 1 + port.error().offset.value_or(0));
  return Endpoint{*ip, static_cast<std::uint16_t>(*port)};
}

std::string to_string(const Endpoint& endpoint) {
  std::string out = to_string(endpoint.ip);
  if (endpoint.ip.v6) out = "[" + out + "]";
  return out.append(":").append(std::to_string(endpoint.port));
}

} // namespace sipvet

std::size_t std::hash<sipvet::Endpoint>::operator()(const sipvet::Endpoint& endpoint) const noexcept {
  // FNV-1a.
  constexpr std::uint64_t prime = 0x100000001b3ull;
  std::uint64_t sum = 0xcbf29ce484222325ull;
  const auto mix = [&sum](std::uint8_t octet) { sum = (sum ^ octet) * prime; };
  constexpr std::size_t v4_octets = 4;
  for (std::size_t i = 0; i < v4_octets; ++i) mix(endpoint.ip.octets[i]);
  if (endpoint.ip.v6) {
    for (std::size_t i = v4_octets; i < endpoint.ip.octets.size(); ++i) mix(endpoint.ip.octets[i]);
  } else { // zeros, all at once
    constexpr std::uint64_t of_zeros = [] {
      std::uint64_t out = 1;
      for (std::size_t i = v4_octets; i < std::tuple_size_v<decltype(endpoint.ip.octets)>; ++i) out *= prime;
      return out;
    }();
    sum *= of_zeros;
  }
  mix(endpoint.ip.v6 ? 1 : 0);
  mix(static_cast<std::uint8_t>(endpoint.port >> 8));
  mix(static_cast<std::uint8_t>(endpoint.port));
  return static_cast<std::size_t>(sum);
}
