// Tables of signature schemes and groups.
#include "tlswire/named_groups.hpp"
#include "tlswire/rfc8448_trace.hpp"
#include "tlswire/signature_schemes.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace sipvet;
using namespace sipvet::tlswire;

BOOST_AUTO_TEST_SUITE(registries)

BOOST_AUTO_TEST_CASE(schemes_are_unique_and_found) {
  std::uint16_t before = 0;
  std::set<std::string_view> names;
  for (const SignatureScheme& each : all_signature_schemes()) {
    BOOST_TEST(each.code > before);
    before = each.code;
    BOOST_TEST(names.insert(each.name).second);
    BOOST_TEST(find_signature_scheme(each.code) == &each);
    BOOST_TEST(find_signature_scheme(each.name) == &each);
    BOOST_TEST(signature_scheme_name(each.code) == each.name);
    const bool own_hash = each.key == SchemeKey::ed25519 || each.key == SchemeKey::ed448;
    BOOST_TEST(each.hash.has_value() == !own_hash);
    BOOST_TEST((each.group_in_tls13 != 0) == (each.key == SchemeKey::ecdsa && each.in_tls13));
  }
  BOOST_TEST(find_signature_scheme(std::uint16_t{0x0402}) == nullptr);
  BOOST_TEST(find_signature_scheme("dsa_sha256") == nullptr);
  BOOST_TEST(signature_scheme_name(0x0402) == "0x0402");
}

// RFC 8446 §4.2.3: PKCS#1 and SHA-1 do not sign TLS 1.3 messages.
BOOST_AUTO_TEST_CASE(what_tls13_signs_with) {
  for (const SignatureScheme& each : all_signature_schemes()) {
    const bool old = each.key == SchemeKey::rsa_pkcs1 || each.hash == crypto::Hash::sha1;
    BOOST_TEST_CONTEXT(each.name) BOOST_TEST(each.in_tls13 == !old);
  }
  const SignatureScheme& ecdsa = *find_signature_scheme("ecdsa_secp384r1_sha384");
  BOOST_TEST(ecdsa.code == 0x0503);
  BOOST_TEST((ecdsa.hash == crypto::Hash::sha384));
  BOOST_TEST(ecdsa.group_in_tls13 == group::secp384r1);
  BOOST_TEST(find_signature_scheme("rsa_pss_pss_sha256")->pss_certificate);
  BOOST_TEST(!find_signature_scheme("rsa_pss_rsae_sha256")->pss_certificate);
}

BOOST_AUTO_TEST_CASE(groups) {
  for (const NamedGroup& each : all_named_groups()) {
    BOOST_TEST(find_named_group(each.code) == &each);
    BOOST_TEST(find_named_group(each.name) == &each);
    BOOST_TEST(named_group_name(each.code) == each.name);
    BOOST_TEST(each.finite_field == (each.code >= 256));
  }
  BOOST_TEST(find_named_group("secp521r1")->public_octets == 133u);
  BOOST_TEST(find_named_group(group::ffdhe3072)->public_octets == 384u);
  BOOST_TEST(find_named_group(std::uint16_t{22}) == nullptr);
  BOOST_TEST(named_group_name(0x2a2a) == "0x2a2a");
}

BOOST_AUTO_TEST_SUITE_END()
