#include "tls/wire_schemes.hpp"

#include "tlswire/named_groups.hpp"
#include "tlswire/signature_schemes.hpp"
#include "tlswire/version.hpp"

#include <algorithm>
#include <array>

namespace sipvet::tls {
namespace {

using crypto::SignatureAlgorithm;
namespace group = tlswire::group;

struct Row {
  std::uint16_t scheme; // RFC 8446 §4.2.3
  SignatureAlgorithm algorithm;
};
constexpr Row rows[] = {
    {0x0804, SignatureAlgorithm::rsa_pss_sha256},   {0x0805, SignatureAlgorithm::rsa_pss_sha384},
    {0x0806, SignatureAlgorithm::rsa_pss_sha512},   {0x0403, SignatureAlgorithm::ecdsa_sha256},
    {0x0503, SignatureAlgorithm::ecdsa_sha384},     {0x0603, SignatureAlgorithm::ecdsa_sha512},
    {0x0807, SignatureAlgorithm::ed25519},          {0x0401, SignatureAlgorithm::rsa_pkcs1_sha256},
    {0x0501, SignatureAlgorithm::rsa_pkcs1_sha384}, {0x0601, SignatureAlgorithm::rsa_pkcs1_sha512},
    {0x0201, SignatureAlgorithm::rsa_pkcs1_sha1},   {0x0203, SignatureAlgorithm::ecdsa_sha1},
};
constexpr std::array<std::uint16_t, 12> preference = [] {
  std::array<std::uint16_t, 12> codes{};
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = rows[i].scheme;
  return codes;
}();

// RFC 5246 §7.4.1.4.1: a client without the extension takes SHA-1 with the key of its suite.
constexpr std::uint16_t silent_peer[] = {0x0201, 0x0203};

} // namespace

std::optional<SignatureAlgorithm> algorithm_of(std::uint16_t scheme) {
  for (const Row& row : rows) {
    if (row.scheme == scheme) return row.algorithm;
  }
  return std::nullopt;
}

std::optional<crypto::Group> group_of(std::uint16_t code) {
  switch (code) {
  case group::secp256r1:
    return crypto::Group::secp256r1;
  case group::secp384r1:
    return crypto::Group::secp384r1;
  case group::secp521r1:
    return crypto::Group::secp521r1;
  case group::x25519:
    return crypto::Group::x25519;
  default:
    return std::nullopt;
  }
}

std::span<const std::uint16_t> verified_schemes(int security_level) {
  // The last two of the preference are SHA-1's.
  return std::span(preference).first(security_level > 0 ? preference.size() - 2 : preference.size());
}

bool scheme_fits(std::uint16_t scheme, crypto::KeyType type, std::optional<crypto::Group> curve,
                 std::uint16_t version) {
  const auto algorithm = algorithm_of(scheme);
  if (!algorithm || crypto::key_type_of(*algorithm) != type) return false;
  if (version < tlswire::tls1_3) return true;
  const tlswire::SignatureScheme* row = tlswire::find_signature_scheme(scheme);
  if (row == nullptr || !row->in_tls13) return false;
  return row->group_in_tls13 == 0 || (curve && group_of(row->group_in_tls13) == curve);
}

std::optional<std::uint16_t> choose_scheme(const crypto::PrivateKey& key, std::span<const std::uint16_t> peer,
                                           std::uint16_t version) {
  if (peer.empty()) peer = silent_peer;
  for (const std::uint16_t scheme : preference) {
    // A 1024-bit key has no room for PSS with SHA-512 (RFC 8017 §9.1.1).
    const bool too_long = scheme == 0x0806 && key.type() == crypto::KeyType::rsa && key.bits() < 1040;
    if (too_long || std::ranges::find(peer, scheme) == peer.end()) continue;
    if (scheme_fits(scheme, key.type(), key.curve(), version)) return scheme;
  }
  return std::nullopt;
}

SignatureAlgorithm algorithm_before_12(crypto::KeyType type) {
  return type == crypto::KeyType::rsa ? SignatureAlgorithm::rsa_pkcs1_md5_sha1
                                      : SignatureAlgorithm::ecdsa_sha1;
}

} // namespace sipvet::tls
