// A network's time as a Clock, for engines that take one.
#pragma once

#include "net/network.hpp"

namespace sipvet::net {

class NetworkClock final : public Clock {
 public:
  explicit NetworkClock(const Network& network) : network_(network) {}
  Instant now() const override { return network_.now(); }

 private:
  const Network& network_;
};

} // namespace sipvet::net
