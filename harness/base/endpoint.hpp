// An IP address with a port: where a connection or a datagram comes from or goes to.
#pragma once

#include "base/result.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sipvet {

// IPv4 addresses stand in the first four octets. The default is 0.0.0.0.
struct IpAddress {
  bool v6 = false;
  std::array<std::uint8_t, 16> octets{};

  static IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d);
  bool is_unspecified() const; // 0.0.0.0 or ::
  auto operator<=>(const IpAddress&) const = default;
};

// Dotted quad, or RFC 4291 §2.2 text (brackets are not part of it).
Result<IpAddress> parse_ip(std::string_view text);
// IPv6 as RFC 5952 recommends.
std::string to_string(const IpAddress& address);

struct Endpoint {
  IpAddress ip;
  std::uint16_t port = 0;
  auto operator<=>(const Endpoint&) const = default;
};

// "192.0.2.1:5061" or "[2001:db8::1]:5061".
Result<Endpoint> parse_endpoint(std::string_view text);
std::string to_string(const Endpoint& endpoint);

} // namespace sipvet

template <>
struct std::hash<sipvet::Endpoint> {
  std::size_t operator()(const sipvet::Endpoint& endpoint) const noexcept;
};
