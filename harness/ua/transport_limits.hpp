// What a SIP transport and its transactions put up with from others: each limit by name, so that it can be
// configured, and logged when it is reached. Whoever reaches one loses its own connection or request only.
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace sipvet::ua {

// 0 everywhere: no limit.
struct TransportLimits {
  std::size_t connections = 4096;             // accepted, in all; further ones are reset
  std::size_t connections_per_address = 1024; // likewise
  std::size_t handshakes = 512;               // accepted connections whose TLS handshake is not done
  // Until TCP and TLS handshakes must be done, of accepted and made connections: a peer that is silent must
  // not hold a call longer than its INVITE transaction would (64*T1).
  Duration handshake_time = std::chrono::seconds(20);
  Duration message_time = std::chrono::seconds(32);     // from the first octet of a message to its last
  std::size_t head_octets = std::size_t{64} * 1024;     // of one message: the connection ends
  std::size_t body_octets = std::size_t{128} * 1024;    // likewise; a request gets 413
  std::size_t requests_per_second = 0;                  // on one connection, or from one address over UDP
  std::size_t transactions = 10'000;                    // of others' requests; further ones get 503
  Duration half_closed_time = std::chrono::seconds(32); // of a connection that is kept for a response only
};

enum class Limit {
  connections,
  connections_per_address,
  handshakes,
  handshake_time,
  message_time,
  head_octets,
  body_octets,
  requests_per_second,
  transactions,
  half_closed_time
};
// As in properties and log lines: "connectionsPerAddress".
std::string_view name(Limit limit);

// Somebody has reached a limit.
struct LimitHit {
  Limit limit = Limit::connections;
  std::string consequence; // "the connection is reset"
};

} // namespace sipvet::ua
