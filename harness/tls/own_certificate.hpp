// The certificates and the key of a configuration, read and checked against each other: the same for every
// engine.
#pragma once

#include "base/result.hpp"
#include "crypto/certificate.hpp"
#include "crypto/rsa.hpp"
#include "tls/engine.hpp"

#include <optional>
#include <vector>

namespace sipvet::tls {

struct OwnCertificate {
  std::vector<crypto::Certificate> chain; // leaf first; empty: none is configured
  std::optional<crypto::PrivateKey> key;
};
// Fails when a server has none, when they cannot be read, and when key and certificate are no pair.
Result<OwnCertificate> read_own_certificate(const Config& config);

// Fails when they are needed and not there, or cannot be read.
Result<std::vector<crypto::Certificate>> read_trusted_roots(const Config& config);

} // namespace sipvet::tls
