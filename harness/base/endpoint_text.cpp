#include "base/endpoint_text.hpp"

#include <array>
#include <charconv>

namespace sipvet {

void append_text(std::string& to, const Endpoint& endpoint) {
  if (endpoint.ip.v6) {
    to.append(to_string(endpoint));
    return;
  }
  std::array<char, 24> text; // "255.255.255.255:65535" has 21
  char* end = text.data();
  const auto number = [&](std::uint32_t value) {
    end = std::to_chars(end, text.data() + text.size(), value).ptr;
  };
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) *end++ = '.';
    number(endpoint.ip.octets[i]);
  }
  *end++ = ':';
  number(endpoint.port);
  to.append(text.data(), end);
}

} // namespace sipvet
