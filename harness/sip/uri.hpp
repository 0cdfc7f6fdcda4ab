// SIP, SIPS and tel URIs (RFC 3261 §19.1, RFC 3966).
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sipvet::sip {

// Parameters in order; a parameter without `=` has no value.
struct Parameter {
  std::string name;
  std::optional<std::string> value;
  bool operator==(const Parameter&) const = default;
};
using Parameters = std::vector<Parameter>;

// The value of the first parameter of that name (case ignored); an empty string for one without `=`.
std::optional<std::string> find(const Parameters& parameters, std::string_view name);
void set(Parameters& parameters, std::string_view name, std::optional<std::string> value);
void remove(Parameters& parameters, std::string_view name);

struct Uri {
  std::string scheme = "sip"; // lower case: sip, sips, tel
  std::string user;           // escaped as written
  std::optional<std::string> password;
  std::string host; // a name, an IPv4 address, or an IPv6 address in its brackets; the number of a tel URI
  std::optional<std::uint16_t> port;
  Parameters parameters;
  std::vector<std::pair<std::string, std::string>> headers; // after `?`, escaped as written

  bool operator==(const Uri&) const = default; // octet for octet; see equivalent()
};

Result<Uri> parse_uri(std::string_view text);
std::string to_string(const Uri& uri);
// RFC 3261 §19.1.4.
bool equivalent(const Uri& a, const Uri& b);

} // namespace sipvet::sip
