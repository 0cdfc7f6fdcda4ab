// What a certificate's key may be used for (keyUsage, extendedKeyUsage; RFC 5280 §4.2.1.3, §4.2.1.12).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::crypto {

// In the order of the bits.
enum class KeyUsage {
  digital_signature,
  non_repudiation,
  key_encipherment,
  data_encipherment,
  key_agreement,
  key_cert_sign,
  crl_sign,
  encipher_only,
  decipher_only,
};
std::string_view name(KeyUsage usage); // "digitalSignature"

namespace purpose {
inline constexpr std::string_view server = "serverAuth";
inline constexpr std::string_view client = "clientAuth";
inline constexpr std::string_view any = "anyExtendedKeyUsage";
} // namespace purpose

// "digitalSignature, keyEncipherment"
std::string names_of(std::span<const KeyUsage> usages);

} // namespace sipvet::crypto
