#include "crypto/certificate_text.hpp"

#include "crypto/lab_ca.hpp"
#include "crypto/test_program.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

namespace {

// Every field has its value.
Certificate sample() {
  Certificate it;
  it.subject = "CN=gw";
  it.issuer = "CN=a CA";
  it.serial = "0A1B";
  it.not_before = Instant{std::chrono::seconds(1767225600)};
  it.not_after = Instant{std::chrono::seconds(1767225600 + 86399)};
  it.dns_names = {"gw.example.com", "alt.example.com"};
  it.uris = {"sip:example.com"};
  it.ip_addresses = {"192.0.2.1"};
  it.key_type = KeyType::rsa;
  it.key_bits = 2048;
  it.key_usage = {KeyUsage::digital_signature, KeyUsage::key_encipherment};
  it.purposes = {"serverAuth", "1.2.3"};
  it.signature_algorithm = "sha256WithRSAEncryption";
  return it;
}

} // namespace

BOOST_AUTO_TEST_SUITE(certificate_text)

BOOST_AUTO_TEST_CASE(says_every_field) {
  const std::string expected = R"(Certificate
    Subject:             CN=gw
    Issuer:              CN=a CA
    Serial number:       0A1B
    Valid from:          2026-01-01T00:00:00Z
    Valid to:            2026-01-01T23:59:59Z
    Names:               URI sip:example.com, DNS gw.example.com, DNS alt.example.com, IP 192.0.2.1
    Key:                 RSA, 2048 bits
    CA:                  no
    Key usage:           digitalSignature, keyEncipherment
    Extended key usage:  serverAuth, 1.2.3
    Signature:           sha256WithRSAEncryption
    SHA-256 fingerprint: E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55
)";
  BOOST_TEST(crypto::certificate_text(sample()) == expected);
}

BOOST_AUTO_TEST_CASE(leaves_out_what_is_not_there) {
  Certificate it = sample();
  it.dns_names.clear();
  it.uris.clear();
  it.ip_addresses.clear();
  it.key_usage.reset();
  it.purposes.reset();
  it.key_type = KeyType::ec;
  it.curve = Group::secp384r1;
  it.is_ca = true;
  it.path_length = 1;
  const std::string text = crypto::certificate_text(it);
  for (const char* label : {"Names:", "Key usage:", "Extended key usage:"})
    BOOST_TEST(text.find(label) == std::string::npos, label);
  BOOST_TEST(text.find("    Key:                 EC, secp384r1\n") != std::string::npos);
  BOOST_TEST(text.find("    CA:                  yes, with at most 1 below it\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_cannot_break_out_of_their_line) {
  BOOST_TEST(one_line("a-b--c----d") == "a-b--c----d");
  BOOST_TEST(one_line("-----BEGIN X------") == "\\2D\\2D\\2D\\2D\\2DBEGIN X\\2D\\2D\\2D\\2D\\2D\\2D");
  BOOST_TEST(one_line("a\nb\x1b\x7f") == "a\\0Ab\\1B\\7F");
  BOOST_TEST(one_line("B\xc3\xbcro") == "B\xc3\xbcro");
  BOOST_TEST(one_line("") == "");
}

BOOST_AUTO_TEST_CASE(pem_readers_skip_the_text) {
  SeededRandom random(91);
  LabCa ca = LabCa::create(random, Instant{}, "-----BEGIN CERTIFICATE-----", 1024).value();
  LabCa::Request request{.common_name = "x", .dns_names = {"-----BEGIN CERTIFICATE-----"}, .rsa_bits = 1024};
  request.uris = {"sip:a\n-----BEGIN CERTIFICATE-----\n"};
  const Identity identity = ca.issue(request).value();
  const Certificate leaf = parse_certificates_pem(identity.certificate_pem).value().front();
  const std::string text = pem_with_text(std::vector{leaf, ca.certificate()});
  const auto back = parse_certificates_pem(text);
  BOOST_REQUIRE(back);
  BOOST_REQUIRE(back->size() == 2u);
  BOOST_TEST((back->front().der == leaf.der));
  const Scratch scratch;
  scratch.write("store", text);
  scratch.write("leaf", to_pem(leaf));
  BOOST_TEST(scratch.openssl("verify -attime 0 -CAfile store leaf") == "leaf: OK\n");
  BOOST_TEST(scratch.openssl("x509 -noout -subject -in store") == "subject=CN = x\n");
}

BOOST_AUTO_TEST_SUITE_END()
