// IP packets within IP packets: GRE, IP in IP, 6in4, EtherIP, MPLS in IP.
#pragma once

#include "frames/encapsulation.hpp"

#include <cstdint>

namespace sipvet::frames {

// Moves `payload` of an IP packet past a tunnel's header to the packet within. `other` when the protocol is
// no tunnel, or carries no IP.
Result<Carried> enter_tunnel(std::uint8_t protocol, Reader& payload);

} // namespace sipvet::frames
