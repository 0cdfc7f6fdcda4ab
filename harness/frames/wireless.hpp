// IEEE 802.11 frames, and the headers that capturing systems put in front of them.
#pragma once

#include "frames/encapsulation.hpp"

namespace sipvet::frames {

// Data frames that are not encrypted lead to LLC; all others carry nothing to be read here.
Result<Layer> skip_wifi(Reader& frame);
Result<Layer> skip_radiotap(Reader& frame);
Result<Layer> skip_prism(Reader& frame);
Result<Layer> skip_avs(Reader& frame);

// For headers in the byte order of x86.
Result<std::uint16_t> little_u16(Reader& frame, std::string_view field);
Result<std::uint32_t> little_u32(Reader& frame, std::string_view field);

} // namespace sipvet::frames
