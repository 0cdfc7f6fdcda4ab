#include "tls/wire_context.hpp"

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

[[maybe_unused]]
// A client offers what it prefers, a server takes what it prefers: forward secrecy and AEAD first, RC4 and
// triple DES only where they are asked for.
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
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
};

} // namespace

bool wire_has_suite(std::string_view iana_name) {
  const Suite* suite = tlswire::find_suite(iana_name);
  return suite != nullptr && can_do(*suite);
}

bool wire_has_group(std::string_view name) {
  return name == "x25519" || name == "secp256r1" || name == "secp384r1" || name == "secp521r1";
}

Result<std::shared_ptr<const WireContext>> WireContext::make(const Config&) {
  return fail("the wire engine is not there yet");
}

std::unique_ptr<Engine> WireContext::make_engine(const Clock&, Random&, const PeerName&) const {
  return nullptr;
}

} // namespace sipvet::tls
