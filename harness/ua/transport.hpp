// The words for where SIP messages travel: transports, the target of a message and the hop it came or went
// over.
#pragma once

#include "base/endpoint.hpp"
#include "net/network.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sipvet::ua {

enum class Transport { udp, tcp, tls };
std::string_view name(Transport transport);                     // "udp": URI parameter
std::string_view via_name(Transport transport);                 // "UDP": Via
std::optional<Transport> find_transport(std::string_view name); // case ignored
inline bool is_reliable(Transport transport) { return transport != Transport::udp; }
std::uint16_t default_port(Transport transport); // 5060, and 5061 for TLS (RFC 3261 §19.1.2)

struct Target {
  Transport transport = Transport::udp;
  Endpoint remote;
  net::ConnectionId connection = net::ConnectionId::none; // use this one if it is still there
  std::string server_name{};                              // TLS: SNI; empty: none is sent
  Endpoint local{}; // our own end to answer from and to name, where several are listened on; port 0: any
  // TLS: the domain that the certificate must be for, where that is checked (RFC 5922 §7.3); empty: the
  // server name, or the address where there is none.
  std::string domain{};
};

// One direction-less link between two endpoints.
struct Hop {
  Transport transport = Transport::udp;
  Endpoint local;
  Endpoint remote;
  net::ConnectionId connection = net::ConnectionId::none; // none for UDP
  bool accepted = false;                                  // the other side made the connection
};
Target target_of(const Hop& hop);      // back over the same link
std::string to_string(const Hop& hop); // "tls 127.0.0.1:5061 - 127.0.0.1:40000"

// The address, port and transport a SIP URI with an IP address as host asks for (RFC 3263 §4.1 without DNS):
// transport parameter, sips, else `otherwise`. Fails for host names: there is no resolver here.
Result<Target> target_of_uri(std::string_view uri, Transport otherwise);

} // namespace sipvet::ua
