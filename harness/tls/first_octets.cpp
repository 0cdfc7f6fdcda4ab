#include "tls/first_octets.hpp"

#include "base/hex.hpp"

#include <algorithm>

namespace sipvet::tls {
namespace {

constexpr std::size_t shown_octets = 40; // enough for a request line's method and target

bool is_text(std::uint8_t octet) {
  return (octet >= 0x20 && octet < 0x7f) || octet == '\r' || octet == '\n' || octet == '\t';
}

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, std::min(text.find_first_of("\r\n"), shown_octets)));
}

} // namespace

FirstOctets look_at(ByteView octets) {
  if (octets.empty()) return FirstOctets::undecided;
  // RFC 5246 §6.2.1: handshake or alert begin a stream; others are known but wrong, which the engine says
  // better.
  if (octets[0] >= 20 && octets[0] <= 24) {
    if (octets.size() < 2) return FirstOctets::undecided;
    return octets[1] == 3 ? FirstOctets::tls : FirstOctets::foreign;
  }
  if ((octets[0] & 0x80) == 0) return FirstOctets::foreign;
  if (octets.size() < 4) return FirstOctets::undecided;
  const bool hello = octets[2] == 1 && (octets[3] == 3 || octets[3] == 0); // RFC 5246 appendix E.2
  return hello ? FirstOctets::sslv2_hello : FirstOctets::foreign;
}

std::string describe_foreign(ByteView octets) {
  const std::string_view text = as_text(octets);
  const bool all_text = std::all_of(
      octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(std::min(octets.size(), shown_octets)),
      is_text);
  if (!all_text)
    return "expected TLS, got the octets " + to_hex(octets.first(std::min<std::size_t>(octets.size(), 8)));
  std::string kind = "text";
  if (text.find("SIP/2.0") != std::string_view::npos || text.find("sip:") != std::string_view::npos)
    kind = "SIP";
  else if (text.find("HTTP/") != std::string_view::npos)
    kind = "HTTP";
  const std::string line = first_line(text);
  return "expected TLS, got what looks like plain " + kind +
         (line.empty() ? " (an empty line)" : ": \"" + line + "\"");
}

} // namespace sipvet::tls
