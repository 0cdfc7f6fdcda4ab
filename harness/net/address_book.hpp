// Which endpoints of a simulated network are taken, by whom, and which port comes next when one is asked for.
#pragma once

#include "base/endpoint.hpp"
#include "base/result.hpp"

#include <map>
#include <optional>

namespace sipvet::net {

// The address of a host that left its own open.
inline IpAddress any_host(bool v6) {
  IpAddress ip = IpAddress::v4(127, 0, 0, 1);
  if (v6) {
    ip = IpAddress{};
    ip.v6 = true;
    ip.octets[15] = 1;
  }
  return ip;
}

inline Endpoint with_host(Endpoint endpoint) {
  if (endpoint.ip.is_unspecified()) endpoint.ip = any_host(endpoint.ip.v6);
  return endpoint;
}

// RFC 6335 §6: the dynamic ports begin at 49152.
class DynamicPorts {
 public:
  // The next port for which `free(port)` is true.
  template <typename IsFree>
  std::optional<std::uint16_t> next(IsFree free) {
    for (std::uint32_t tries = 0; tries <= last - first; ++tries) {
      const std::uint16_t port = next_;
      next_ = next_ == last ? first : static_cast<std::uint16_t>(next_ + 1);
      if (free(port)) return port;
    }
    return std::nullopt;
  }

 private:
  static constexpr std::uint16_t first = 49'152;
  static constexpr std::uint16_t last = 65'535;
  std::uint16_t next_ = first;
};

// Who listens at (TCP) or is bound to (UDP) which endpoint. An unspecified address takes the port of every
// address.
template <typename Id>
class AddressBook {
 public:
  Result<Endpoint> add(Endpoint local, Id id, DynamicPorts& ports) {
    if (local.port == 0) {
      const auto port = ports.next([&](std::uint16_t p) { return is_free({local.ip, p}); });
      if (!port) return fail("no port of " + to_string(local.ip) + " is free");
      local.port = *port;
    } else if (!is_free(local)) {
      return fail("address already in use: " + to_string(local));
    }
    by_endpoint_.emplace(local, id);
    return local;
  }

  void remove(const Endpoint& local) { by_endpoint_.erase(local); }

  std::optional<Id> find(Endpoint to) const {
    if (const auto exact = by_endpoint_.find(to); exact != by_endpoint_.end()) return exact->second;
    to.ip.octets = {};
    if (const auto any = by_endpoint_.find(to); any != by_endpoint_.end()) return any->second;
    return std::nullopt;
  }

  bool is_free(const Endpoint& local) const {
    if (!local.ip.is_unspecified()) return !find(local);
    for (const auto& [taken, id] : by_endpoint_)
      if (taken.port == local.port && taken.ip.v6 == local.ip.v6) return false;
    return true;
  }

 private:
  std::map<Endpoint, Id> by_endpoint_;
};

} // namespace sipvet::net
