// sipXbridge's settings: the gateway that calls go to, and what the users of other systems may do.
#pragma once

#include "ua/transport.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::gateway {

// The permissions of the page "TLS Peer", in its words and with its defaults.
struct PermissionInfo {
  std::string_view name;
  bool by_default;
};
std::span<const PermissionInfo> permissions();

// The page "Gateway": the far system of a trunk.
struct Trunk {
  std::string name;
  std::string address;                    // a domain or an address; empty: there is no trunk
  std::uint16_t port = 0;                 // 0: what DNS or the transport says
  std::optional<ua::Transport> transport; // none: DNS says it
};

// A rule of the dial plan: numbers that need a permission.
struct DialRule {
  std::string pattern; // digits, x for any digit, a dot at the end for whatever follows
  std::string permission;
};
bool fits(const DialRule& rule, std::string_view number);

struct TrunkSettings {
  Trunk trunk;
  // By the identity in the certificate, its permissions; none: no TLS peer is told from another.
  std::optional<std::map<std::string, std::set<std::string>>> tls_peers;
  std::vector<DialRule> dial_plan; // the first that fits counts

  // What a call to that number needs; empty: nothing.
  std::string permission_for(std::string_view number) const;
};

} // namespace sipvet::gateway
