#include "crypto/certificate.hpp"

#include "base/hex.hpp"
#include "crypto/test_program.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

namespace {

// Made with `openssl req -x509`; what it says below is what `openssl x509` prints of it.
const char* const openssl_certificate = R"(-----BEGIN CERTIFICATE-----
MIIChjCCAe+gAwIBAgIIAQIDBAUGBwgwDQYJKoZIhvcNAQELBQAwQDEQMA4GA1UE
CgwHRXhhbXBsZTETMBEGA1UECwwKQsO8cm8sIExhYjEXMBUGA1UEAwwOZ3cuZXhh
bXBsZS5jb20wHhcNMjYxMTIxMDIxODA5WhcNMzcxMTAzMDIxODA5WjBAMRAwDgYD
VQQKDAdFeGFtcGxlMRMwEQYDVQQLDApCw7xybywgTGFiMRcwFQYDVQQDDA5ndy5l
eGFtcGxlLmNvbTCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEAwhVD2V+szB9N
folOEEaTd7r64/HbH1S8UVv+n775E+gp3Kz9UhJTL0ZYWVu7L+WxeUZY1LxoVp5O
6GphlsAulcqLEjGYLY5VOdf3Gfet1lIZ8sxfek7ekpm8mPStpsAovNcyRmYTfCaW
3DLRUroXjPRjPv9Z7EUjxvGI3kafkusCAwEAAaOBiDCBhTAPBgNVHRMBAf8EBTAD
AQH/MFMGA1UdEQRMMEqCDmd3LmV4YW1wbGUuY29thg9zaXA6ZXhhbXBsZS5jb22H
BMAAAgeCD2FsdC5leGFtcGxlLmNvbYcQIAENuAAAAAAAAAAAAAAABzAdBgNVHQ4E
FgQUQp1gdeMTl73tfEGMLrtGfY6l8gowDQYJKoZIhvcNAQELBQADgYEAkld6XTaA
4uoWfgKyoDMBZk58mfRyi1wvRGd2lniPZfnKU44LYgMAMtOGb4iv5h/3Mp47Xx4o
w/CVmtgESvR3pBakHR9VgdtATfcKlLGa6b5YHRMFtnoDAv6zo4tKnihBQU3p6QXV
LaKVnvzTXUihj9yx8BmFJroPztACV14GdFc=
-----END CERTIFICATE-----
)";
const char* const openssl_fingerprint = "a64d4a77fc9dac6690afca61cd75c9d6d25eec235a91c20bb5a3ad1734d3aeb4";
constexpr long openssl_not_before = 1795227489;
constexpr long openssl_not_after = 2140827489;

} // namespace

BOOST_AUTO_TEST_SUITE(certificate)

BOOST_AUTO_TEST_CASE(reads_what_openssl_wrote) {
  const auto parsed =
      parse_certificates_pem(std::string("Certificate:\n  Data:\n") + openssl_certificate).value();
  BOOST_REQUIRE(parsed.size() == 1u);
  const Certificate& it = parsed.front();
  BOOST_TEST(it.subject == "CN=gw.example.com,OU=Büro\\, Lab,O=Example");
  BOOST_TEST(it.issuer == it.subject);
  BOOST_TEST(it.common_name == "gw.example.com");
  BOOST_TEST(it.serial == "0102030405060708");
  BOOST_TEST((it.dns_names == std::vector<std::string>{"gw.example.com", "alt.example.com"}));
  BOOST_TEST((it.uris == std::vector<std::string>{"sip:example.com"}));
  BOOST_TEST((it.ip_addresses == std::vector<std::string>{"192.0.2.7", "2001:db8::7"}));
  BOOST_TEST((it.key_type == KeyType::rsa));
  BOOST_TEST(it.key_bits == 1024u);
  BOOST_TEST(!it.curve.has_value());
  BOOST_TEST(it.is_ca);
  BOOST_TEST(!it.path_length.has_value());
  BOOST_TEST(!it.key_usage.has_value());
  BOOST_TEST(allows(it, KeyUsage::digital_signature));
  BOOST_TEST(!it.purposes.has_value());
  BOOST_TEST(allows(it, purpose::server));
  BOOST_TEST(it.signature_algorithm == "sha256WithRSAEncryption");
  BOOST_TEST(to_hex(fingerprint_sha256(it)) == openssl_fingerprint);
  BOOST_TEST((it.not_before == Instant{std::chrono::seconds(openssl_not_before)}));
  BOOST_TEST((it.not_after == Instant{std::chrono::seconds(openssl_not_after)}));
  BOOST_TEST(to_pem(it) == openssl_certificate);
}

BOOST_AUTO_TEST_CASE(reads_usages_that_openssl_wrote) {
  const Scratch scratch;
  scratch.openssl(
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -sha384 -subj /CN=x -keyout key "
      "-out certificate -addext keyUsage=keyCertSign,digitalSignature,decipherOnly "
      "-addext extendedKeyUsage=clientAuth,1.2.3.4 -addext basicConstraints=CA:TRUE,pathlen:3");
  const auto all = parse_certificates_pem(scratch.read("certificate"));
  BOOST_REQUIRE(all);
  const Certificate& it = all->front();
  BOOST_TEST((it.curve == Group::secp384r1));
  BOOST_TEST(names_of(it.key_usage.value()) == "digitalSignature, keyCertSign, decipherOnly");
  BOOST_TEST(allows(it, KeyUsage::key_cert_sign));
  BOOST_TEST(!allows(it, KeyUsage::key_encipherment));
  BOOST_TEST((it.purposes == std::vector<std::string>{"clientAuth", "1.2.3.4"}));
  BOOST_TEST(allows(it, purpose::client));
  BOOST_TEST(!allows(it, purpose::server));
  BOOST_TEST(allows(it, "1.2.3.4"));
  BOOST_TEST((it.path_length == 3));
  BOOST_TEST(it.signature_algorithm == "ecdsa-with-SHA384");
  Certificate for_any = it;
  for_any.purposes = {std::string(purpose::any)};
  BOOST_TEST(allows(for_any, purpose::server));
}

BOOST_AUTO_TEST_CASE(validity_has_both_ends_in_it) {
  const Certificate it = parse_certificates_pem(openssl_certificate).value().front();
  BOOST_TEST(is_valid_at(it, it.not_before));
  BOOST_TEST(!is_valid_at(it, it.not_before - Duration(1)));
  BOOST_TEST(is_valid_at(it, it.not_after + std::chrono::milliseconds(999)));
  BOOST_TEST(!is_valid_at(it, it.not_after + std::chrono::seconds(1)));
}

BOOST_AUTO_TEST_CASE(broken_certificates) {
  const Certificate it = parse_certificates_pem(openssl_certificate).value().front();
  for (std::size_t size = 0; size < it.der.size(); size += 7)
    BOOST_TEST(!parse_certificate(ByteView(it.der).first(size)));
  Bytes longer = it.der;
  longer.push_back(0);
  BOOST_TEST((parse_certificate(longer).error().offset == it.der.size()));
  BOOST_TEST(!parse_certificates_pem("none here"));
}

BOOST_AUTO_TEST_SUITE_END()
