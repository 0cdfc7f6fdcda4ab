#include "rtp/srtp_suite.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sipvet::rtp {
namespace {

// RFC 4568 §6.2, RFC 6188 §2 and §4, RFC 7714 §12 and §14.1. In the order of the enumeration.
constexpr std::array suites = {
    SrtpSuiteInfo{SrtpSuite::aes_cm_128_hmac_sha1_80, "AES_CM_128_HMAC_SHA1_80", 16, 14, 10, 10},
    SrtpSuiteInfo{SrtpSuite::aes_cm_128_hmac_sha1_32, "AES_CM_128_HMAC_SHA1_32", 16, 14, 4, 10},
    SrtpSuiteInfo{SrtpSuite::aes_192_cm_hmac_sha1_80, "AES_192_CM_HMAC_SHA1_80", 24, 14, 10, 10},
    SrtpSuiteInfo{SrtpSuite::aes_192_cm_hmac_sha1_32, "AES_192_CM_HMAC_SHA1_32", 24, 14, 4, 10},
    SrtpSuiteInfo{SrtpSuite::aes_256_cm_hmac_sha1_80, "AES_256_CM_HMAC_SHA1_80", 32, 14, 10, 10},
    SrtpSuiteInfo{SrtpSuite::aes_256_cm_hmac_sha1_32, "AES_256_CM_HMAC_SHA1_32", 32, 14, 4, 10},
    SrtpSuiteInfo{SrtpSuite::aead_aes_128_gcm, "AEAD_AES_128_GCM", 16, 12, 16, 16},
    SrtpSuiteInfo{SrtpSuite::aead_aes_256_gcm, "AEAD_AES_256_GCM", 32, 12, 16, 16},
    SrtpSuiteInfo{SrtpSuite::null_hmac_sha1_80, "NULL_HMAC_SHA1_80", 16, 14, 10, 10},
    SrtpSuiteInfo{SrtpSuite::null_hmac_sha1_32, "NULL_HMAC_SHA1_32", 16, 14, 4, 10},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < suites.size(); ++i) {
    if (static_cast<std::size_t>(suites[i].suite) != i) return false;
  }
  return true;
}
static_assert(in_order(), "info() finds a suite by its number");

// The word order of RFC 4568 kept for the key lengths of RFC 6188: drafts had it so.
constexpr SrtpSuiteAlias aliases[] = {
    {"AES_CM_192_HMAC_SHA1_80", SrtpSuite::aes_192_cm_hmac_sha1_80},
    {"AES_CM_192_HMAC_SHA1_32", SrtpSuite::aes_192_cm_hmac_sha1_32},
    {"AES_CM_256_HMAC_SHA1_80", SrtpSuite::aes_256_cm_hmac_sha1_80},
    {"AES_CM_256_HMAC_SHA1_32", SrtpSuite::aes_256_cm_hmac_sha1_32},
};

constexpr MissingSrtpSuite missing[] = {
    {"F8_128_HMAC_SHA1_80", "AES in f8 mode (RFC 3711 §4.1.2)"},
    {"SEED_CTR_128_HMAC_SHA1_80", "SEED (RFC 5669)"},
    {"SEED_128_CCM_80", "SEED (RFC 5669)"},
    {"SEED_128_GCM_96", "SEED (RFC 5669)"},
    {"AEAD_ARIA_128_GCM", "ARIA (RFC 8269)"},
    {"AEAD_ARIA_256_GCM", "ARIA (RFC 8269)"},
    {"AEAD_AES_128_GCM_8", "an AEAD with tags of 8 octets, which drafts of RFC 7714 had"},
    {"AEAD_AES_256_GCM_8", "an AEAD with tags of 8 octets, which drafts of RFC 7714 had"},
    {"AES_CM_128_NULL_AUTH", "SRTP without authentication of RTCP, which RFC 3711 §3.4 forbids"},
};

} // namespace

std::span<const SrtpSuiteAlias> srtp_suite_aliases() { return aliases; }
std::span<const MissingSrtpSuite> missing_srtp_suites() { return missing; }

std::optional<SrtpSuite> find_srtp_suite_alias(std::string_view name) {
  const auto* const found =
      std::ranges::find_if(aliases, [&](const SrtpSuiteAlias& alias) { return iequals(alias.name, name); });
  return found == std::end(aliases) ? std::nullopt : std::optional(found->suite);
}

std::span<const SrtpSuiteInfo> srtp_suites() { return suites; }

const SrtpSuiteInfo& info(SrtpSuite suite) { return suites.at(static_cast<std::size_t>(suite)); }

std::optional<SrtpSuite> find_srtp_suite(std::string_view name) {
  const auto found = std::find_if(suites.begin(), suites.end(),
                                  [&](const SrtpSuiteInfo& s) { return iequals(s.name, name); });
  if (found == suites.end()) return std::nullopt;
  return found->suite;
}

} // namespace sipvet::rtp
