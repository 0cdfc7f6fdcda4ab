// Link-layer headers: what stands in front of the IP packet of a captured frame, for each link type that
// captures have.
#pragma once

#include "frames/encapsulation.hpp"

#include <cstdint>

namespace sipvet::frames {

// Moves `frame` past the link-layer header and whatever stands between it and an IP packet, and says what
// follows. Fails on an unknown link type and on a frame that ends within a header.
Result<Carried> skip_link_header(std::uint32_t link_type, Reader& frame);

} // namespace sipvet::frames
