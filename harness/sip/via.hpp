// The Via header field (RFC 3261 §20.42, §18.2, RFC 3581 for rport).
#pragma once

#include "sip/uri.hpp"

namespace sipvet::sip {

struct Via {
  std::string version = "SIP/2.0";
  std::string transport; // "UDP", "TCP", "TLS": upper case as RFC 3261 prints it, otherwise as written
  std::string host;
  std::optional<std::uint16_t> port;
  Parameters parameters;

  std::string branch() const; // empty when there is none
};

inline constexpr std::string_view branch_cookie = "z9hG4bK"; // RFC 3261 §8.1.1.7

Result<Via> parse_via(std::string_view text);
std::string to_string(const Via& via);

} // namespace sipvet::sip
