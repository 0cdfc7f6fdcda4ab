// The ClientHello in SSL 2.0 format that offers SSL 3.0 or TLS (RFC 5246 appendix E.2).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/client_hello.hpp"

#include <cstdint>
#include <vector>

namespace sipvet::tlswire {

struct Sslv2ClientHello {
  std::uint16_t version = 0x0301;
  std::vector<std::uint32_t> cipher_specs; // three octets each; TLS suites have a zero first octet
  Bytes session_id;
  Bytes challenge; // 16 to 32 octets

  // What it says as a TLS hello: the challenge stands at the right end of the random, zeros before it.
  ClientHello as_client_hello() const;
};

// `fragment` is everything after the two octets of length; it is also what goes into the handshake
// transcript.
Result<Sslv2ClientHello> parse_sslv2_client_hello(ByteView fragment);
// With the two octets of length: ready for the wire.
Bytes write_sslv2_client_hello(const Sslv2ClientHello& hello);

} // namespace sipvet::tlswire
