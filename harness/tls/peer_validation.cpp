#include "tls/peer_validation.hpp"

#include "base/endpoint.hpp"
#include "base/text.hpp"
#include "crypto/chain.hpp"
#include "tls/wire_fault.hpp"

#include <algorithm>

namespace sipvet::tls {
namespace {

using crypto::Certificate;
using crypto::ChainFault;

// RFC 8446 §6.2.
constexpr std::uint8_t bad_certificate = 42;
constexpr std::uint8_t unsupported_certificate = 43;
constexpr std::uint8_t certificate_expired = 45;
constexpr std::uint8_t certificate_unknown = 46;
constexpr std::uint8_t unknown_ca = 48;

std::uint8_t alert_for(ChainFault found) {
  switch (found) {
  case ChainFault::not_yet_valid:
    return bad_certificate; // as OpenSSL has it: there is no alert for a certificate of tomorrow
  case ChainFault::expired:
    return certificate_expired;
  case ChainFault::unknown_issuer:
  case ChainFault::self_signed:
  case ChainFault::not_a_ca:
  case ChainFault::path_too_long:
    return unknown_ca;
  case ChainFault::wrong_key_usage:
  case ChainFault::wrong_extended_key_usage:
    return unsupported_certificate;
  case ChainFault::bad_signature:
  case ChainFault::weak_key:
  case ChainFault::weak_digest:
    return bad_certificate;
  case ChainFault::other:
    break;
  }
  return certificate_unknown;
}

// The host of "sip:example.com:5061"; empty for URIs of other schemes, sips among them, and for those with a
// user part, which name a user and no domain (RFC 5922 §7.1).
std::string host_of_sip_uri(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos) return {};
  if (!iequals(uri.substr(0, colon), "sip")) return {};
  std::string_view rest = uri.substr(colon + 1);
  if (rest.find('@') != std::string_view::npos) return {};
  rest = rest.substr(0, rest.find_first_of(":;?"));
  return std::string(rest);
}

bool wildcard_matches(std::string_view pattern, std::string_view domain) {
  if (!pattern.starts_with("*.")) return false;
  const std::size_t dot = domain.find('.');
  return dot != std::string_view::npos && iequals(pattern.substr(1), domain.substr(dot));
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

PeerRejection missing() {
  return {
      PeerRejection::Kind::missing, "the peer presented no certificate", {}, {}, alert::handshake_failure};
}

std::optional<PeerRejection> check_the_chain(const Config& config, std::span<const Certificate> roots,
                                             std::span<const Certificate> chain, Instant now) {
  crypto::ChainRules rules;
  rules.roots.assign(roots.begin(), roots.end());
  rules.now = now;
  rules.for_server = config.role == Role::client;
  rules.check_dates = !config.deviations.ignore_dates;
  rules.check_issuer = !config.deviations.ignore_issuer;
  rules.check_usage = !config.deviations.ignore_usage;
  rules.security_level = config.security_level;
  const auto problem = crypto::check_chain(chain, rules);
  if (!problem) return std::nullopt;
  PeerRejection out;
  const bool dates = problem->fault == ChainFault::expired || problem->fault == ChainFault::not_yet_valid;
  out.kind = dates ? PeerRejection::Kind::dates : PeerRejection::Kind::chain;
  out.cause = "the peer's certificate is refused: " + problem->text;
  out.identities = sip_identities(chain.front());
  out.alert = alert_for(problem->fault);
  return out;
}

// RFC 8446 §4.4.2.2, RFC 8422 §2.2: keys that are no RSA keys do nothing in TLS but sign. An RSA key may
// encrypt instead, which the check of the chain looks at.
std::optional<PeerRejection> check_signing_key(const Config& config, const Certificate& leaf) {
  const bool may = leaf.key_type == crypto::KeyType::rsa || config.deviations.ignore_usage ||
                   crypto::allows(leaf, crypto::KeyUsage::digital_signature);
  if (may) return std::nullopt;
  PeerRejection out;
  out.cause =
      "the peer's certificate is refused: the key of \"" + leaf.subject + "\" may not be used to sign";
  out.identities = sip_identities(leaf);
  out.alert = unsupported_certificate;
  return out;
}

} // namespace

std::vector<std::string> sip_identities(const Certificate& certificate, IdentityRules rules) {
  std::vector<std::string> out;
  for (const std::string& uri : certificate.uris) {
    std::string host = host_of_sip_uri(uri);
    if (!host.empty()) out.push_back(std::move(host));
  }
  if (out.empty()) out = certificate.dns_names;
  const bool alternatives =
      !certificate.uris.empty() || !certificate.dns_names.empty() || !certificate.ip_addresses.empty();
  if ((!alternatives || rules.common_name_beside_alternatives) && !certificate.common_name.empty())
    out.push_back(certificate.common_name);
  out.insert(out.end(), certificate.ip_addresses.begin(), certificate.ip_addresses.end());
  return out;
}

bool identity_matches(const Certificate& certificate, std::string_view domain, const Deviations& deviations) {
  const auto names = sip_identities(certificate, {deviations.accept_common_name});
  return std::ranges::any_of(names, [&](const std::string& name) {
    return iequals(name, domain) || (deviations.accept_wildcard && wildcard_matches(name, domain));
  });
}

std::optional<PeerRejection> validate_peer(const Config& config, std::span<const Certificate> roots,
                                           const std::vector<Bytes>& presented, const std::string& identity,
                                           Instant now) {
  if (config.verify == Verify::none) return std::nullopt;
  if (presented.empty()) {
    if (config.verify == Verify::chain_if_given || config.deviations.ignore_missing_certificate)
      return std::nullopt;
    return missing();
  }
  std::vector<Certificate> chain;
  for (const Bytes& der : presented) {
    auto parsed = crypto::parse_certificate(der);
    if (!parsed)
      return PeerRejection{PeerRejection::Kind::chain,
                           "the peer's certificate cannot be read: " + parsed.error().what,
                           {},
                           {},
                           bad_certificate};
    chain.push_back(std::move(*parsed));
  }
  if (auto problem = check_the_chain(config, roots, chain, now)) return problem;
  if (auto problem = check_signing_key(config, chain.front())) return problem;
  const bool by_name = config.verify_identity && !identity.empty() && !config.deviations.ignore_identity;
  if (!by_name || identity_matches(chain.front(), identity, config.deviations)) return std::nullopt;
  PeerRejection out;
  out.kind = PeerRejection::Kind::identity;
  out.expected_identity = identity;
  out.identities = sip_identities(chain.front());
  out.cause = "the peer's certificate is not for " + identity + ": it is for " + listed(out.identities);
  out.alert = bad_certificate;
  return out;
}

} // namespace sipvet::tls
