#include "tls/wire_context.hpp"

#include "crypto/signature.hpp"
#include "tls/own_certificate.hpp"
#include "tls/wire_schemes.hpp"
#include "tlswire/named_groups.hpp"
#include "tlswire/version.hpp"

#include <algorithm>

namespace sipvet::tls {
namespace {

using tlswire::KeyExchange;
using tlswire::Suite;
using tlswire::SuiteCipher;

bool can_do(const Suite& suite) {
  const bool exchange = suite.exchange == KeyExchange::any || suite.exchange == KeyExchange::rsa ||
                        suite.exchange == KeyExchange::ecdhe_rsa ||
                        suite.exchange == KeyExchange::ecdhe_ecdsa;
  return exchange && suite.cipher != SuiteCipher::null;
}

// Forward secrecy and AEAD first; RC4 and triple DES only where they are asked for.
constexpr std::string_view default_suites[] = {
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
};
constexpr std::string_view rc4_suites[] = {"TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_RC4_128_MD5"};
constexpr std::string_view default_groups[] = {"x25519", "secp256r1", "secp384r1", "secp521r1"};

bool fits(const Suite& suite, std::uint16_t lowest, std::uint16_t highest) {
  return suite.is_tls13() ? highest >= tlswire::tls1_3
                          : lowest < tlswire::tls1_3 && suite.min_version <= highest;
}

// A list without suites of TLS 1.3 leaves that version out, one with nothing else leaves the others out.
void narrow(const std::vector<const Suite*>& suites, std::uint16_t& lowest, std::uint16_t& highest) {
  const auto is_13 = [](const Suite* suite) { return suite->is_tls13(); };
  if (std::ranges::none_of(suites, is_13)) highest = std::min(highest, tlswire::tls1_2);
  if (std::ranges::all_of(suites, is_13)) lowest = tlswire::tls1_3;
}

} // namespace

bool wire_has_suite(std::string_view iana_name) {
  const Suite* suite = tlswire::find_suite(iana_name);
  return suite != nullptr && can_do(*suite);
}

bool wire_has_group(std::string_view name) {
  const tlswire::NamedGroup* group = tlswire::find_named_group(name);
  return group != nullptr && group_of(group->code).has_value();
}

Result<std::shared_ptr<const WireContext>> WireContext::make(const Config& config) {
  const std::shared_ptr<WireContext> made(new WireContext(config));
  made->lowest_ = static_cast<std::uint16_t>(config.min_version);
  made->highest_ = static_cast<std::uint16_t>(config.max_version);
  // As OpenSSL counts: TLS 1.0 and 1.1 sign with SHA-1, which level 1 does not take.
  if (config.security_level > 0) made->lowest_ = std::max(made->lowest_, tlswire::tls1_2);
  // A hello in SSLv2 format has no extensions, and TLS 1.3 is offered in one.
  if (!made->server() && config.send_sslv2_hello) made->highest_ = std::min(made->highest_, tlswire::tls1_2);
  std::vector<std::string_view> names(config.ciphers.begin(), config.ciphers.end());
  if (names.empty()) names.assign(std::begin(default_suites), std::end(default_suites));
  if (config.deviations.accept_rc4) names.insert(names.end(), std::begin(rc4_suites), std::end(rc4_suites));
  for (const std::string_view name : names) {
    const Suite* suite = tlswire::find_suite(name);
    if (suite == nullptr || !can_do(*suite)) return fail("the wire engine cannot do " + std::string(name));
    if (fits(*suite, made->lowest_, made->highest_)) made->suites_.push_back(suite);
  }
  if (made->suites_.empty()) return fail("no cipher suite goes with these TLS versions");
  narrow(made->suites_, made->lowest_, made->highest_);
  if (made->lowest_ > made->highest_) return fail("no TLS version is left for these cipher suites");
  std::vector<std::string_view> groups(config.groups.begin(), config.groups.end());
  if (groups.empty()) groups.assign(std::begin(default_groups), std::end(default_groups));
  for (const std::string_view name : groups) {
    if (!wire_has_group(name)) return fail("the wire engine cannot do the group " + std::string(name));
    made->groups_.push_back(tlswire::find_named_group(name)->code);
  }
  SIPVET_CHECK(made->read_certificates());
  return std::shared_ptr<const WireContext>(made);
}

Result<void> WireContext::read_certificates() {
  SIPVET_TRY(auto own, read_own_certificate(config_));
  for (const crypto::Certificate& each : own.chain) chain_der_.push_back(each.der);
  key_ = std::move(own.key);
  SIPVET_TRY(roots_, read_trusted_roots(config_));
  return {};
}

} // namespace sipvet::tls
