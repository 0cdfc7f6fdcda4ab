#include "tlswire/signature_schemes.hpp"

#include "tlswire/code_name.hpp"

#include <algorithm>
#include <array>

namespace sipvet::tlswire {
namespace {

using crypto::Hash;
constexpr auto no_hash = std::nullopt;

// clang-format off
constexpr std::array<SignatureScheme, 16> schemes{{
    {0x0201, "rsa_pkcs1_sha1",         SchemeKey::rsa_pkcs1, Hash::sha1,   false, 0,  false},
    {0x0203, "ecdsa_sha1",             SchemeKey::ecdsa,     Hash::sha1,   false, 0,  false},
    {0x0401, "rsa_pkcs1_sha256",       SchemeKey::rsa_pkcs1, Hash::sha256, false, 0,  false},
    {0x0403, "ecdsa_secp256r1_sha256", SchemeKey::ecdsa,     Hash::sha256, true,  23, false},
    {0x0501, "rsa_pkcs1_sha384",       SchemeKey::rsa_pkcs1, Hash::sha384, false, 0,  false},
    {0x0503, "ecdsa_secp384r1_sha384", SchemeKey::ecdsa,     Hash::sha384, true,  24, false},
    {0x0601, "rsa_pkcs1_sha512",       SchemeKey::rsa_pkcs1, Hash::sha512, false, 0,  false},
    {0x0603, "ecdsa_secp521r1_sha512", SchemeKey::ecdsa,     Hash::sha512, true,  25, false},
    {0x0804, "rsa_pss_rsae_sha256",    SchemeKey::rsa_pss,   Hash::sha256, true,  0,  false},
    {0x0805, "rsa_pss_rsae_sha384",    SchemeKey::rsa_pss,   Hash::sha384, true,  0,  false},
    {0x0806, "rsa_pss_rsae_sha512",    SchemeKey::rsa_pss,   Hash::sha512, true,  0,  false},
    {0x0807, "ed25519",                SchemeKey::ed25519,   no_hash,      true,  0,  false},
    {0x0808, "ed448",                  SchemeKey::ed448,     no_hash,      true,  0,  false},
    {0x0809, "rsa_pss_pss_sha256",     SchemeKey::rsa_pss,   Hash::sha256, true,  0,  true},
    {0x080a, "rsa_pss_pss_sha384",     SchemeKey::rsa_pss,   Hash::sha384, true,  0,  true},
    {0x080b, "rsa_pss_pss_sha512",     SchemeKey::rsa_pss,   Hash::sha512, true,  0,  true},
}};
// clang-format on

template <typename Matches>
const SignatureScheme* find_if(Matches matches) {
  const auto* const at = std::find_if(schemes.begin(), schemes.end(), matches);
  return at != schemes.end() ? at : nullptr;
}

} // namespace

std::span<const SignatureScheme> all_signature_schemes() { return schemes; }

const SignatureScheme* find_signature_scheme(std::uint16_t code) {
  return find_if([&](const SignatureScheme& each) { return each.code == code; });
}

const SignatureScheme* find_signature_scheme(std::string_view name) {
  return find_if([&](const SignatureScheme& each) { return each.name == name; });
}

std::string signature_scheme_name(std::uint16_t code) {
  const SignatureScheme* known = find_signature_scheme(code);
  return known != nullptr ? std::string(known->name) : hex_code(code);
}

} // namespace sipvet::tlswire
