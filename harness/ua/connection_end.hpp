// How a connection came to nothing, or ended.
#pragma once

#include "tls/engine.hpp"

#include <optional>
#include <string>

namespace sipvet::ua {

// The connection never became usable: refused, timed out, its TLS handshake failed.
struct ConnectFailure {
  std::string cause;                                // one sentence for a person
  std::optional<tls::Alert> alert = {};             // sent or received, if any
  std::optional<tls::PeerRejection> rejection = {}; // when the other side's certificate is why
};

// A connection that was up is gone.
struct Closure {
  std::string cause;
  std::optional<tls::Alert> alert = {}; // other than close_notify
  bool by_remote = false;               // the other side closed it, or sent a fatal alert
};

} // namespace sipvet::ua
