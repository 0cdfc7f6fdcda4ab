// Whether the other side's certificates are to be trusted, and are those of whom we wanted: RFC 5280 for the
// chain, RFC 5922 §7 for the identity.
#pragma once

#include "base/clock.hpp"
#include "crypto/certificate.hpp"
#include "tls/engine.hpp"
#include "tls/peer_rejection.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::tls {

// RFC 5922 §7.1: the host of each SIP URI without a user part in the subjectAltName; where there is none, its
// DNS names; the common name only where there is no subjectAltName at all. IP addresses of the subjectAltName
// come last: the RFC has no place for them, and lab gear without a name is reached by address.
struct IdentityRules {
  bool common_name_beside_alternatives = false;
};
std::vector<std::string> sip_identities(const crypto::Certificate& certificate, IdentityRules rules = {});

// RFC 5922 §7.2: the whole domain, regardless of case; no wildcard, no suffix, no subdomain.
bool identity_matches(const crypto::Certificate& certificate, std::string_view domain,
                      const Deviations& deviations);

// Nothing: accepted. `presented` is what the other side sent, leaf first; `roots` the configuration's, read;
// `identity` whom the certificate must be for, empty: not checked.
std::optional<PeerRejection> validate_peer(const Config& config, std::span<const crypto::Certificate> roots,
                                           const std::vector<Bytes>& presented, const std::string& identity,
                                           Instant now);

} // namespace sipvet::tls
