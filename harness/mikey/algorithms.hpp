// The algorithms that protect a MIKEY message itself, with their key and output sizes (RFC 3830 §4.2, RFC
// 6043 §6, RFC 6309 §3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sipvet::mikey {

// How key data are encrypted in KEMAC (RFC 3830 §6.2 table 6.2.a). Any octet is kept as it came.
enum class Encryption : std::uint8_t { null = 0, aes_cm_128 = 1, aes_kw_128 = 2, aes_cm_256 = 3 };

// What authenticates a message, in KEMAC and V (RFC 3830 §6.2 table 6.2.b).
enum class Mac : std::uint8_t { null = 0, hmac_sha1_160 = 1, hmac_sha256_256 = 2 };

// The key derivation of a message (RFC 3830 §6.1 table 6.1.c); seven bits on the wire.
enum class Prf : std::uint8_t { mikey_1 = 0, hmac_sha256 = 1 };

struct EncryptionInfo {
  Encryption algorithm;
  std::string_view name;
  std::size_t key_octets;
  std::size_t salt_octets;
};

struct MacInfo {
  Mac algorithm;
  std::string_view name;
  std::size_t key_octets;
  std::size_t mac_octets;
};

std::optional<EncryptionInfo> find(Encryption algorithm);
std::optional<MacInfo> find(Mac algorithm);

} // namespace sipvet::mikey
