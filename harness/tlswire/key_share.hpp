// The key_share extension in its three forms (RFC 8446 §4.2.8).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/extensions.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace sipvet::tlswire {

struct KeyShareEntry {
  std::uint16_t group = 0; // named_groups.hpp
  Bytes key;               // 1 to 65535 octets: the public value, as §4.2.8.1 and §4.2.8.2 write it
  bool operator==(const KeyShareEntry&) const = default;
};

// ClientHello: in order of preference; none asks for a HelloRetryRequest.
Extension make_client_key_shares(std::span<const KeyShareEntry> shares);
Result<std::vector<KeyShareEntry>> parse_client_key_shares(ByteView body);

// ServerHello.
Extension make_server_key_share(const KeyShareEntry& share);
Result<KeyShareEntry> parse_server_key_share(ByteView body);

// HelloRetryRequest: the group that the server would have.
Extension make_retry_group(std::uint16_t group);
Result<std::uint16_t> parse_retry_group(ByteView body);

} // namespace sipvet::tlswire
