#include "mikey/algorithms.hpp"

namespace sipvet::mikey {

namespace {

constexpr EncryptionInfo encryptions[] = {
    {Encryption::null, "NULL", 0, 0},
    {Encryption::aes_cm_128, "AES-CM-128", 16, 14}, // 112-bit salt: RFC 3830 §4.2.3
    {Encryption::aes_kw_128, "AES-KW-128", 16, 0},
    {Encryption::aes_cm_256, "AES-CM-256", 32, 14},
};

constexpr MacInfo macs[] = {
    {Mac::null, "NULL", 0, 0},
    {Mac::hmac_sha1_160, "HMAC-SHA-1-160", 20, 20}, // RFC 3830 §4.2.4
    {Mac::hmac_sha256_256, "HMAC-SHA-256-256", 32, 32},
};

} // namespace

std::optional<EncryptionInfo> find(Encryption algorithm) {
  for (const EncryptionInfo& info : encryptions)
    if (info.algorithm == algorithm) return info;
  return std::nullopt;
}

std::optional<MacInfo> find(Mac algorithm) {
  for (const MacInfo& info : macs)
    if (info.algorithm == algorithm) return info;
  return std::nullopt;
}

} // namespace sipvet::mikey
