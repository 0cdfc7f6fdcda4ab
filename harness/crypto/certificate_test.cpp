#include "crypto/certificate.hpp"

#include "base/hex.hpp"
#include "base/random.hpp"
#include "crypto/lab_ca.hpp"

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
  BOOST_TEST(to_hex(fingerprint_sha256(it)) == openssl_fingerprint);
  BOOST_TEST((it.not_before == Instant{std::chrono::seconds(openssl_not_before)}));
  BOOST_TEST((it.not_after == Instant{std::chrono::seconds(openssl_not_after)}));
  BOOST_TEST(to_pem(it) == openssl_certificate);
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

BOOST_AUTO_TEST_SUITE(lab_ca)

BOOST_AUTO_TEST_CASE(issues_what_was_asked_for) {
  SeededRandom random(1);
  const Instant now{std::chrono::seconds(1767225600)};
  LabCa ca = LabCa::create(random, now, "a CA", 1024).value();
  const Certificate root = parse_certificates_pem(ca.root_pem()).value().front();
  BOOST_TEST(root.is_ca);
  BOOST_TEST(root.is_self_issued());
  LabCa::Request request;
  request.common_name = "phone";
  request.dns_names = {"phone.example.com"};
  request.uris = {"sip:phone@example.com"};
  request.ips = {"192.0.2.9", "2001:db8::9"};
  request.rsa_bits = 1024;
  const Identity identity = ca.issue(request).value();
  const Certificate leaf = parse_certificates_pem(identity.certificate_pem).value().front();
  BOOST_TEST(leaf.subject == "CN=phone");
  BOOST_TEST(leaf.issuer == "CN=a CA");
  BOOST_TEST((leaf.dns_names == request.dns_names));
  BOOST_TEST((leaf.uris == request.uris));
  BOOST_TEST((leaf.ip_addresses == request.ips));
  BOOST_TEST(!leaf.is_ca);
  BOOST_TEST(leaf.key_bits == 1024u);
  BOOST_TEST(is_valid_at(leaf, now));
  BOOST_TEST(is_for_key(leaf, PrivateKey::from_pem(identity.private_key_pem).value()));
  BOOST_TEST(!is_for_key(leaf, PrivateKey::from_pem(ca.root_key_pem()).value()));
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_octets) {
  const Instant now{std::chrono::seconds(1767225600)};
  std::vector<std::string> made;
  for (const std::uint64_t seed : {5u, 5u, 6u}) {
    SeededRandom random(seed);
    LabCa ca = LabCa::create(random, now, "a CA", 1024).value();
    const Identity identity = ca.issue({.common_name = "x", .rsa_bits = 1024}).value();
    made.push_back(ca.root_pem() + identity.certificate_pem + identity.private_key_pem);
  }
  BOOST_TEST(made[0] == made[1]);
  BOOST_TEST(made[0] != made[2]);
}

BOOST_AUTO_TEST_CASE(refuses_what_has_no_place) {
  SeededRandom random(1);
  BOOST_TEST(!LabCa::create(random, Instant{}, "", 1024));
  BOOST_TEST(!LabCa::create(random, Instant{}, std::string(65, 'x'), 1024));
  BOOST_TEST(!LabCa::create(random, Instant{}, "x", 100));
  LabCa ca = LabCa::create(random, Instant{}, "x", 1024).value();
  BOOST_TEST(!ca.issue({.common_name = "y", .ips = {"not an address"}, .rsa_bits = 1024}));
}

BOOST_AUTO_TEST_SUITE_END()
