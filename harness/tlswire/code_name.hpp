// How codes that a registry's table does not know are written in text.
#pragma once

#include <cstdint>
#include <string>

namespace sipvet::tlswire {

std::string hex_code(std::uint16_t code); // "0x0a0a"

} // namespace sipvet::tlswire
