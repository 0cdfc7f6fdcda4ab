#include "keying/mikey_suite.hpp"

#include <fmt/format.h>

namespace sipvet::keying {

namespace {

using mikey::SrtpAuthentication;
using mikey::SrtpEncryption;
using rtp::SrtpSuite;

struct Row {
  SrtpSuite suite;
  SrtpEncryption encryption;
  std::uint64_t key_octets;
  std::uint64_t tag_octets; // HMAC-SHA-1; AEAD suites have their tag in the cipher
};

constexpr std::uint64_t aead_tag_octets = 16; // RFC 7714 §13.2: the only length
constexpr std::uint64_t aead_salt_octets = 12;
constexpr std::uint64_t max_derivation_rate = 1U << 24;

constexpr Row rows[] = {
    {SrtpSuite::aes_cm_128_hmac_sha1_80, SrtpEncryption::aes_cm, 16, 10},
    {SrtpSuite::aes_cm_128_hmac_sha1_32, SrtpEncryption::aes_cm, 16, 4},
    {SrtpSuite::aes_192_cm_hmac_sha1_80, SrtpEncryption::aes_cm, 24, 10},
    {SrtpSuite::aes_192_cm_hmac_sha1_32, SrtpEncryption::aes_cm, 24, 4},
    {SrtpSuite::aes_256_cm_hmac_sha1_80, SrtpEncryption::aes_cm, 32, 10},
    {SrtpSuite::aes_256_cm_hmac_sha1_32, SrtpEncryption::aes_cm, 32, 4},
    {SrtpSuite::null_hmac_sha1_80, SrtpEncryption::null, 16, 10},
    {SrtpSuite::null_hmac_sha1_32, SrtpEncryption::null, 16, 4},
    {SrtpSuite::aead_aes_128_gcm, SrtpEncryption::aes_gcm, 16, 0},
    {SrtpSuite::aead_aes_256_gcm, SrtpEncryption::aes_gcm, 32, 0},
};

Result<void> check_common(const mikey::SrtpPolicy& policy) {
  if (policy.prf != 0)
    return fail(fmt::format("SRTP PRF (parameter 5) is {}, expected 0 (AES-CM)", policy.prf));
  if (policy.prefix_octets != 0)
    return fail(fmt::format("SRTP prefix length (parameter 12) is {}, expected 0", policy.prefix_octets));
  const std::uint64_t rate = policy.key_derivation_rate;
  if (rate > max_derivation_rate || (rate & (rate - 1)) != 0)
    return fail(
        fmt::format("key derivation rate (parameter 6) is {}, expected 0 or a power of two up to 2^24 "
                    "(RFC 3711 §4.3.1)",
                    rate));
  return {};
}

// Encryption that is off altogether looks on the wire like the NULL cipher, whatever cipher is named.
SrtpEncryption effective_encryption(const mikey::SrtpPolicy& policy) {
  return policy.srtp_encryption || policy.srtcp_encryption ? policy.encryption : SrtpEncryption::null;
}

Result<void> check_authentication(const mikey::SrtpPolicy& policy) {
  if (policy.authentication != SrtpAuthentication::hmac_sha1)
    return fail(fmt::format("authentication algorithm (parameter 2) is {}, expected 1 (HMAC-SHA-1)",
                            static_cast<unsigned>(policy.authentication)));
  return {};
}

bool fits(const Row& row, const mikey::SrtpPolicy& policy) {
  const SrtpEncryption encryption = effective_encryption(policy);
  if (row.encryption != encryption) return false;
  if (encryption == SrtpEncryption::aes_gcm) return row.key_octets == policy.encryption_key_octets;
  if (row.tag_octets != policy.tag_octets) return false;
  return encryption == SrtpEncryption::null || row.key_octets == policy.encryption_key_octets;
}

} // namespace

Result<MikeyTransform> transform_of(const mikey::SrtpPolicy& policy) {
  SIPVET_CHECK(check_common(policy));
  const SrtpEncryption encryption = effective_encryption(policy);
  if (encryption != SrtpEncryption::aes_gcm) SIPVET_CHECK(check_authentication(policy));
  for (const Row& row : rows) {
    if (!fits(row, policy)) continue;
    MikeyTransform out{row.suite, {}};
    out.options.key_derivation_rate = static_cast<std::uint32_t>(policy.key_derivation_rate);
    if (encryption == SrtpEncryption::null) return out;
    out.options.encrypt_rtp = policy.srtp_encryption;
    out.options.encrypt_rtcp = policy.srtcp_encryption;
    if (encryption != SrtpEncryption::aes_gcm) out.options.authenticate_rtp = policy.srtp_authentication;
    return out;
  }
  return fail(fmt::format("no SRTP suite has encryption algorithm {} (parameter 0) with a key of {} octets "
                          "(parameter 1) and a tag of {} octets (parameter 11)",
                          static_cast<unsigned>(policy.encryption), policy.encryption_key_octets,
                          policy.tag_octets));
}

mikey::SrtpPolicy policy_of(const MikeyTransform& transform) {
  mikey::SrtpPolicy policy;
  for (const Row& row : rows) {
    if (row.suite != transform.suite) continue;
    policy.encryption = row.encryption;
    policy.encryption_key_octets = row.key_octets;
    policy.tag_octets = row.tag_octets;
  }
  policy.key_derivation_rate = transform.options.key_derivation_rate;
  policy.srtp_encryption = transform.options.encrypt_rtp;
  policy.srtcp_encryption = transform.options.encrypt_rtcp;
  policy.srtp_authentication = transform.options.authenticate_rtp;
  if (policy.encryption == SrtpEncryption::null) {
    policy.encryption_key_octets = 0;
    policy.srtp_encryption = policy.srtcp_encryption = false;
  }
  if (policy.encryption == SrtpEncryption::aes_gcm) { // RFC 7714 §14.3: no separate authentication
    policy.salt_octets = aead_salt_octets;
    policy.authentication = SrtpAuthentication::null;
    policy.authentication_key_octets = 0;
    policy.srtp_authentication = false;
    policy.aead_tag_octets = aead_tag_octets;
  }
  return policy;
}

} // namespace sipvet::keying
