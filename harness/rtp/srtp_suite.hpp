// The SRTP crypto suites as data, by the names of the SDP Security Descriptions registry (RFC 4568 §6.2, RFC
// 6188, RFC 7714).
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sipvet::rtp {

enum class SrtpSuite : std::uint8_t {
  aes_cm_128_hmac_sha1_80,
  aes_cm_128_hmac_sha1_32,
  aes_192_cm_hmac_sha1_80,
  aes_192_cm_hmac_sha1_32,
  aes_256_cm_hmac_sha1_80,
  aes_256_cm_hmac_sha1_32,
  aead_aes_128_gcm,
  aead_aes_256_gcm,
  null_hmac_sha1_80, // MIKEY's NULL encryption; no SDES name
  null_hmac_sha1_32,
};

struct SrtpSuiteInfo {
  SrtpSuite suite;
  std::string_view name; // as the registry spells it
  std::size_t key_octets;
  std::size_t salt_octets;
  std::size_t rtp_tag_octets;
  std::size_t rtcp_tag_octets; // 80 bits also for the _32 suites (RFC 4568 §6.2)
};

std::span<const SrtpSuiteInfo> srtp_suites();
const SrtpSuiteInfo& info(SrtpSuite suite);
inline std::string_view name(SrtpSuite suite) { return info(suite).name; }
// What key management hands to SRTP: one master key for one direction (RFC 3711 §3.2.1).
struct SrtpKey {
  SrtpSuite suite = SrtpSuite::aes_cm_128_hmac_sha1_80;
  Bytes master_key;  // key_octets of the suite
  Bytes master_salt; // salt_octets of the suite
  Bytes mki;         // empty: packets carry none
  // Packets of one stream it may protect; none: as many as the transform allows (RFC 3711 §9.2).
  std::optional<std::uint64_t> lifetime_packets = {};
  bool operator==(const SrtpKey&) const = default;
};

// By exact registry name (suite names are case-insensitive in RFC 4568 §4).
std::optional<SrtpSuite> find_srtp_suite(std::string_view name);

// Names that no registry has and that devices write all the same, with the suite that they mean.
struct SrtpSuiteAlias {
  std::string_view name;
  SrtpSuite suite;
};
std::span<const SrtpSuiteAlias> srtp_suite_aliases();
std::optional<SrtpSuite> find_srtp_suite_alias(std::string_view name);

// Suites that are known by name and not done here, with the reason.
struct MissingSrtpSuite {
  std::string_view name, reason;
};
std::span<const MissingSrtpSuite> missing_srtp_suites();

} // namespace sipvet::rtp
