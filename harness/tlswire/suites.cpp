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
constexpr std::array<CipherProperties, 22> ciphers{{
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
    {SuiteMode::aead, 16, 0, 4, 16},  // camellia_128_gcm
    {SuiteMode::aead, 32, 0, 4, 16},  // camellia_256_gcm
    {SuiteMode::cbc, 16, 16, 0, 0},   // seed_cbc
}};
const CipherProperties& of(SuiteCipher cipher) { return ciphers[static_cast<std::size_t>(cipher)]; }

// In the order of KeyExchange.
constexpr std::array<std::string_view, 19> exchange_names{
    "any",        "RSA",      "DHE_RSA", "DHE_DSS", "ECDHE_RSA", "ECDHE_ECDSA", "DH_anon",
    "ECDH_anon",  "PSK",      "DHE_PSK", "RSA_PSK", "ECDHE_PSK", "DH_DSS",      "DH_RSA",
    "ECDH_ECDSA", "ECDH_RSA", "SRP",     "SRP_RSA", "SRP_DSS"};

// Suites of ciphers that are not in crypto/: reports name them all the same (RFC 9189, RFC 9367, RFC 8998,
// RFC 5469).
struct ForeignSuite {
  std::uint16_t code;
  std::string_view name;
};
constexpr ForeignSuite foreign_suites[] = {
    {0x0007, "TLS_RSA_WITH_IDEA_CBC_SHA"},
    {0x00c6, "TLS_SM4_GCM_SM3"},
    {0x00c7, "TLS_SM4_CCM_SM3"},
    {0xc100, "TLS_GOSTR341112_256_WITH_KUZNYECHIK_CTR_OMAC"},
    {0xc101, "TLS_GOSTR341112_256_WITH_MAGMA_CTR_OMAC"},
    {0xc102, "TLS_GOSTR341112_256_WITH_28147_CNT_IMIT"},
    {0xc103, "TLS_GOSTR341112_256_WITH_KUZNYECHIK_MGM_L"},
    {0xc104, "TLS_GOSTR341112_256_WITH_MAGMA_MGM_L"},
    {0xc105, "TLS_GOSTR341112_256_WITH_KUZNYECHIK_MGM_S"},
    {0xc106, "TLS_GOSTR341112_256_WITH_MAGMA_MGM_S"},
};

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
  for (const ForeignSuite& foreign : foreign_suites)
    if (foreign.code == code) return std::string(foreign.name);
  return hex_code(code);
}

} // namespace sipvet::tlswire
