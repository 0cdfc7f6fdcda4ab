#include "tlswire/protection_common.hpp"

#include "tlswire/version.hpp"

#include <algorithm>
#include <string>

namespace sipvet::tlswire {
namespace {

Result<void> check_length(std::string_view what, std::size_t expected, std::size_t got) {
  if (expected == got) return {};
  return fail("expected " + std::to_string(expected) + " octets of " + std::string(what) + ", got " +
              std::to_string(got));
}

std::size_t expected_iv_octets(const ProtectionParameters& parameters) {
  const Suite& suite = *parameters.suite;
  if (parameters.version >= tls1_3) return crypto::aead_nonce_octets;
  return suite.mode() == SuiteMode::aead ? suite.fixed_iv_octets() : suite.block_octets();
}

} // namespace

Result<void> check_parameters(const ProtectionParameters& parameters) {
  if (parameters.suite == nullptr) return fail("expected a cipher suite");
  const Suite& suite = *parameters.suite;
  if (parameters.version < ssl3 || parameters.version > tls1_3)
    return fail("expected SSL 3.0 to TLS 1.3, got " + version_name(parameters.version));
  if (suite.is_tls13() != (parameters.version == tls1_3) ||
      std::max(parameters.version, tls1_0) < suite.min_version)
    return fail(std::string(suite.name) + " does not go with " + version_name(parameters.version));
  SIPVET_CHECK(check_length("MAC key", suite.mac_key_octets(), parameters.keys.mac_key.size()));
  SIPVET_CHECK(check_length("key", suite.key_octets(), parameters.keys.key.size()));
  if (suite.mode() == SuiteMode::stream || has_explicit_iv(parameters)) return {};
  return check_length("IV", expected_iv_octets(parameters), parameters.keys.iv.size());
}

crypto::BlockCipher block_cipher_of(SuiteCipher cipher) {
  switch (cipher) {
  case SuiteCipher::tdes_cbc:
    return crypto::BlockCipher::tdes;
  case SuiteCipher::aes_256_cbc:
    return crypto::BlockCipher::aes256;
  case SuiteCipher::des_cbc:
    return crypto::BlockCipher::des;
  case SuiteCipher::camellia_128_cbc:
    return crypto::BlockCipher::camellia128;
  case SuiteCipher::camellia_256_cbc:
    return crypto::BlockCipher::camellia256;
  case SuiteCipher::aria_128_cbc:
    return crypto::BlockCipher::aria128;
  case SuiteCipher::aria_256_cbc:
    return crypto::BlockCipher::aria256;
  case SuiteCipher::seed_cbc:
    return crypto::BlockCipher::seed;
  default:
    return crypto::BlockCipher::aes128;
  }
}

crypto::AeadCipher aead_cipher_of(SuiteCipher cipher) {
  switch (cipher) {
  case SuiteCipher::aes_256_gcm:
    return crypto::AeadCipher::aes_256_gcm;
  case SuiteCipher::aes_128_ccm:
    return crypto::AeadCipher::aes_128_ccm;
  case SuiteCipher::aes_256_ccm:
    return crypto::AeadCipher::aes_256_ccm;
  case SuiteCipher::aes_128_ccm_8:
    return crypto::AeadCipher::aes_128_ccm_8;
  case SuiteCipher::aes_256_ccm_8:
    return crypto::AeadCipher::aes_256_ccm_8;
  case SuiteCipher::chacha20_poly1305:
    return crypto::AeadCipher::chacha20_poly1305;
  case SuiteCipher::aria_128_gcm:
    return crypto::AeadCipher::aria_128_gcm;
  case SuiteCipher::aria_256_gcm:
    return crypto::AeadCipher::aria_256_gcm;
  case SuiteCipher::camellia_128_gcm:
    return crypto::AeadCipher::camellia_128_gcm;
  case SuiteCipher::camellia_256_gcm:
    return crypto::AeadCipher::camellia_256_gcm;
  default:
    return crypto::AeadCipher::aes_128_gcm;
  }
}

bool has_explicit_nonce(const ProtectionParameters& parameters) {
  return parameters.version < tls1_3 && parameters.suite->mode() == SuiteMode::aead &&
         parameters.suite->cipher != SuiteCipher::chacha20_poly1305;
}

bool has_explicit_iv(const ProtectionParameters& parameters) {
  return parameters.version > tls1_0 && parameters.suite->mode() == SuiteMode::cbc;
}

std::array<std::uint8_t, 8> sequence_octets(std::uint64_t sequence) {
  std::array<std::uint8_t, 8> out{};
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(sequence >> (56 - 8 * i));
  return out;
}

Nonce explicit_nonce(ByteView fixed, ByteView from_record) {
  Nonce nonce{};
  std::copy(fixed.begin(), fixed.end(), nonce.begin());
  std::copy(from_record.begin(), from_record.end(),
            nonce.begin() + static_cast<std::ptrdiff_t>(fixed.size()));
  return nonce;
}

Nonce xored_nonce(ByteView iv, std::uint64_t sequence) {
  Nonce nonce{};
  std::copy(iv.begin(), iv.end(), nonce.begin());
  const auto octets = sequence_octets(sequence);
  for (std::size_t i = 0; i < octets.size(); ++i) nonce[nonce.size() - octets.size() + i] ^= octets[i];
  return nonce;
}

PseudoHeader pseudo_header(std::uint64_t sequence, ContentType type, std::uint16_t version,
                           std::size_t length) {
  PseudoHeader header{};
  const auto octets = sequence_octets(sequence);
  std::copy(octets.begin(), octets.end(), header.begin());
  header[8] = static_cast<std::uint8_t>(type);
  header[9] = static_cast<std::uint8_t>(version >> 8);
  header[10] = static_cast<std::uint8_t>(version);
  header[11] = static_cast<std::uint8_t>(length >> 8);
  header[12] = static_cast<std::uint8_t>(length);
  return header;
}

OuterHeader outer_header(std::uint16_t version, std::size_t length) {
  return {static_cast<std::uint8_t>(ContentType::application_data), static_cast<std::uint8_t>(version >> 8),
          static_cast<std::uint8_t>(version), static_cast<std::uint8_t>(length >> 8),
          static_cast<std::uint8_t>(length)};
}

} // namespace sipvet::tlswire
