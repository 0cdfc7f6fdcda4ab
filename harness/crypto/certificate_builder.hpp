// Certificates made field by field, right or wrong, as a plan says; for this folder's .cpp files only.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "crypto/alternative_names.hpp"
#include "crypto/certificate.hpp"
#include "crypto/distinguished_name.hpp"
#include "crypto/hash.hpp"
#include "crypto/usage.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sipvet::crypto {

struct CertificatePlan {
  std::vector<SubjectField> subject = {};
  Bytes subject_der = {}; // a Name that is copied as it is; goes before `subject`
  Bytes public_key_der = {};
  Instant not_before = {};
  Instant not_after = {};
  bool is_ca = false;
  std::optional<int> path_length = std::nullopt;
  std::vector<KeyUsage> key_usage = {};   // empty: no such extension
  std::vector<std::string> purposes = {}; // empty: no extendedKeyUsage
  AlternativeNames names = {};
  Hash digest = Hash::sha256; // Ed25519 has its own
};

// Signed with `signer`, whose certificate is `issuer`; null for a certificate that signs itself. PEM.
Result<std::string> build_certificate(const CertificatePlan& plan, const Certificate* issuer,
                                      const PrivateKey& signer, Random& random);

} // namespace sipvet::crypto
