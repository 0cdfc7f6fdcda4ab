// Link-layer headers: what stands in front of the IP packet of a captured frame, for each link type that
// captures have.
#pragma once

#include "base/reader.hpp"
#include "base/result.hpp"

#include <cstdint>

namespace sipvet::frames {

enum class Carried { ipv4, ipv6, other };

// Moves `frame` past the link-layer header and any VLAN tags, and says what follows. Fails on an unknown link
// type and on a frame that ends within the header.
Result<Carried> skip_link_header(std::uint32_t link_type, Reader& frame);

} // namespace sipvet::frames
