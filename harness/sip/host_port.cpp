#include "sip/host_port.hpp"

#include "base/endpoint.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace sipvet::sip {

namespace {

bool is_host_char(char c) {
  // The underscore is not in RFC 3261's hostname, but in the names of many private networks.
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_';
}

// How many octets at the front of `text` are a host.
Result<std::size_t> host_octets(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == text.npos) return fail("host: expected ] after the IPv6 address", text.size());
    const auto address = parse_ip(text.substr(1, close - 1));
    if (!address) return fail(address.error().what, 1 + address.error().offset.value_or(0));
    if (!address->v6) return fail("host: expected an IPv6 address between [ and ]", 1);
    return close + 1;
  }
  const auto end = std::find_if_not(text.begin(), text.end(), is_host_char);
  if (end == text.begin()) return fail("host: expected a name or an address", 0);
  return static_cast<std::size_t>(end - text.begin());
}

} // namespace

Result<HostPort> parse_host_port(std::string_view text) {
  SIPVET_TRY(const std::size_t length, host_octets(text));
  HostPort out{std::string(text.substr(0, length)), std::nullopt};
  std::string_view rest = trim(text.substr(length));
  if (rest.empty()) return out;
  const std::size_t colon = static_cast<std::size_t>(rest.data() - text.data());
  if (rest.front() != ':') return fail("host: expected its end or a colon and a port", colon);
  rest = trim(rest.substr(1));
  const auto port = parse_decimal(rest, 65535, "port");
  if (!port) return fail(port.error().what, colon + 1 + port.error().offset.value_or(0));
  out.port = static_cast<std::uint16_t>(*port);
  return out;
}

std::string to_string(const HostPort& value) {
  return value.port ? value.host + ':' + std::to_string(*value.port) : value.host;
}

bool same_host(std::string_view a, std::string_view b) {
  if (iequals(a, b)) return true;
  if (a.size() < 2 || b.size() < 2 || a.front() != '[' || b.front() != '[') return false;
  const auto left = parse_ip(a.substr(1, a.size() - 2));
  const auto right = parse_ip(b.substr(1, b.size() - 2));
  return left && right && *left == *right;
}

} // namespace sipvet::sip
