// A tap sees every octet a network carries, once, at the time it was sent, and the TLS secrets its owners
// know. Writing that down as a capture is io/capture_tap's business.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/endpoint.hpp"

#include <string_view>

namespace sipvet::net {

// One TCP connection, seen from the side that opened it.
struct Flow {
  Endpoint client;
  Endpoint server;
  auto operator<=>(const Flow&) const = default;
};

enum class Direction { to_server, to_client };
enum class Ending { finished, reset };

class Tap {
 public:
  virtual ~Tap() = default;
  virtual void connected(Instant when, const Flow& flow) = 0;
  virtual void refused(Instant when, const Flow& flow) = 0; // a SYN answered by a RST
  virtual void bytes(Instant when, const Flow& flow, Direction direction, ByteView octets) = 0;
  virtual void ended(Instant when, const Flow& flow, Direction direction,
                     Ending how) = 0; // one side's FIN or RST
  virtual void datagram(Instant when, const Endpoint& from, const Endpoint& to, ByteView octets) = 0;
  // One line of an NSS key log, as engines report them.
  virtual void secret(std::string_view keylog_line) = 0;
};

} // namespace sipvet::net
