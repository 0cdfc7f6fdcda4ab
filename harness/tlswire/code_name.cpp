#include "tlswire/code_name.hpp"

#include <array>
#include <cstdio>

namespace sipvet::tlswire {

std::string hex_code(std::uint16_t code) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "0x%04x", code);
  return text.data();
}

} // namespace sipvet::tlswire
