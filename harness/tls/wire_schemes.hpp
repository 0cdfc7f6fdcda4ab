// From the codes of signature schemes and groups on the wire to what crypto/ can do, and which of them is
// used.
#pragma once

#include "crypto/group.hpp"
#include "crypto/rsa.hpp"
#include "crypto/signature.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sipvet::tls {

std::optional<crypto::SignatureAlgorithm> algorithm_of(std::uint16_t scheme);
std::optional<crypto::Group> group_of(std::uint16_t code);

// What a hello says we can verify, most preferred first; SHA-1 at security level 0 only.
std::span<const std::uint16_t> verified_schemes(int security_level);

// Whether a key of that type and curve may sign with the scheme at that version.
bool scheme_fits(std::uint16_t scheme, crypto::KeyType type, std::optional<crypto::Group> curve,
                 std::uint16_t version);

// The first of our preference that the peer takes and the key can do; `peer` empty: what RFC 5246 §7.4.1.4.1
// supposes of a silent peer. Nothing when there is none. TLS 1.2 and 1.3.
std::optional<std::uint16_t> choose_scheme(const crypto::PrivateKey& key, std::span<const std::uint16_t> peer,
                                           std::uint16_t version);

// What TLS 1.0 and 1.1 sign with, which have no schemes (RFC 4346 §7.4.3, RFC 8422 §5.4).
crypto::SignatureAlgorithm algorithm_before_12(crypto::KeyType type);

} // namespace sipvet::tls
