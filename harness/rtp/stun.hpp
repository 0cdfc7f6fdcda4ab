// STUN as far as media ports need it: connectivity checks without ICE (RFC 8489, RFC 5763 §6.7.2).
#pragma once

#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace sipvet::rtp {

using StunTransaction = std::array<std::uint8_t, 12>;
inline constexpr std::uint32_t stun_magic_cookie = 0x2112'A442;

enum class StunType : std::uint16_t {
  binding_request = 0x0001,
  binding_success = 0x0101,
  binding_error = 0x0111
};

struct StunMessage {
  std::uint16_t type = 0; // of other methods as well
  StunTransaction transaction{};
  std::optional<Endpoint> mapped; // XOR-MAPPED-ADDRESS (§14.2)
  // Attributes that have to be understood and are not known here: a request with one gets an error (§6.3.1).
  std::vector<std::uint16_t> unknown;

  bool is(StunType wanted) const { return type == static_cast<std::uint16_t>(wanted); }
};

// By its first octet, which is 0 to 3 (RFC 7983 §7), and the magic cookie.
bool looks_like_stun(ByteView datagram);
// Fails where an attribute does not end where the message does, and at a FINGERPRINT that is wrong (§14.7).
Result<StunMessage> parse_stun(ByteView datagram);

// The value of an XOR-MAPPED-ADDRESS, or of TURN's attributes of that form: port and address xored with the
// header's cookie and transaction (§14.2), of which the mask is all 16 octets.
Result<Endpoint> read_xor_address(ByteView value, ByteView mask);

// Each ends with FINGERPRINT, as checks do (RFC 8445 §7.1).
Bytes stun_request(const StunTransaction& transaction);
// `seen`: where the request came from.
Bytes stun_success(const StunTransaction& transaction, const Endpoint& seen);
// 420 Unknown Attribute, with the attributes (§14.9).
Bytes stun_unknown_attributes(const StunTransaction& transaction, const std::vector<std::uint16_t>& unknown);

} // namespace sipvet::rtp
