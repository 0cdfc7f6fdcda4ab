#include "crypto/kdf.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

namespace {
Bytes hex(std::string_view text) { return from_hex(text).value(); }
} // namespace

BOOST_AUTO_TEST_SUITE(kdf)

// The vectors posted to the IETF TLS working group's list for the TLS 1.2 PRF.
BOOST_AUTO_TEST_CASE(tls12_prf_sha256) {
  BOOST_TEST(
      to_hex(tls12_prf(Hash::sha256, hex("9bbe436ba940f017b17652849a71db35"), "test label",
                       hex("a0ba9f936cda311827a6f796ffd5198c"), 100)) ==
      "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af"
      "0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
      "87347b66");
}

BOOST_AUTO_TEST_CASE(tls12_prf_sha384) {
  BOOST_TEST(
      to_hex(tls12_prf(Hash::sha384, hex("b80b733d6ceefcdc71566ea48e5567df"), "test label",
                       hex("cd665cf6a8447dd6ff8b27555edb7465"), 148)) ==
      "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0"
      "e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259"
      "b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d"
      "73e56f");
}

// The vector posted to the same list for the PRF of TLS 1.0.
BOOST_AUTO_TEST_CASE(tls10_prf_vector) {
  BOOST_TEST(
      to_hex(tls10_prf(Bytes(48, 0xab), "PRF Testvector", Bytes(64, 0xcd), 104)) ==
      "d3d4d1e349b5d515044666d51de32bab258cb521b6b053463e354832fd976754443bcf9a296519bc289abcbc1187e4eb"
      "d31e602353776c408aafb74cbc85eff69255f9788faa184cbb957a9819d84a5d7eb006eb459d3ae8de9810454b8b2d8f1"
      "afbc655a8c9a013");
}

// RFC 5869 appendix A.1 and A.3.
BOOST_AUTO_TEST_CASE(hkdf_sha256) {
  const Bytes prk = hkdf_extract(Hash::sha256, hex("000102030405060708090a0b0c"), Bytes(22, 0x0b));
  BOOST_TEST(to_hex(prk) == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
  BOOST_TEST(to_hex(hkdf_expand(Hash::sha256, prk, hex("f0f1f2f3f4f5f6f7f8f9"), 42)) ==
             "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  const Bytes unsalted = hkdf_extract(Hash::sha256, {}, Bytes(22, 0x0b));
  BOOST_TEST(to_hex(hkdf_expand(Hash::sha256, unsalted, {}, 42)) ==
             "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

// RFC 8448 §3.
BOOST_AUTO_TEST_CASE(hkdf_expand_label_of_tls13) {
  const Bytes secret = hex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
  BOOST_TEST(to_hex(hkdf_expand_label(Hash::sha256, secret, "key", {}, 16)) ==
             "3fce516009c21727d0f2e4e86ee403bc");
  BOOST_TEST(to_hex(hkdf_expand_label(Hash::sha256, secret, "iv", {}, 12)) == "5d313eb2671276ee13000b30");
}

BOOST_AUTO_TEST_SUITE_END()
