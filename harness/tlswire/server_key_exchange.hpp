// ServerKeyExchange of the ephemeral elliptic-curve suites (RFC 8422 §5.4), with the signature of RFC 5246
// §4.7 or, before TLS 1.2, of RFC 4346 §4.7.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>

namespace sipvet::tlswire {

struct ServerKeyExchange {
  std::uint16_t group = 0;                       // named_groups.hpp
  Bytes public_value;                            // 1 to 255 octets: a point, or what RFC 7748 makes of one
  std::optional<std::uint16_t> signature_scheme; // TLS 1.2 only: before, the certificate's key decides
  Bytes signature;                               // over ecdhe_signed_parameters()
  bool operator==(const ServerKeyExchange&) const = default;
};

// Of suites that sign. Curves that are spelled out instead of named are refused, as RFC 8422 §5.4 has it.
Result<ServerKeyExchange> parse_ecdhe_server_key_exchange(ByteView body, std::uint16_t version);
// TLS 1.2 writes a scheme of 0 when there is none.
Bytes write_ecdhe_server_key_exchange(const ServerKeyExchange& message, std::uint16_t version);

// What the signature covers.
Bytes ecdhe_signed_parameters(ByteView client_random, ByteView server_random, std::uint16_t group,
                              ByteView public_value);

} // namespace sipvet::tlswire
