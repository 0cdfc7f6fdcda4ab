// The ClientHello in SSL 2.0 format that offers SSL 3.0 or TLS (RFC 5246 appendix E.2).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/client_hello.hpp"

#include <cstdint>
#include <vector>

namespace sipvet::tlswire {

struct Sslv2ClientHello {
  std::uint16_t version = 0x0301;          // the highest offered, as in a TLS hello; 0x0002 of SSL 2.0 alone
  std::vector<std::uint32_t> cipher_specs; // three octets each; TLS suites have a zero first octet
  Bytes session_id;
  Bytes challenge; // 16 to 32 octets

  // What it says as a TLS hello, which has null compression and no extensions: cipher kinds of SSL 2.0 are
  // left out, and the challenge stands at the right end of the random, zeros before it.
  ClientHello as_client_hello() const;
};

// Each field lifts one rule for callers that must make something of hellos that break it.
struct Sslv2Leniency {
  // Appendix E.2 wants no session at all of a client that offers TLS 1.2 or later; RFC 2246 and RFC 4346
  // appendix E.1 let earlier ones name one in 16 octets.
  bool any_session_id = false;
  // 16 to 32 octets otherwise. Of a longer one as_client_hello() takes the last 32.
  bool any_challenge = false;
};

// `fragment` is everything after the two octets of length; it is also what goes into the handshake
// transcript. Always refused: a version that is neither 3.x nor 0.2, no cipher specs or half of one, and
// octets left over.
Result<Sslv2ClientHello> parse_sslv2_client_hello(ByteView fragment, Sslv2Leniency leniency = {});
// With the two octets of length: ready for the wire.
Bytes write_sslv2_client_hello(const Sslv2ClientHello& hello);

} // namespace sipvet::tlswire
