// Configurations that cannot be used are told apart before any connection is made.
#include "tls/engine_pair.hpp"

#include "crypto/rsa.hpp"
#include "tlswire/suites.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/ssl.h>

using namespace sipvet;
using namespace sipvet::tls;
using namespace sipvet::tls::testing;

namespace {

std::string problem(const Config& config) {
  const auto checked = check_config(config);
  return checked ? "" : checked.error().what;
}

} // namespace

BOOST_AUTO_TEST_SUITE(openssl_context)

BOOST_AUTO_TEST_CASE(usable_configurations) {
  BOOST_TEST(problem(server_config()) == "");
  BOOST_TEST(problem(client_config()) == "");
}

BOOST_AUTO_TEST_CASE(certificates_and_keys) {
  Config config = server_config();
  config.certificate_pem.clear();
  BOOST_TEST(problem(config) == "a TLS server needs a certificate");
  config = server_config();
  config.private_key_pem.clear();
  BOOST_TEST(problem(config) == "the certificate has no private key with it");
  config.private_key_pem = lab().phone.private_key_pem;
  BOOST_TEST(problem(config) == "the private key does not belong to the certificate of CN=gw.example.com");
  config.private_key_pem = "nothing here";
  BOOST_TEST(problem(config) == "there is no private key: expected a PEM block PRIVATE KEY");
  config = client_config();
  config.trusted_roots_pem = "no roots";
  BOOST_TEST(problem(config) == "there is no certificate: expected a PEM block CERTIFICATE");
  config.trusted_roots_pem.clear();
  BOOST_TEST(problem(config) == "checking the peer's certificate needs trusted roots");
}

BOOST_AUTO_TEST_CASE(encrypted_keys) {
  Config config = server_config();
  const auto key = crypto::PrivateKey::from_pem(config.private_key_pem).value();
  config.private_key_pem = key.to_encrypted_pem("open sesame").value();
  BOOST_TEST(problem(config) == "the private key is encrypted and no password is given");
  config.private_key_password = "open barley";
  BOOST_TEST(problem(config) == "the password does not open the private key");
  config.private_key_password = "open sesame";
  BOOST_TEST(problem(config) == "");
}

BOOST_AUTO_TEST_CASE(cipher_names_and_versions) {
  Config config = client_config();
  config.ciphers = {"AES128-SHA"};
  BOOST_TEST(problem(config).starts_with(
      "expected an IANA cipher suite name, got AES128-SHA; known are TLS_RSA_WITH_RC4_128_MD5, "));
  config.ciphers = {"TLS_RSA_WITH_AES_128_CBC_SHAH"};
  BOOST_TEST(
      problem(config).starts_with("expected an IANA cipher suite name, got TLS_RSA_WITH_AES_128_CBC_SHAH "
                                  "(did you mean TLS_RSA_WITH_AES_128_CBC_SHA?); known are "));
  config.engine = EngineKind::openssl;
  config.ciphers = {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_RC4_128_MD5"};
  BOOST_TEST(problem(config) == "the engine openssl cannot do the cipher suite TLS_RSA_WITH_RC4_128_MD5");
  config.ciphers = {"TLS_RSA_WITH_AES_128_CBC_SHA"};
  config.min_version = Version::tls1_3;
  BOOST_TEST(problem(config) ==
             "the cipher suite TLS_RSA_WITH_AES_128_CBC_SHA goes with TLSv1.0 to TLSv1.2, and "
             "the versions are TLSv1.3");
}

// Two sources for one table: the library's and ours.
BOOST_AUTO_TEST_CASE(the_suite_registry_agrees_with_the_library) {
  SSL_CTX* context = SSL_CTX_new(TLS_method());
  SSL_CTX_set_security_level(context, 0);
  BOOST_REQUIRE(SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL") == 1);
  SSL_CTX_set_ciphersuites(context,
                           "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:"
                           "TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256");
  const STACK_OF(SSL_CIPHER)* all = SSL_CTX_get_ciphers(context);
  int compared = 0;
  for (int i = 0; i < sk_SSL_CIPHER_num(all); ++i) {
    const SSL_CIPHER* cipher = sk_SSL_CIPHER_value(all, i);
    const tlswire::Suite* ours = tlswire::find_suite(SSL_CIPHER_get_protocol_id(cipher));
    if (ours == nullptr) continue;
    BOOST_TEST_CONTEXT(ours->name) {
      ++compared;
      BOOST_TEST(ours->name == SSL_CIPHER_standard_name(cipher));
      int secret_bits = 0;
      SSL_CIPHER_get_bits(cipher, &secret_bits);
      BOOST_TEST(ours->key_octets() * 8 == static_cast<std::size_t>(secret_bits));
      BOOST_TEST((ours->mode() == tlswire::SuiteMode::aead) == (SSL_CIPHER_is_aead(cipher) == 1));
      BOOST_TEST((ours->exchange == tlswire::KeyExchange::rsa) ==
                 (SSL_CIPHER_get_kx_nid(cipher) == NID_kx_rsa));
      const EVP_MD* prf = SSL_CIPHER_get_handshake_digest(cipher);
      if (prf != nullptr && EVP_MD_get_type(prf) != NID_md5_sha1)
        BOOST_TEST(crypto::octets(ours->prf) == static_cast<std::size_t>(EVP_MD_get_size(prf)));
      const int mac = SSL_CIPHER_get_digest_nid(cipher);
      const std::size_t mac_octets = mac == NID_sha1     ? 20
                                     : mac == NID_sha256 ? 32
                                     : mac == NID_sha384 ? 48
                                     : mac == NID_md5    ? 16
                                                         : 0;
      BOOST_TEST(ours->mac_key_octets() == mac_octets);
    }
  }
  BOOST_TEST(compared > 80);
  SSL_CTX_free(context);
}

BOOST_AUTO_TEST_SUITE_END()
