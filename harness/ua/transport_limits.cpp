#include "ua/transport_limits.hpp"

#include <array>

namespace sipvet::ua {

std::string_view name(Limit limit) {
  constexpr std::array<std::string_view, 10> names = {
      "connections", "connectionsPerAddress", "handshakes",   "handshakeTime",  "messageTime", "headOctets",
      "bodyOctets",  "requestsPerSecond",     "transactions", "halfClosedTime",
  };
  return names[static_cast<std::size_t>(limit)];
}

} // namespace sipvet::ua
