#include "net/network.hpp"

#include <algorithm>

namespace sipvet::net {

Duration bounded_delay(Duration delay) {
  constexpr Duration longest = std::chrono::years(100);
  return std::clamp(delay, Duration::zero(), longest);
}

std::string_view to_string(CloseReason reason) {
  switch (reason) {
  case CloseReason::by_peer:
    return "closed by the peer";
  case CloseReason::reset:
    return "reset by the peer";
  case CloseReason::refused:
    return "refused";
  case CloseReason::unreachable:
    return "unreachable";
  case CloseReason::timed_out:
    return "timed out";
  }
  return "closed";
}

} // namespace sipvet::net
