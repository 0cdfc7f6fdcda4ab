#include "tlswire/suites.hpp"

#include "tlswire/code_name.hpp"

#include <array>

namespace sipvet::tlswire {
namespace {

struct CipherProperties {
  SuiteMode mode;
  std::size_t key_octets;
  std::size_t block_octets;
  std::size_t fixed_iv_octets;
  std::size_t tag_octets;
};
// In the order of SuiteCipher.
constexpr std::array<CipherProperties, 19> ciphers{{
    {SuiteMode::stream, 0, 0, 0, 0},  // null
    {SuiteMode::stream, 16, 0, 0, 0}, // rc4_128
    {SuiteMode::cbc, 24, 8, 0, 0},    // tdes_cbc
    {SuiteMode::cbc, 16, 16, 0, 0},   // aes_128_cbc
    {SuiteMode::cbc, 32, 16, 0, 0},   // aes_256_cbc
    {SuiteMode::aead, 16, 0, 4, 16},  // aes_128_gcm
    {SuiteMode::aead, 32, 0, 4, 16},  // aes_256_gcm
    {SuiteMode::aead, 16, 0, 4, 16},  // aes_128_ccm
    {SuiteMode::aead, 32, 0, 4, 16},  // aes_256_ccm
    {SuiteMode::aead, 16, 0, 4, 8},   // aes_128_ccm_8
    {SuiteMode::aead, 32, 0, 4, 8},   // aes_256_ccm_8
    {SuiteMode::aead, 32, 0, 12, 16}, // chacha20_poly1305
    {SuiteMode::cbc, 8, 8, 0, 0},     // des_cbc
    {SuiteMode::cbc, 16, 16, 0, 0},   // camellia_128_cbc
    {SuiteMode::cbc, 32, 16, 0, 0},   // camellia_256_cbc
    {SuiteMode::cbc, 16, 16, 0, 0},   // aria_128_cbc
    {SuiteMode::cbc, 32, 16, 0, 0},   // aria_256_cbc
    {SuiteMode::aead, 16, 0, 4, 16},  // aria_128_gcm
    {SuiteMode::aead, 32, 0, 4, 16},  // aria_256_gcm
}};
const CipherProperties& of(SuiteCipher cipher) { return ciphers[static_cast<std::size_t>(cipher)]; }

// In the order of KeyExchange.
constexpr std::array<std::string_view, 16> exchange_names{
    "any", "RSA",     "DHE_RSA", "DHE_DSS",   "ECDHE_RSA", "ECDHE_ECDSA", "DH_anon",    "ECDH_anon",
    "PSK", "DHE_PSK", "RSA_PSK", "ECDHE_PSK", "DH_DSS",    "DH_RSA",      "ECDH_ECDSA", "ECDH_RSA"};

} // namespace

std::string_view name(KeyExchange exchange) { return exchange_names[static_cast<std::size_t>(exchange)]; }

SuiteMode Suite::mode() const { return of(cipher).mode; }
std::size_t Suite::key_octets() const { return of(cipher).key_octets; }
std::size_t Suite::mac_key_octets() const { return mac ? crypto::octets(*mac) : 0; }
std::size_t Suite::block_octets() const { return of(cipher).block_octets; }
std::size_t Suite::fixed_iv_octets() const { return of(cipher).fixed_iv_octets; }
std::size_t Suite::tag_octets() const { return of(cipher).tag_octets; }

std::string suite_name(std::uint16_t code) {
  if (const Suite* suite = find_suite(code)) return std::string(suite->name);
  return hex_code(code);
}

} // namespace sipvet::tlswire
