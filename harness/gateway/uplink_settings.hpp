// The gateway as a client of a SIP proxy: accounts, registrar and proxy, the connections it keeps to them,
// and the names that DGW v2.0 has for all this.
#pragma once

#include "base/clock.hpp"
#include "base/endpoint.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::gateway {

struct Account {
  std::string user;
  std::string password;
};

// A server as DGW's pages have it: a host name or an address, and a port. Port 0: none was given, and SRV
// records say it, or the transport's own is taken (RFC 3263 §4.2).
struct ServerName {
  std::string host; // an IPv6 address in brackets
  std::uint16_t port = 0;
  bool operator==(const ServerName&) const = default;
};
ServerName server_name(const Endpoint& endpoint);
Result<ServerName> parse_server_name(std::string_view text);
std::string to_string(const ServerName& server); // "sip.example.test", "192.0.2.20:5061"
bool is_name(const ServerName& server);          // and no address

struct UplinkSettings {
  std::string gateway_name; // as DGW's log lines have it in brackets: "OpenSIPS"
  std::optional<ServerName> registrar, proxy, outbound_proxy;
  std::vector<Account> accounts;
  std::string realm;                     // of the accounts; empty: any
  std::uint16_t base_port = 16000;       // local port of the first persistent TLS connection; 0: free ones
  bool transport_in_registration = true; // in Contact of REGISTER, if it is in Contact at all
  bool transport_in_contact = true;
  std::uint32_t expires_s = 3600;
  Duration retry = std::chrono::seconds(5), longest_retry = std::chrono::minutes(5); // of REGISTER
  Duration reconnect = std::chrono::seconds(1), longest_reconnect = std::chrono::minutes(1);
  Duration keep_alive{}; // 0: none
  // `gateways` as configured, for complaints about them together: "OpenSIPS 5061/tls".
  std::vector<std::string> gateways;
  std::optional<Endpoint> syslog;
  unsigned syslog_facility = 23; // local7
};

} // namespace sipvet::gateway
