// What a finished key exchange of any kind hands to SRTP.
#pragma once

#include "rtp/srtp_context.hpp"

#include <optional>
#include <string_view>

namespace sipvet::keying {

enum class KeyExchange {
  sdes,      // RFC 4568
  mikey,     // RFC 3830 in the key-mgmt attribute of RFC 4567
  dtls_srtp, // RFC 5763, RFC 5764
};
std::string_view name(KeyExchange exchange); // "sdes", "mikey", "dtls-srtp"
std::optional<KeyExchange> find_key_exchange(std::string_view name);

struct MediaKeys {
  KeyExchange exchange = KeyExchange::sdes;
  rtp::SrtpContext local;  // what we send with
  rtp::SrtpContext remote; // what the other side sends with
  bool operator==(const MediaKeys&) const = default;
};

// Whether both directions share a master key and with it their keystream (RFC 3711 §9.1). It still works, so
// it is no error of a key exchange: who judges must ask.
bool repeats_key(const MediaKeys& keys);

} // namespace sipvet::keying
