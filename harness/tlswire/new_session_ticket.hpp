// NewSessionTicket of TLS 1.0 to 1.2 (RFC 5077 §3.3) and of TLS 1.3 (RFC 8446 §4.6.1).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/extensions.hpp"

#include <cstdint>

namespace sipvet::tlswire {

struct NewSessionTicket {
  std::uint32_t lifetime_s = 0;
  std::uint32_t age_add = 0; // TLS 1.3, as the next two
  Bytes nonce;
  Extensions extensions;
  Bytes ticket;
};

Result<NewSessionTicket> parse_new_session_ticket(ByteView body, std::uint16_t version);
Bytes write_new_session_ticket(const NewSessionTicket& ticket, std::uint16_t version);

} // namespace sipvet::tlswire
