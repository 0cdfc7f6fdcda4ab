// The table of suites.hpp: codes and names from IANA's registry, parts from the RFCs that define them (RFC
// 5246, 4279, 4492, 5288, 5289, 5487, 5489, 6655, 7251, 7905, 8442, 8446).
#include "tlswire/suites.hpp"
#include "tlswire/version.hpp"

#include <algorithm>
#include <iterator>

namespace sipvet::tlswire {
namespace {

using KX = KeyExchange;
using C = SuiteCipher;
using enum crypto::Hash;
constexpr std::nullopt_t none = std::nullopt;

// In the order of codes. Columns: code, name, key exchange, cipher, MAC, hash of the TLS 1.2 PRF or TLS 1.3
// HKDF, first version. clang-format off keeps a suite on one line.
// clang-format off
constexpr Suite suites[] = {
    {0x0001, "TLS_RSA_WITH_NULL_MD5", KX::rsa, C::null, md5, sha256, tls1_0},
    {0x0002, "TLS_RSA_WITH_NULL_SHA", KX::rsa, C::null, sha1, sha256, tls1_0},
    {0x0004, "TLS_RSA_WITH_RC4_128_MD5", KX::rsa, C::rc4_128, md5, sha256, tls1_0},
    {0x0005, "TLS_RSA_WITH_RC4_128_SHA", KX::rsa, C::rc4_128, sha1, sha256, tls1_0},
    {0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", KX::rsa, C::tdes_cbc, sha1, sha256, tls1_0},
    {0x0013, "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA", KX::dhe_dss, C::tdes_cbc, sha1, sha256, tls1_0},
    {0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", KX::dhe_rsa, C::tdes_cbc, sha1, sha256, tls1_0},
    {0x0018, "TLS_DH_anon_WITH_RC4_128_MD5", KX::dh_anon, C::rc4_128, md5, sha256, tls1_0},
    {0x001b, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA", KX::dh_anon, C::tdes_cbc, sha1, sha256, tls1_0},
    {0x002c, "TLS_PSK_WITH_NULL_SHA", KX::psk, C::null, sha1, sha256, tls1_0},
    {0x002d, "TLS_DHE_PSK_WITH_NULL_SHA", KX::dhe_psk, C::null, sha1, sha256, tls1_0},
    {0x002e, "TLS_RSA_PSK_WITH_NULL_SHA", KX::rsa_psk, C::null, sha1, sha256, tls1_0},
    {0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA", KX::rsa, C::aes_128_cbc, sha1, sha256, tls1_0},
    {0x0032, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA", KX::dhe_dss, C::aes_128_cbc, sha1, sha256, tls1_0},
    {0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", KX::dhe_rsa, C::aes_128_cbc, sha1, sha256, tls1_0},
    {0x0034, "TLS_DH_anon_WITH_AES_128_CBC_SHA", KX::dh_anon, C::aes_128_cbc, sha1, sha256, tls1_0},
    {0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", KX::rsa, C::aes_256_cbc, sha1, sha256, tls1_0},
    {0x0038, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA", KX::dhe_dss, C::aes_256_cbc, sha1, sha256, tls1_0},
    {0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", KX::dhe_rsa, C::aes_256_cbc, sha1, sha256, tls1_0},
    {0x003a, "TLS_DH_anon_WITH_AES_256_CBC_SHA", KX::dh_anon, C::aes_256_cbc, sha1, sha256, tls1_0},
    {0x003b, "TLS_RSA_WITH_NULL_SHA256", KX::rsa, C::null, sha256, sha256, tls1_2},
    {0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256", KX::rsa, C::aes_128_cbc, sha256, sha256, tls1_2},
    {0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256", KX::rsa, C::aes_256_cbc, sha256, sha256, tls1_2},
    {0x0040, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256", KX::dhe_dss, C::aes_128_cbc, sha256, sha256, tls1_2},
    {0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", KX::dhe_rsa, C::aes_128_cbc, sha256, sha256, tls1_2},
    {0x006a, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA256", KX::dhe_dss, C::aes_256_cbc, sha256, sha256, tls1_2},
    {0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", KX::dhe_rsa, C::aes_256_cbc, sha256, sha256, tls1_2},
    {0x006c, "TLS_DH_anon_WITH_AES_128_CBC_SHA256", KX::dh_anon, C::aes_128_cbc, sha256, sha256, tls1_2},
    {0x006d, "TLS_DH_anon_WITH_AES_256_CBC_SHA256", KX::dh_anon, C::aes_256_cbc, sha256, sha256, tls1_2},
    {0x008a, "TLS_PSK_WITH_RC4_128_SHA", KX::psk, C::rc4_128, sha1, sha256, tls1_0},
    {0x008b, "TLS_PSK_WITH_3DES_EDE_CBC_SHA", KX::psk, C::tdes_cbc, sha1, sha256, tls1_0},
    {0x008c, "TLS_PSK_WITH_AES_128_CBC_SHA", KX::psk, C::aes_128_cbc, sha1, sha256, tls1_0},
    {0x008d, "TLS_PSK_WITH_AES_256_CBC_SHA", KX::psk, C::aes_256_cbc, sha1, sha256, tls1_0},
    {0x008e, "TLS_DHE_PSK_WITH_RC4_128_SHA", KX::dhe_psk, C::rc4_128, sha1, sha256, tls1_0},
    {0x008f, "TLS_DHE_PSK_WITH_3DES_EDE_CBC_SHA", KX::dhe_psk, C::tdes_cbc, sha1, sha256, tls1_0},
    {0x0090, "TLS_DHE_PSK_WITH_AES_128_CBC_SHA", KX::dhe_psk, C::aes_128_cbc, sha1, sha256, tls1_0},
    {0x0091, "TLS_DHE_PSK_WITH_AES_256_CBC_SHA", KX::dhe_psk, C::aes_256_cbc, sha1, sha256, tls1_0},
    {0x0092, "TLS_RSA_PSK_WITH_RC4_128_SHA", KX::rsa_psk, C::rc4_128, sha1, sha256, tls1_0},
    {0x0093, "TLS_RSA_PSK_WITH_3DES_EDE_CBC_SHA", KX::rsa_psk, C::tdes_cbc, sha1, sha256, tls1_0},
    {0x0094, "TLS_RSA_PSK_WITH_AES_128_CBC_SHA", KX::rsa_psk, C::aes_128_cbc, sha1, sha256, tls1_0},
    {0x0095, "TLS_RSA_PSK_WITH_AES_256_CBC_SHA", KX::rsa_psk, C::aes_256_cbc, sha1, sha256, tls1_0},
    {0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", KX::rsa, C::aes_128_gcm, none, sha256, tls1_2},
    {0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384", KX::rsa, C::aes_256_gcm, none, sha384, tls1_2},
    {0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", KX::dhe_rsa, C::aes_128_gcm, none, sha256, tls1_2},
    {0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", KX::dhe_rsa, C::aes_256_gcm, none, sha384, tls1_2},
    {0x00a2, "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256", KX::dhe_dss, C::aes_128_gcm, none, sha256, tls1_2},
    {0x00a3, "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384", KX::dhe_dss, C::aes_256_gcm, none, sha384, tls1_2},
    {0x00a6, "TLS_DH_anon_WITH_AES_128_GCM_SHA256", KX::dh_anon, C::aes_128_gcm, none, sha256, tls1_2},
    {0x00a7, "TLS_DH_anon_WITH_AES_256_GCM_SHA384", KX::dh_anon, C::aes_256_gcm, none, sha384, tls1_2},
    {0x00a8, "TLS_PSK_WITH_AES_128_GCM_SHA256", KX::psk, C::aes_128_gcm, none, sha256, tls1_2},
    {0x00a9, "TLS_PSK_WITH_AES_256_GCM_SHA384", KX::psk, C::aes_256_gcm, none, sha384, tls1_2},
    {0x00aa, "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256", KX::dhe_psk, C::aes_128_gcm, none, sha256, tls1_2},
    {0x00ab, "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384", KX::dhe_psk, C::aes_256_gcm, none, sha384, tls1_2},
    {0x00ac, "TLS_RSA_PSK_WITH_AES_128_GCM_SHA256", KX::rsa_psk, C::aes_128_gcm, none, sha256, tls1_2},
    {0x00ad, "TLS_RSA_PSK_WITH_AES_256_GCM_SHA384", KX::rsa_psk, C::aes_256_gcm, none, sha384, tls1_2},
    {0x00ae, "TLS_PSK_WITH_AES_128_CBC_SHA256", KX::psk, C::aes_128_cbc, sha256, sha256, tls1_2},
    {0x00af, "TLS_PSK_WITH_AES_256_CBC_SHA384", KX::psk, C::aes_256_cbc, sha384, sha384, tls1_2},
    {0x00b0, "TLS_PSK_WITH_NULL_SHA256", KX::psk, C::null, sha256, sha256, tls1_2},
    {0x00b1, "TLS_PSK_WITH_NULL_SHA384", KX::psk, C::null, sha384, sha384, tls1_2},
    {0x00b2, "TLS_DHE_PSK_WITH_AES_128_CBC_SHA256", KX::dhe_psk, C::aes_128_cbc, sha256, sha256, tls1_2},
    {0x00b3, "TLS_DHE_PSK_WITH_AES_256_CBC_SHA384", KX::dhe_psk, C::aes_256_cbc, sha384, sha384, tls1_2},
    {0x00b4, "TLS_DHE_PSK_WITH_NULL_SHA256", KX::dhe_psk, C::null, sha256, sha256, tls1_2},
    {0x00b5, "TLS_DHE_PSK_WITH_NULL_SHA384", KX::dhe_psk, C::null, sha384, sha384, tls1_2},
    {0x00b6, "TLS_RSA_PSK_WITH_AES_128_CBC_SHA256", KX::rsa_psk, C::aes_128_cbc, sha256, sha256, tls1_2},
    {0x00b7, "TLS_RSA_PSK_WITH_AES_256_CBC_SHA384", KX::rsa_psk, C::aes_256_cbc, sha384, sha384, tls1_2},
    {0x00b8, "TLS_RSA_PSK_WITH_NULL_SHA256", KX::rsa_psk, C::null, sha256, sha256, tls1_2},
    {0x00b9, "TLS_RSA_PSK_WITH_NULL_SHA384", KX::rsa_psk, C::null, sha384, sha384, tls1_2},
    {0x1301, "TLS_AES_128_GCM_SHA256", KX::any, C::aes_128_gcm, none, sha256, tls1_3},
    {0x1302, "TLS_AES_256_GCM_SHA384", KX::any, C::aes_256_gcm, none, sha384, tls1_3},
    {0x1303, "TLS_CHACHA20_POLY1305_SHA256", KX::any, C::chacha20_poly1305, none, sha256, tls1_3},
    {0x1304, "TLS_AES_128_CCM_SHA256", KX::any, C::aes_128_ccm, none, sha256, tls1_3},
    {0x1305, "TLS_AES_128_CCM_8_SHA256", KX::any, C::aes_128_ccm_8, none, sha256, tls1_3},
    {0xc006, "TLS_ECDHE_ECDSA_WITH_NULL_SHA", KX::ecdhe_ecdsa, C::null, sha1, sha256, tls1_0},
    {0xc007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA", KX::ecdhe_ecdsa, C::rc4_128, sha1, sha256, tls1_0},
    {0xc008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA", KX::ecdhe_ecdsa, C::tdes_cbc, sha1, sha256, tls1_0},
    {0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", KX::ecdhe_ecdsa, C::aes_128_cbc, sha1, sha256, tls1_0},
    {0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", KX::ecdhe_ecdsa, C::aes_256_cbc, sha1, sha256, tls1_0},
    {0xc010, "TLS_ECDHE_RSA_WITH_NULL_SHA", KX::ecdhe_rsa, C::null, sha1, sha256, tls1_0},
    {0xc011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA", KX::ecdhe_rsa, C::rc4_128, sha1, sha256, tls1_0},
    {0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", KX::ecdhe_rsa, C::tdes_cbc, sha1, sha256, tls1_0},
    {0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", KX::ecdhe_rsa, C::aes_128_cbc, sha1, sha256, tls1_0},
    {0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", KX::ecdhe_rsa, C::aes_256_cbc, sha1, sha256, tls1_0},
    {0xc015, "TLS_ECDH_anon_WITH_NULL_SHA", KX::ecdh_anon, C::null, sha1, sha256, tls1_0},
    {0xc016, "TLS_ECDH_anon_WITH_RC4_128_SHA", KX::ecdh_anon, C::rc4_128, sha1, sha256, tls1_0},
    {0xc017, "TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA", KX::ecdh_anon, C::tdes_cbc, sha1, sha256, tls1_0},
    {0xc018, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA", KX::ecdh_anon, C::aes_128_cbc, sha1, sha256, tls1_0},
    {0xc019, "TLS_ECDH_anon_WITH_AES_256_CBC_SHA", KX::ecdh_anon, C::aes_256_cbc, sha1, sha256, tls1_0},
    {0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", KX::ecdhe_ecdsa, C::aes_128_cbc, sha256, sha256, tls1_2},
    {0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", KX::ecdhe_ecdsa, C::aes_256_cbc, sha384, sha384, tls1_2},
    {0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", KX::ecdhe_rsa, C::aes_128_cbc, sha256, sha256, tls1_2},
    {0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", KX::ecdhe_rsa, C::aes_256_cbc, sha384, sha384, tls1_2},
    {0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", KX::ecdhe_ecdsa, C::aes_128_gcm, none, sha256, tls1_2},
    {0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", KX::ecdhe_ecdsa, C::aes_256_gcm, none, sha384, tls1_2},
    {0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", KX::ecdhe_rsa, C::aes_128_gcm, none, sha256, tls1_2},
    {0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", KX::ecdhe_rsa, C::aes_256_gcm, none, sha384, tls1_2},
    {0xc033, "TLS_ECDHE_PSK_WITH_RC4_128_SHA", KX::ecdhe_psk, C::rc4_128, sha1, sha256, tls1_0},
    {0xc034, "TLS_ECDHE_PSK_WITH_3DES_EDE_CBC_SHA", KX::ecdhe_psk, C::tdes_cbc, sha1, sha256, tls1_0},
    {0xc035, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA", KX::ecdhe_psk, C::aes_128_cbc, sha1, sha256, tls1_0},
    {0xc036, "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA", KX::ecdhe_psk, C::aes_256_cbc, sha1, sha256, tls1_0},
    {0xc037, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256", KX::ecdhe_psk, C::aes_128_cbc, sha256, sha256, tls1_2},
    {0xc038, "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384", KX::ecdhe_psk, C::aes_256_cbc, sha384, sha384, tls1_2},
    {0xc039, "TLS_ECDHE_PSK_WITH_NULL_SHA", KX::ecdhe_psk, C::null, sha1, sha256, tls1_0},
    {0xc03a, "TLS_ECDHE_PSK_WITH_NULL_SHA256", KX::ecdhe_psk, C::null, sha256, sha256, tls1_2},
    {0xc03b, "TLS_ECDHE_PSK_WITH_NULL_SHA384", KX::ecdhe_psk, C::null, sha384, sha384, tls1_2},
    {0xc09c, "TLS_RSA_WITH_AES_128_CCM", KX::rsa, C::aes_128_ccm, none, sha256, tls1_2},
    {0xc09d, "TLS_RSA_WITH_AES_256_CCM", KX::rsa, C::aes_256_ccm, none, sha256, tls1_2},
    {0xc09e, "TLS_DHE_RSA_WITH_AES_128_CCM", KX::dhe_rsa, C::aes_128_ccm, none, sha256, tls1_2},
    {0xc09f, "TLS_DHE_RSA_WITH_AES_256_CCM", KX::dhe_rsa, C::aes_256_ccm, none, sha256, tls1_2},
    {0xc0a0, "TLS_RSA_WITH_AES_128_CCM_8", KX::rsa, C::aes_128_ccm_8, none, sha256, tls1_2},
    {0xc0a1, "TLS_RSA_WITH_AES_256_CCM_8", KX::rsa, C::aes_256_ccm_8, none, sha256, tls1_2},
    {0xc0a2, "TLS_DHE_RSA_WITH_AES_128_CCM_8", KX::dhe_rsa, C::aes_128_ccm_8, none, sha256, tls1_2},
    {0xc0a3, "TLS_DHE_RSA_WITH_AES_256_CCM_8", KX::dhe_rsa, C::aes_256_ccm_8, none, sha256, tls1_2},
    {0xc0a4, "TLS_PSK_WITH_AES_128_CCM", KX::psk, C::aes_128_ccm, none, sha256, tls1_2},
    {0xc0a5, "TLS_PSK_WITH_AES_256_CCM", KX::psk, C::aes_256_ccm, none, sha256, tls1_2},
    {0xc0a6, "TLS_DHE_PSK_WITH_AES_128_CCM", KX::dhe_psk, C::aes_128_ccm, none, sha256, tls1_2},
    {0xc0a7, "TLS_DHE_PSK_WITH_AES_256_CCM", KX::dhe_psk, C::aes_256_ccm, none, sha256, tls1_2},
    {0xc0a8, "TLS_PSK_WITH_AES_128_CCM_8", KX::psk, C::aes_128_ccm_8, none, sha256, tls1_2},
    {0xc0a9, "TLS_PSK_WITH_AES_256_CCM_8", KX::psk, C::aes_256_ccm_8, none, sha256, tls1_2},
    {0xc0aa, "TLS_PSK_DHE_WITH_AES_128_CCM_8", KX::dhe_psk, C::aes_128_ccm_8, none, sha256, tls1_2},
    {0xc0ab, "TLS_PSK_DHE_WITH_AES_256_CCM_8", KX::dhe_psk, C::aes_256_ccm_8, none, sha256, tls1_2},
    {0xc0ac, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", KX::ecdhe_ecdsa, C::aes_128_ccm, none, sha256, tls1_2},
    {0xc0ad, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", KX::ecdhe_ecdsa, C::aes_256_ccm, none, sha256, tls1_2},
    {0xc0ae, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", KX::ecdhe_ecdsa, C::aes_128_ccm_8, none, sha256, tls1_2},
    {0xc0af, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8", KX::ecdhe_ecdsa, C::aes_256_ccm_8, none, sha256, tls1_2},
    {0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", KX::ecdhe_rsa, C::chacha20_poly1305, none, sha256, tls1_2},
    {0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", KX::ecdhe_ecdsa, C::chacha20_poly1305, none, sha256, tls1_2},
    {0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", KX::dhe_rsa, C::chacha20_poly1305, none, sha256, tls1_2},
    {0xccab, "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256", KX::psk, C::chacha20_poly1305, none, sha256, tls1_2},
    {0xccac, "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256", KX::ecdhe_psk, C::chacha20_poly1305, none, sha256, tls1_2},
    {0xccad, "TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256", KX::dhe_psk, C::chacha20_poly1305, none, sha256, tls1_2},
    {0xccae, "TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256", KX::rsa_psk, C::chacha20_poly1305, none, sha256, tls1_2},
    {0xd001, "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256", KX::ecdhe_psk, C::aes_128_gcm, none, sha256, tls1_2},
    {0xd002, "TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384", KX::ecdhe_psk, C::aes_256_gcm, none, sha384, tls1_2},
    {0xd003, "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256", KX::ecdhe_psk, C::aes_128_ccm_8, none, sha256, tls1_2},
    {0xd005, "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256", KX::ecdhe_psk, C::aes_128_ccm, none, sha256, tls1_2},
};
// clang-format on

} // namespace

std::span<const Suite> all_suites() { return suites; }

const Suite* find_suite(std::uint16_t code) {
  const auto* const at =
      std::lower_bound(std::begin(suites), std::end(suites), code,
                       [](const Suite& suite, std::uint16_t wanted) { return suite.code < wanted; });
  return at != std::end(suites) && at->code == code ? at : nullptr;
}

const Suite* find_suite(std::string_view iana_name) {
  const auto* const at = std::find_if(std::begin(suites), std::end(suites),
                                      [&](const Suite& suite) { return suite.name == iana_name; });
  return at != std::end(suites) ? at : nullptr;
}

} // namespace sipvet::tlswire
