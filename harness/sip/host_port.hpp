// hostport and sent-by: the host with an optional port in URIs and in Via (RFC 3261 §25.1).
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sipvet::sip {

struct HostPort {
  std::string host; // a name, an IPv4 address, or an IPv6 address in its brackets
  std::optional<std::uint16_t> port;
};

// Blanks around the colon are taken (Via has them, §25.1 COLON); URIs refuse them before this.
Result<HostPort> parse_host_port(std::string_view text);
std::string to_string(const HostPort& value);
// Names without regard to case, IPv6 addresses in whatever form they are written.
bool same_host(std::string_view a, std::string_view b);

} // namespace sipvet::sip
