// What a security policy payload says about SRTP, with the defaults for what it leaves out (RFC 3830
// §6.10.1).
#pragma once

#include "base/result.hpp"
#include "mikey/security_policy.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::mikey {

enum class SrtpEncryption : std::uint8_t {
  null = 0,
  aes_cm = 1,
  aes_f8 = 2,
  seed_ctr = 3,
  seed_ccm = 4,
  seed_gcm = 5,
  aes_gcm = 6
};
enum class SrtpAuthentication : std::uint8_t { null = 0, hmac_sha1 = 1 };

// Lengths are in octets. The defaults are those of SRTP (RFC 3711 §5, §8.2).
struct SrtpPolicy {
  SrtpEncryption encryption = SrtpEncryption::aes_cm;
  std::uint64_t encryption_key_octets = 16;
  SrtpAuthentication authentication = SrtpAuthentication::hmac_sha1;
  std::uint64_t authentication_key_octets = 20;
  std::uint64_t salt_octets = 14;
  std::uint64_t prf = 0; // 0: AES-CM
  std::uint64_t key_derivation_rate = 0;
  bool srtp_encryption = true;
  bool srtcp_encryption = true;
  std::uint64_t fec_order = 0; // 0: FEC, then SRTP
  bool srtp_authentication = true;
  std::uint64_t tag_octets = 10;
  std::uint64_t prefix_octets = 0;
  std::optional<std::uint64_t> aead_tag_octets; // RFC 7714 §14.3
  bool operator==(const SrtpPolicy&) const = default;
};

// Parameters that are not in the table are passed over. Fails when the payload is not about SRTP or a value
// is longer than eight octets or empty.
Result<SrtpPolicy> srtp_policy(const SecurityPolicy& payload);
// The numbers of parameters that are not in the table.
std::vector<std::uint8_t> unknown_parameters(const SecurityPolicy& payload);
// Every parameter spelt out, in the order of the table.
SecurityPolicy to_payload(const SrtpPolicy& policy, std::uint8_t policy_no);
// Contradictions and slips that devices are known for, one sentence each.
std::vector<std::string> oddities(const SrtpPolicy& policy);

} // namespace sipvet::mikey
