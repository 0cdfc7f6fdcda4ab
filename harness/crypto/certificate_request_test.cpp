#include "crypto/certificate_request.hpp"

#include "crypto/pem.hpp"
#include "crypto/test_program.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

namespace {

const RequestContents contents{.subject = {{"C", "DE"}, {"O", "Lab"}, {"CN", "gw.example.com"}},
                               .dns_names = {"gw.example.com", "alt.example.com"},
                               .uris = {"sip:example.com"},
                               .ips = {"192.0.2.1", "2001:db8::1"}};

} // namespace

BOOST_AUTO_TEST_SUITE(certificate_request)

BOOST_AUTO_TEST_CASE(the_openssl_program_reads_ours) {
  SeededRandom random(61);
  const Scratch scratch;
  for (const PrivateKey& key :
       {PrivateKey::generate_rsa(1024, random).value(),
        PrivateKey::generate_ec(Group::secp256r1, random).value(), PrivateKey::generate_ed25519(random)}) {
    const std::string pem = make_certificate_request(key, contents, random).value();
    scratch.write("request", pem);
    BOOST_TEST(scratch.openssl("req -verify -noout -in request") ==
               "Certificate request self-signature verify OK\n");
    BOOST_TEST(scratch.openssl("req -noout -subject -nameopt RFC2253 -in request") ==
               "subject=CN=gw.example.com,O=Lab,C=DE\n");
    const std::string text = scratch.openssl("req -noout -text -in request");
    BOOST_TEST(
        text.find("DNS:gw.example.com, DNS:alt.example.com, URI:sip:example.com, IP Address:192.0.2.1, "
                  "IP Address:2001:DB8:0:0:0:0:0:1") != std::string::npos);
    const CertificateRequest back = parse_certificate_request_pem(pem).value();
    BOOST_TEST(back.is_signed_by_its_key);
    BOOST_TEST(back.subject == "CN=gw.example.com,O=Lab,C=DE");
    BOOST_TEST(back.common_name == "gw.example.com");
    BOOST_TEST((back.dns_names == contents.dns_names));
    BOOST_TEST((back.uris == contents.uris));
    BOOST_TEST((back.ip_addresses == contents.ips));
    BOOST_TEST((back.public_key_der == key.public_key_der()));
    BOOST_TEST((back.key_type == key.type()));
    BOOST_TEST((back.curve == key.curve()));
    BOOST_TEST(back.key_bits == key.bits());
  }
}

BOOST_AUTO_TEST_CASE(we_read_the_openssl_programs) {
  const Scratch scratch;
  scratch.openssl(
      "req -new -newkey rsa:1024 -nodes -sha1 -subj /C=US/O=Acme/CN=gw.acme.example -keyout key -out request "
      "-addext subjectAltName=URI:sip:acme.example,IP:198.51.100.7");
  const CertificateRequest it =
      parse_certificate_request_pem("a request:\n" + scratch.read("request")).value();
  BOOST_TEST(it.subject == "CN=gw.acme.example,O=Acme,C=US");
  BOOST_TEST((it.uris == std::vector<std::string>{"sip:acme.example"}));
  BOOST_TEST((it.ip_addresses == std::vector<std::string>{"198.51.100.7"}));
  BOOST_TEST(it.dns_names.empty());
  BOOST_TEST(it.signature_algorithm == "sha1WithRSAEncryption");
  BOOST_TEST(it.key_bits == 1024u);
  BOOST_TEST(it.is_signed_by_its_key);
}

BOOST_AUTO_TEST_CASE(digests_as_asked_for) {
  SeededRandom random(62);
  const PrivateKey key = PrivateKey::generate_rsa(1024, random).value();
  RequestContents old = contents;
  old.digest = Hash::sha1;
  const auto made = parse_certificate_request_pem(make_certificate_request(key, old, random).value()).value();
  BOOST_TEST(made.signature_algorithm == "sha1WithRSAEncryption");
}

BOOST_AUTO_TEST_CASE(a_request_without_names_has_none) {
  SeededRandom random(63);
  const PrivateKey key = PrivateKey::generate_ec(Group::secp256r1, random).value();
  const auto made =
      parse_certificate_request_pem(make_certificate_request(key, {.subject = {{"CN", "x"}}}, random).value())
          .value();
  BOOST_TEST(made.dns_names.empty());
  BOOST_TEST(made.uris.empty());
  BOOST_TEST(made.ip_addresses.empty());
}

BOOST_AUTO_TEST_CASE(a_changed_request_is_noticed) {
  SeededRandom random(64);
  const PrivateKey key = PrivateKey::generate_rsa(1024, random).value();
  CertificateRequest it =
      parse_certificate_request_pem(make_certificate_request(key, contents, random).value()).value();
  it.der.back() ^= 1;
  BOOST_TEST(!parse_certificate_request(it.der).value().is_signed_by_its_key);
}

BOOST_AUTO_TEST_CASE(what_is_no_request_is_refused) {
  SeededRandom random(65);
  const PrivateKey key = PrivateKey::generate_ec(Group::secp256r1, random).value();
  const CertificateRequest it =
      parse_certificate_request_pem(make_certificate_request(key, contents, random).value()).value();
  for (std::size_t size = 0; size < it.der.size(); size += 5)
    BOOST_TEST(!parse_certificate_request(ByteView(it.der).first(size)));
  Bytes longer = it.der;
  longer.push_back(0);
  BOOST_TEST((parse_certificate_request(longer).error().offset == it.der.size()));
  BOOST_TEST(parse_certificate_request_pem("none").error().what ==
             "there is no request: expected a PEM block CERTIFICATE REQUEST");
  const auto broken = parse_certificate_request_pem("text\n" + to_pem("CERTIFICATE REQUEST", Bytes(10)));
  BOOST_TEST((broken.error().offset == 5u));
  RequestContents wrong = contents;
  wrong.ips = {"nowhere"};
  BOOST_TEST(make_certificate_request(key, wrong, random).error().what ==
             "expected an IP address, got \"nowhere\"");
  wrong = contents;
  wrong.dns_names = {"b\xc3\xbcro.example"};
  BOOST_TEST(make_certificate_request(key, wrong, random).error().what ==
             "expected a name of ASCII characters, got \"b\xc3\xbcro.example\"");
  wrong = contents;
  wrong.subject = {{"CN", ""}};
  BOOST_TEST(!make_certificate_request(key, wrong, random));
}

BOOST_AUTO_TEST_SUITE_END()
