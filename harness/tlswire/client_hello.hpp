// ClientHello (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/extensions.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace sipvet::tlswire {

using HelloRandom = std::array<std::uint8_t, 32>;

struct ClientHello {
  std::uint16_t version = 0x0303; // the field; supported_versions may say more
  HelloRandom random{};
  Bytes session_id;
  std::vector<std::uint16_t> suites;
  Bytes compressions = {0};
  Extensions extensions;
  bool extensions_present = true; // an empty list is written with its length, none is not written

  // The highest version offered, GREASE values (RFC 8701) not counted.
  std::uint16_t highest_version() const;
  std::string server_name() const; // empty when none, or none that can be read
  bool offers(std::uint16_t suite) const;
};

// `body` is the handshake message without its header. Of an extension's body nothing is checked here.
Result<ClientHello> parse_client_hello(ByteView body);
// Writes what it is given, also what no parser takes; lengths are those of the contents, as far as their
// fields can say them.
Bytes write_client_hello(const ClientHello& hello);

} // namespace sipvet::tlswire
